"""References as a reader meets them: names, short names, letters after a year."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from guidebook import citations
from guidebook.citations import references
from guidebook.register import Finding, Source, Study

FINDING = Finding("a-1", "A fact.", (), "trend", "2026-11-24", "a")


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


@pytest.mark.parametrize(
    "fields, entry",
    [
        ({"title": "Victim Identification Toolkit"}, "<i>Victim Identification Toolkit</i>. (2012)."),
        ({"title": "What do they know?", "type": "article", "container": "Frontiers"}, "What do they know? (2012). <i>Frontiers</i>."),
        ({"title": "Leaving care", "title_is_description": True}, "[Leaving care]. (2012)."),
        ({"title": "The role of attachés", "container": "Policy Brief 1"}, "The role of attachés. (2012). In <i>Policy Brief 1</i>."),
        ({"title": "Leaving care", "year": None, "url": "https://care.example"}, '<i>Leaving care</i>. (n.d.). <a href="https://care.example">https://care.example</a>'),
    ],
)
def test_a_work_without_author_says_its_title_once(fields, entry):
    assert references((dataclasses.replace(source("a"), **fields),))["a"].entry == entry


def test_a_title_that_begins_with_its_author_is_said():
    whole = dataclasses.replace(source("a", "Council of Europe"), title="Council of Europe Convention")
    assert references((whole,))["a"].entry == "Council of Europe. (2012). <i>Council of Europe Convention</i>."


def test_a_work_without_a_year_says_where_it_is_and_no_day_of_a_visit():
    undated = dataclasses.replace(source("a", "Kiss, Ligia", year=None), url="https://health.example/a")
    entry = references((undated,))["a"].entry
    assert "(n.d.)" in entry and entry.endswith('<a href="https://health.example/a">https://health.example/a</a>')
    assert "Retrieved" not in entry


@pytest.mark.parametrize("container", ["Anti-Trafficking Review, issue 10, 70-87", "Anti-Trafficking Review, (10), 70-87"])
def test_a_journal_that_counts_issues_alone(container):
    one = dataclasses.replace(source("a", "Surtees, Rebecca"), type="article", container=container)
    assert references((one,))["a"].entry.endswith("<i>Anti-Trafficking Review</i>, (10), 70–87.")


def test_names_keep_their_second_halves_and_generations():
    one = source("a", "Yuen, Kwan-hok", "Quinley, John H., III", "Juabsamai, Kamolwan 'Juli'")
    assert references((one,))["a"].entry.startswith("Yuen, K.-H., Quinley, J. H., III, &amp; Juabsamai, K. (2012).")


@pytest.mark.parametrize("title, end", [("What works?", "<i>What works?</i>"), ("We listen.", "<i>We listen</i>."), ("Feeling bad...", "<i>Feeling bad...</i>.")])
def test_a_title_has_one_mark_at_its_end(title, end):
    assert references((source("a", "Hames, Carolina", title=title),))["a"].entry.endswith(end)


def test_a_body_that_published_its_own_work_is_named_once():
    entry = references((dataclasses.replace(source("a", "Sanjog"), publisher="Sanjog"),))["a"].entry
    assert entry == "Sanjog. (2012). <i>Title of a</i>."
    other = references((dataclasses.replace(source("a", "Sanjog"), publisher="UNODC"),))["a"].entry
    assert other.endswith(". UNODC.")


def test_kept_references_are_those_that_would_be_made(tmp_path, monkeypatch):
    some = (source("a", "Kiss, Ligia", "Zimmerman, Cathy"), source("b", "International Labour Organization"))
    made = citations.references(some)
    assert citations.kept_references.__wrapped__(some, tmp_path) == made
    monkeypatch.setattr(citations, "references", lambda sources: pytest.fail("they were kept"))
    kept = citations.kept_references.__wrapped__(some, tmp_path)
    assert list(kept.items()) == list(made.items()), "in the same order too"


@pytest.mark.parametrize("change", ["finding", "title", "style", "code"])
def test_nothing_kept_is_used_after_a_change(tmp_path, monkeypatch, change):
    one = source("a", "Kiss, Ligia")
    before = citations._fingerprint((one,))
    match change:
        case "finding":
            one = dataclasses.replace(one, findings=(dataclasses.replace(FINDING, fact="another"),))
        case "title":
            one = dataclasses.replace(one, title=one.title + "s")
        case "style":
            style = tmp_path / "apa.csl"
            style.write_bytes(Path(citations.get_style_filepath("apa")).read_bytes() + b" ")
            monkeypatch.setattr(citations, "get_style_filepath", lambda name: str(style))
        case "code":
            monkeypatch.setattr(citations, "version", lambda package: "99")
    assert citations._fingerprint((one,)) != before


@pytest.mark.parametrize("content", ["", "[]x", '[{"key": 1}]', "{}", "\x00"])
def test_a_spoilt_cache_is_made_again(tmp_path, content):
    some = (source("a", "Kiss, Ligia"),)
    made = citations.kept_references.__wrapped__(some, tmp_path)
    next(tmp_path.glob("*.json")).write_text(content, encoding="utf-8")
    assert citations.kept_references.__wrapped__(some, tmp_path) == made


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path):
    (tmp_path / "file").touch()
    some = (source("a", "Kiss, Ligia"),)
    assert citations.kept_references.__wrapped__(some, tmp_path / "file") == citations.references(some)
