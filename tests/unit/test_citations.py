"""References as a reader meets them: names, short names, letters after a year."""

from __future__ import annotations

from guidebook.citations import references
from guidebook.register import Source, Study


def source(key: str, *authors: str, year: int | None = 2012, title: str = "") -> Source:
    return Source(
        key=key, type="report", authors=authors, year=year, title=title or f"Title of {key}", container="", publisher="",
        place="", doi="", url="", seen="abstract", study=Study(), findings=(), guides=("identification",),
        title_is_description=False,
    )  # fmt: skip


def test_a_known_body_is_introduced_once_and_short_afterwards():
    reference = references((source("a", "International Labour Organization"),))["a"]
    assert reference.introduction == "International Labour Organization [ILO], 2012"
    assert reference.short == "ILO, 2012"


def test_one_body_is_one_author_with_and_without_its_initials():
    both = references((source("a", "International Labour Organization (ILO)"), source("b", "International Labour Organization")))
    assert sorted(reference.label for reference in both.values()) == [
        "International Labour Organization, 2012a", "International Labour Organization, 2012b",
    ]  # fmt: skip


def test_a_person_has_no_short_name():
    reference = references((source("a", "Kiss, Ligia", "Zimmerman, Cathy"),))["a"]
    assert reference.introduction == reference.short == reference.label == "Kiss & Zimmerman, 2012".replace("&", "&amp;")


def test_a_country_in_brackets_is_no_short_name():
    reference = references((source("a", "Independent Anti-Slavery Commissioner (United Kingdom)"),))["a"]
    assert reference.short == "Independent Anti-Slavery Commissioner (United Kingdom), 2012"


def test_a_work_without_author_is_cited_by_the_first_words_of_its_title():
    reference = references((source("a", title="Lost in Salvation: How the Current Systems Fail Survivors"),))["a"]
    assert reference.label == "“Lost in Salvation: How …”, 2012"
    toolkit = references((source("b", title="Victim Identification Toolkit (Hong Kong; serialised)"),))["b"]
    assert toolkit.label == "“Victim Identification Toolkit …”, 2012"
