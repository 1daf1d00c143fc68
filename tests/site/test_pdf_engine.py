"""What we change in the engine makes it quicker and changes no page: a guide, with the engine as it comes and as we use it."""

from __future__ import annotations

import subprocess
import sys

import pikepdf
import pytest
from test_pdf import destinations, outline

from guidebook.compose import compose
from guidebook.pdf import render

AS_IT_COMES = """
import sys, weasyprint
from pathlib import Path
document, styles = Path(sys.argv[1]).read_text(encoding="utf-8"), Path(sys.argv[2])
weasyprint.HTML(string=document, base_url=styles.as_uri() + "/").write_pdf(
    sys.argv[3], stylesheets=[str(styles / "print.css")], pdf_variant="pdf/ua-1", pdf_forms=True)
"""


@pytest.fixture(scope="module")
def pair(series, site, tmp_path_factory):
    """Two PDFs of the same document: the engine's own and ours."""
    folder = tmp_path_factory.mktemp("engine")
    document = compose(series, series.guides[0], site)
    (folder / "guide.html").write_text(document, encoding="utf-8")
    # A process of its own: once changed, the engine stays changed.
    subprocess.run(
        [sys.executable, "-c", AS_IT_COMES, str(folder / "guide.html"), str(series.docs / "assets" / "styles"), str(folder / "its.pdf")],
        check=True, capture_output=True,
    )  # fmt: skip
    render(series, document, folder / "ours.pdf")
    return folder / "its.pdf", folder / "ours.pdf"


def test_every_word_stands_where_the_engine_puts_it(pair):
    its, ours = (subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, check=True).stdout for file in pair)
    assert its.count("<word") > 10_000
    assert ours == its


def kinds(pdf) -> list[str]:
    """The kinds of the elements for readers who listen, in their order."""
    found, waiting = [], [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        found.append(str(element.get("/S", "")))
        inner = element.get("/K")
        inner = list(inner) if isinstance(inner, pikepdf.Array) else [inner]
        waiting += [one for one in reversed(inner) if isinstance(one, pikepdf.Dictionary)]
    return found


def links(pdf) -> list[tuple[int, str, tuple[int, ...]]]:
    """Page, target and place of each link and field."""
    return [
        (number, str(note.get("/Dest", note.get("/A", {}).get("/URI", note.get("/T", "")))), tuple(sorted(round(float(value)) for value in note.Rect)))
        for number, page in enumerate(pdf.pages)
        for note in page.get("/Annots", [])
    ]


def test_bookmarks_links_fields_and_tags_are_the_engines(pair):
    with pikepdf.open(pair[0]) as its, pikepdf.open(pair[1]) as ours:
        assert outline(ours) == outline(its)
        assert destinations(ours) == destinations(its)
        assert len(links(its)) > 300 and links(ours) == links(its)
        assert len(kinds(its)) > 3000 and kinds(ours) == kinds(its)


def test_it_weighs_no_more_and_holds_each_face_once(pair):
    """The engine's file is compressed as well as it can; ours has mended fields besides."""
    its, ours = (file.stat().st_size for file in pair)
    assert ours < 1.02 * its
    with pikepdf.open(pair[1]) as pdf:
        faces = [one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream) and "/Length1" in one]
    assert len(faces) == len(set(faces))
