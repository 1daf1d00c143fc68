"""Print documents to PDFs: workbooks, forms, the handbook for facilitators. The only module that knows the engine, WeasyPrint.

WeasyPrint gives tags, bookmarks, contents page numbers and form fields in one file; pikepdf then gives the
fields names that a person understands, which WeasyPrint takes from the HTML name.
"""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
import time
from importlib.metadata import version
from pathlib import Path

from lxml import html

from guidebook import handbook
from guidebook.compose import PrintError, compose
from guidebook.forms import FEEDBACK, compose_evaluation, compose_feedback
from guidebook.series import Guide, Series

PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def _labels(document: str) -> dict[str, tuple[str, bool]]:
    """Field name -> the words that describe it and whether it takes several lines, from the composed document."""
    tree = html.fromstring(document)
    return {
        field.get("name"): (field.get("aria-label") or field.get("name"), field.tag == "textarea")
        for field in tree.xpath("//textarea[@name] | //input[@name]")
    }


def _fingerprint(series: Series, document: str) -> str:
    """What the PDF depends on: the document, the sheet, the fonts, this module and the engine's version."""
    digest = hashlib.sha256(document.encode())
    assets = series.docs / "assets"
    files = [assets / "styles" / "print.css", *sorted((assets / "fonts" / "print").glob("*.woff2")), Path(__file__)]
    for file in files:
        digest.update(file.read_bytes())
    for package in ("weasyprint", "pikepdf", "pydyf"):
        digest.update(version(package).encode())
    return digest.hexdigest()


def engine():
    """The WeasyPrint module. Raises PrintError if the machine lacks Pango, and says what brings it."""
    try:
        import weasyprint
    except OSError as error:  # a shared library is missing: say which package brings it
        missing = re.sub(r"\s+", " ", str(error)).split(":")[0]
        raise PrintError(f"PDFs and pictures need Pango, which is not installed ({missing}). Run: apt-get install {PANGO}") from None
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return weasyprint


def render(series: Series, document: str, target: Path) -> None:
    """Render one composed document to `target`. Raises PrintError if the machine lacks Pango."""
    base = (series.docs / "assets" / "styles").as_uri() + "/"
    engine().HTML(string=document, base_url=base).write_pdf(
        str(target),
        # By path: a CSS object made here would not share the document's fonts.
        stylesheets=[str(series.docs / "assets" / "styles" / "print.css")],
        pdf_variant="pdf/ua-1",
        pdf_forms=True,
        pdf_identifier=hashlib.md5(document.encode(), usedforsecurity=False).digest(),
        custom_metadata=False,
    )
    _name_fields(target, _labels(document))


def _name_fields(file: Path, labels: dict[str, tuple[str, bool]]) -> None:
    import pikepdf

    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        form = pdf.Root.get("/AcroForm")
        for field in form.Fields if form is not None else []:
            words, several_lines = labels.get(str(field.get("/T", "")), ("", False))
            if words:
                field.TU = pikepdf.String(words)
            if field.get("/FT") == "/Tx" and several_lines:
                # Multi-line; a type size that fits 8 mm rules.
                field.Ff = int(field.get("/Ff", 0)) | (1 << 12)
        _scope_headers(pdf.Root.get("/StructTreeRoot"))
        pdf.save(file, deterministic_id=True, linearize=False)


def _scope_headers(node) -> None:
    """Give each header cell its scope: WeasyPrint links cells to headers by id, PDF/UA checkers ask for /Scope."""
    import pikepdf

    stack = [node] if node is not None else []
    while stack:
        element = stack.pop()
        if element.get("/S") == "/TH":
            scope = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Column)
            known = element.get("/A")
            if known is None:
                element.A = scope
            elif isinstance(known, pikepdf.Array):
                known.append(scope)
            else:
                element.A = pikepdf.Array([known, scope])
        kids = element.get("/K")
        if isinstance(kids, pikepdf.Array):
            stack += [kid for kid in kids if isinstance(kid, pikepdf.Dictionary)]
        elif isinstance(kids, pikepdf.Dictionary):
            stack.append(kids)


def build_pdf(series: Series, guide: Guide, site: Path) -> Path:
    """The workbook of `guide` at `site/downloads/<guide>.pdf`, from the built pages in `site`.

    Raises PrintError with a line for the author or the machine's owner.
    """
    return keep(series, guide.slug, compose(series, guide, site), site)


def build_evaluation(series: Series, guide: Guide, site: Path) -> Path:
    """The evaluation form of `guide` with its key, at `site/downloads/<guide>-evaluation.pdf`. Raises PrintError."""
    return keep(series, f"{guide.slug}-evaluation", compose_evaluation(series, guide, site), site)


def build_feedback(series: Series, site: Path) -> Path:
    """The feedback form at `site/downloads/feedback.pdf`. Raises PrintError."""
    return keep(series, FEEDBACK, compose_feedback(series, site), site)


def build_handbook(series: Series, site: Path) -> Path:
    """The handbook for facilitators in `site/downloads/`. Raises PrintError."""
    return keep(series, handbook.NAME, handbook.compose_handbook(series, site), site)


def keep(series: Series, name: str, document: str, site: Path) -> Path:
    """Render a composed document to `site/downloads/<name>.pdf`, or take the last rendering of an unchanged one.

    Renderings are kept in `.cache/pdf/`, one a name. Raises PrintError if the machine lacks Pango.
    """
    started = time.perf_counter()
    target = site / "downloads" / f"{name}.pdf"
    target.parent.mkdir(parents=True, exist_ok=True)
    cache = series.root / ".cache" / "pdf"
    print_of = _fingerprint(series, document)[:16]
    kept = cache / f"{name}-{print_of}.pdf"
    if kept.exists():
        shutil.copyfile(kept, target)
        print(f"  {target.name}: unchanged", flush=True)
        return target
    print(f"  {target.name}: rendering ...", flush=True)
    cache.mkdir(parents=True, exist_ok=True)
    draft = cache / f"{name}.part"
    render(series, document, draft)
    for old in cache.glob(f"{name}-{'?' * len(print_of)}.pdf"):
        old.unlink()
    draft.replace(kept)
    shutil.copyfile(kept, target)
    size = target.stat().st_size / 1e6
    print(f"  {target.name}: {size:.1f} MB in {time.perf_counter() - started:.1f} s", flush=True)
    return target
