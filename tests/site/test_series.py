"""The guides as one: the volume that holds them all, the pages for roles and themes, and what they share."""

from __future__ import annotations

import pdfua
import pikepdf
import pytest

from guidebook import rules


@pytest.fixture(scope="module")
def volume(site):
    return site / "downloads" / "series.pdf"


def test_the_volume_holds_every_guide_and_each_field_once(site, series, volume):
    with pikepdf.open(volume) as pdf:
        names = [str(field.T) for field in pdf.Root.AcroForm.Fields]
        with pdf.open_outline() as outline:
            parts = [item.title for item in outline.root]
            chapters = {item.title: [child.title for child in item.children] for item in outline.root}
        pages = len(pdf.pages)
    single = []
    for guide in series.guides:
        with pikepdf.open(site / "downloads" / f"{guide.slug}.pdf") as pdf:
            single += [str(field.T) for field in pdf.Root.AcroForm.Fields]
            pages -= len(pdf.pages)
        assert guide.title in parts
        assert [" ".join(title.split()) for title in chapters[guide.title]] == [page.title for page in guide.chapters]
    assert sorted(names) == sorted(single) and len(names) == len(set(names))
    assert parts[-3:] == ["Notes for facilitators", "Words used in this guide", "References"]
    assert pages < 0, "one list of references and of words in place of four"


def test_the_volume_is_accessible(volume):
    report = pdfua.validate(str(volume))
    found = [f"{f.rule_id}: {f.message}" for f in report.findings if f.severity >= pdfua.Severity.WARNING]
    assert not found, "\n".join(found[:10])


@pytest.mark.parametrize(("folder", "least", "most"), [("roles", 6, 10), ("themes", 6, 10)])
def test_each_page_for_a_role_or_theme_leads_through_several_guides(series, folder, least, most):
    pages = [page for page in series.pages if page.path.parts[0] == folder and page.path.name != "index.md"]
    assert len(pages) == {"roles": 11, "themes": 7}[folder]
    listed = {link.value for link in series.by_path[f"{folder}/index.md"].links}
    for page in pages:
        steps = [line for line in page.lines if line[:2].rstrip(".").isdigit() and "](" in line]
        assert least <= len(steps) <= most, (page.path, len(steps))
        guides = {link.value.split("/")[1] for link in page.links if link.value.startswith("../")}
        assert len(guides) >= 2, page.path
        assert page.path.name in listed


def test_every_chapter_but_the_first_of_a_guide_is_in_the_crosswalk(series):
    for guide in series.guides:
        for page in guide.chapters:
            assert rules.is_about(page, series) or page.meta.get("duties"), page.code
