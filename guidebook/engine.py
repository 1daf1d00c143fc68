"""WeasyPrint as we use it: the same pages in two thirds of the time. Only `pdf` and `pictures` ask for it.

What `tuned()` changes in the engine holds for the release that `requirements/` pins; each change says what it saves.
`tests/site/test_pdf_engine.py` renders a guide with the engine as it comes and compares; `make bench` measures both.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import hashlib
import io
import logging
import os
import re
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

from guidebook.compose import PrintError

PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def engine():
    """The WeasyPrint module. Raises PrintError if the machine lacks Pango, and says what brings it."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints a banner of its own; an author needs one line
            import weasyprint
    except OSError as error:  # a shared library is missing: say which package brings it
        missing = re.sub(r"\s+", " ", str(error)).split(":")[0]
        raise PrintError(f"PDFs and pictures need Pango, which is not installed ({missing}). Run: apt-get install {PANGO}. The site without PDFs: python -m guidebook site --no-pdfs") from None
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return weasyprint


@functools.cache
def plain_font(root: Path, file: Path) -> bytes:
    """A WOFF2 file as plain TrueType; kept in `.cache/fonts/`, because unpacking all faces takes half a second.

    `root` is the project's folder.
    """
    from fontTools.ttLib import woff2

    packed = file.read_bytes()
    kept = root / ".cache" / "fonts" / f"{file.stem}-{hashlib.sha256(packed).hexdigest()[:16]}.ttf"
    if not kept.exists():
        plain = io.BytesIO()
        woff2.decompress(io.BytesIO(packed), plain)
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft = kept.with_suffix(f".{os.getpid()}")  # another process may be at the same face
        draft.write_bytes(plain.getvalue())
        draft.replace(kept)
    return kept.read_bytes()


@contextlib.contextmanager
def no_collection():
    """Without Python's collector of cycles: a document is one large cycle until it is written.

    The collector walks through all of it again and again and finds almost nothing, up to a quarter of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@functools.cache
def tuned() -> SimpleNamespace:
    """The engine's `HTML` and a fetcher of fonts, after the changes below. Raises PrintError as `engine` does."""
    weasyprint = engine()
    import pydyf
    from weasyprint import document
    from weasyprint.css.targets import TargetCollector
    from weasyprint.html import UA
    from weasyprint.text.line_break import Layout
    from weasyprint.urls import URLFetcherResponse

    document.TargetCollector = _resolved_in_one_pass(TargetCollector)
    Layout.setup = _set_up_once(Layout)
    pydyf.PDF.page_references = property(_page_references)
    sheet = weasyprint.CSS(string=without_notes(UA), counter_style={})

    class Document(weasyprint.HTML):
        def _ua_stylesheets(self, forms=False):
            _, *others = super()._ua_stylesheets(forms)
            return [sheet, *others]

    class Fetcher(weasyprint.URLFetcher):
        """Hands out faces unpacked. `root` is the project's folder, which keeps them."""

        def __init__(self, root: Path):
            super().__init__()
            self.root = root

        def fetch(self, url, headers=None):
            if url.startswith("file:") and url.endswith(".woff2"):
                return URLFetcherResponse(url, plain_font(self.root, Path(unquote(urlsplit(url).path))))
            return super().fetch(url, headers)

    return SimpleNamespace(HTML=Document, Fetcher=Fetcher)


def without_notes(sheet: str) -> str:
    """The engine's own sheet less the notes at the foot of a page, of which we have none.

    They give each element five styles of their own: 27,000 in a guide.
    """
    return re.sub(r"(?m)^::(foot)?note-\w+ \{.*\}$", "", sheet)


def _resolved_in_one_pass(collector):
    """A collector of page numbers that settle in two turns; the engine's takes three.

    Of `target-counter(attr(href), page)` it keeps no name of the target, takes the number for one of the page
    that shows it, and lays that page out until nothing changes: also not the count of all pages, which we never print.
    """

    class Collector(collector):
        def collect_missing_counters(self, parent_box, css_token, parse_again_function, missing_counters, missing_target_counters):
            unnamed = missing_target_counters.pop(None, None)
            if unnamed is not None:
                missing_target_counters[parent_box.element.get("href").removeprefix("#")] = unnamed
                if missing_counters is unnamed:
                    missing_counters = []
            super().collect_missing_counters(parent_box, css_token, parse_again_function, missing_counters, missing_target_counters)

        def cache_target_page_counters(self, anchor_name, page_counter_values, page_maker_index, page_maker):
            numbers = {name: values for name, values in page_counter_values.items() if name != "pages"}
            super().cache_target_page_counters(anchor_name, numbers, page_maker_index, page_maker)

    return Collector


def _set_up_once(layout):
    """`Layout.setup` with what depends on the style alone made once a style, and copied for each line of text."""
    from weasyprint.text.ffi import ffi, gobject, pango

    ffi.cdef("PangoLayout * pango_layout_copy (PangoLayout *src);")
    set_up = layout.setup

    def setup(self, style):
        if not hasattr(style, "first_layout"):
            style.first_layout = object.__new__(layout)
            set_up(style.first_layout, style)
        vars(self).update(vars(style.first_layout))
        self.layout = ffi.gc(pango.pango_layout_copy(style.first_layout.layout), gobject.g_object_unref)

    return setup


def _page_references(pdf) -> tuple[bytes, ...]:
    """`pydyf.PDF.page_references`, made once: every tag asks for it."""
    numbers = pdf.pages["Kids"][::3]
    known = getattr(pdf, "_known_references", ())
    if len(known) != len(numbers):
        pdf._known_references = known = tuple(f"{number} 0 R".encode("ascii") for number in numbers)
    return known
