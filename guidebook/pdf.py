"""Print documents to PDFs: workbooks, forms, the handbook for facilitators. `guidebook.engine` knows how it is rendered.

WeasyPrint gives tags, bookmarks, contents page numbers and form fields in one file; pikepdf then gives the
fields names that a person understands, which WeasyPrint takes from the HTML name.
"""

from __future__ import annotations

import gc
import hashlib
import io
import os
import shutil
import time
from importlib.metadata import version
from pathlib import Path

from lxml import html

from guidebook import engine, handbook
from guidebook.compose import compose
from guidebook.engine import no_collection, plain_font, tuned
from guidebook.forms import FEEDBACK, compose_evaluation, compose_feedback
from guidebook.handouts import compose_handouts
from guidebook.series import Guide, Series


def _labels(document: str) -> dict[str, tuple[str, bool]]:
    """Field name -> the words that describe it and whether it takes several lines, from the composed document."""
    tree = html.fromstring(document)
    return {
        field.get("name"): (field.get("aria-label") or field.get("name"), field.tag == "textarea")
        for field in tree.xpath("//textarea[@name] | //input[@name]")
    }


def _fingerprint(series: Series, document: str) -> str:
    """What the PDF depends on: the document, the sheet, the fonts, these modules and the engine's version."""
    digest = hashlib.sha256(document.encode())
    assets = series.docs / "assets"
    files = [assets / "styles" / "print.css", *sorted((assets / "fonts" / "print").glob("*.woff2")), Path(__file__), Path(engine.__file__)]
    for file in files:
        digest.update(file.read_bytes())
    for package in ("weasyprint", "pikepdf", "pydyf"):
        digest.update(version(package).encode())
    return digest.hexdigest()


@no_collection()
def render(series: Series, document: str, target: Path) -> None:
    """Render one composed document to `target`. Raises PrintError if the machine lacks Pango."""
    styles = series.docs / "assets" / "styles"
    weasyprint = tuned()
    weasyprint.HTML(string=document, base_url=styles.as_uri() + "/", url_fetcher=weasyprint.Fetcher(series.root)).write_pdf(
        str(target),
        # By path: a CSS object made here would not share the document's fonts.
        stylesheets=[str(styles / "print.css")],
        pdf_variant="pdf/ua-1",
        pdf_forms=True,
        pdf_identifier=hashlib.md5(document.encode(), usedforsecurity=False).digest(),
        custom_metadata=False,
        uncompressed_pdf=True,  # `_mend` does that, and quicker
    )
    _mend(target, _labels(document), plain_font(series.root, series.docs / "assets" / "fonts" / "print" / FORM_FONT))


# What readers type appears in this font: 11 pt, on the 8 mm rules of the notepads.
FORM_FONT, FORM_SIZE, FORM_LINE = "source-sans-3-latin-400-normal.woff2", 11, 22.68  # points; 8 mm is 22.68


def _mend(file: Path, labels: dict[str, tuple[str, bool]], font: bytes) -> None:
    """Give the fields what WeasyPrint does not: human names, a font to type in, boxes that every reader accepts.

    What it left uncompressed is compressed here: as small, and in a quarter of the time.
    """
    import pikepdf

    pikepdf.settings.set_flate_compression_level(9)

    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        form = pdf.Root.get("/AcroForm")
        fields = list(form.Fields) if form is not None else []
        if any(field.get("/FT") == "/Tx" for field in fields):
            form.DR = pikepdf.Dictionary(Font=pikepdf.Dictionary(Form=pdf.make_indirect(_form_font(pdf, font, form.DR))))
        for field in fields:
            words, several_lines = labels.get(str(field.get("/T", "")), ("", False))
            if words:
                field.TU = pikepdf.String(words)
            left, one, right, other = (float(value) for value in field.Rect)
            field.Rect = pikepdf.Array([left, min(one, other), right, max(one, other)])
            if field.get("/FT") == "/Tx":
                # Several lines where the page has them; never to a spelling service.
                field.Ff = int(field.get("/Ff", 0)) | (several_lines << 12) | (1 << 22)
                field.DA = pikepdf.String(f"/Form {FORM_SIZE} Tf 0.125 0.157 0.165 rg")
        _scope_headers(pdf.Root.get("/StructTreeRoot"))
        pdf.save(file, deterministic_id=True, linearize=False, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _form_font(pdf, data: bytes, resources):
    """The font of the fields as a simple font with the WinAnsi encoding, embedded whole.

    WeasyPrint names one of its composite fonts there, in which readers cannot type (ISO 32000-1, 12.7.3.3: a
    variable text's font needs an encoding). Its ascent and descent together are one ruled line, because readers
    take the distance of typed lines from them: so what is typed stands on the rules. The engine embeds the whole
    face for fields too: its stream is shared where `resources`, the form's own, names it.
    """
    import pikepdf
    from fontTools.ttLib import TTFont

    source = TTFont(io.BytesIO(data))
    scale = 1000 / source["head"].unitsPerEm
    characters, widths = source.getBestCmap(), source["hmtx"]
    codes = [bytes([code]).decode("cp1252", "replace") for code in range(32, 256)]
    glyphs = [characters.get(ord(character), ".notdef") for character in codes]
    embedded = [font.DescendantFonts[0].FontDescriptor.get("/FontFile2") for font in resources.get("/Font", {}).values()]
    stream = next((file for file in embedded if file is not None and file.read_bytes() == data), None)
    line = round(FORM_LINE / FORM_SIZE * 1000)
    descent = -round(line * 0.3)
    descriptor = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name("/SourceSans3-Form"), Flags=32, ItalicAngle=0,
            FontBBox=[-100, descent, 1200, line + descent], Ascent=line + descent, Descent=descent, CapHeight=660, StemV=80,
            FontFile2=stream if stream is not None else pdf.make_stream(data, Length1=len(data)),
        )
    )  # fmt: skip
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.TrueType, BaseFont=pikepdf.Name("/SourceSans3-Form"),
        Encoding=pikepdf.Name.WinAnsiEncoding, FirstChar=32, LastChar=255,
        Widths=[round(widths[glyph][0] * scale) for glyph in glyphs], FontDescriptor=descriptor,
    )  # fmt: skip


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


def build_plain(series: Series, guide: Guide, site: Path) -> Path:
    """The workbook for black-and-white printers at `site/downloads/<guide>-plain.pdf`. Raises PrintError."""
    return keep(series, f"{guide.slug}-plain", compose(series, guide, site, plain=True), site)


def build_handouts(series: Series, guide: Guide, site: Path) -> Path:
    """Each exercise and checklist on its own sheet, at `site/downloads/<guide>-handouts.pdf`. Raises PrintError."""
    return keep(series, f"{guide.slug}-handouts", compose_handouts(series, guide, site), site)


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
        _put(kept, target)
        print(f"  {target.name}: unchanged", flush=True)
        return target
    print(f"  {target.name}: rendering ...", flush=True)
    cache.mkdir(parents=True, exist_ok=True)
    draft = cache / f"{name}-{os.getpid()}.part"  # two builds may run at once
    render(series, document, draft)
    gc.collect()  # before the next document: render leaves this one behind as cycles
    for old in cache.glob(f"{name}-{'?' * len(print_of)}.pdf"):
        old.unlink()
    draft.replace(kept)
    _put(kept, target)
    size = target.stat().st_size / 1e6
    print(f"  {target.name}: {size:.1f} MB in {time.perf_counter() - started:.1f} s", flush=True)
    return target


def _put(kept: Path, target: Path) -> None:
    """Copy a whole file or none: a full disk leaves the last one in its place."""
    draft = target.with_suffix(".part")
    try:
        shutil.copyfile(kept, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
