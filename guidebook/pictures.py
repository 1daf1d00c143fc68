"""Drawings as PNG: a guide's figures for its slides, and the picture that shows when a page's address is pasted.

WeasyPrint sets them with the guides' own type, one page a picture, and PDFium turns the pages to pixels: all of a
build's pictures in one go, without a browser and without network.
"""

from __future__ import annotations

import hashlib
import io
import re
import time
from dataclasses import dataclass
from html import escape
from importlib.metadata import version
from pathlib import Path

from PIL import Image

from guidebook import textfit
from guidebook.colours import roles
from guidebook.engine import engine
from guidebook.preview import FOLDER, picture_of
from guidebook.series import Guide, Series
from guidebook.source import SourcePage


@dataclass(frozen=True)
class Drawing:
    """A picture to be made: HTML or SVG, and its size in CSS pixels."""

    markup: str
    width: float
    height: float


def _fonts(series: Series) -> str:
    """The faces of paper: those lines of print.css."""
    sheet = (series.docs / "assets" / "styles" / "print.css").read_text(encoding="utf-8")
    return "\n".join(re.findall(r"^@font-face.*$", sheet, flags=re.M))


def png(image: Image.Image, colours: int = 48) -> bytes:
    """The image as a small PNG with a palette, in which the ground (the first pixel) keeps its exact colour."""
    full = image.convert("RGB")
    small = full.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    ground, palette = small.getpixel((0, 0)), small.getpalette()
    palette[ground * 3 : ground * 3 + 3] = full.getpixel((0, 0))
    small.putpalette(palette)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def draw(series: Series, drawings: list[Drawing], scale: float, style: str = "", colours: int = 48) -> list[bytes]:
    """Each drawing as a PNG, `scale` pixels for a CSS pixel. Raises PrintError if the machine lacks Pango."""
    if not drawings:
        return []
    import pypdfium2

    sizes = sorted({(drawing.width, drawing.height) for drawing in drawings})
    rules = "".join(f"@page s{n} {{ size: {w}px {h}px; margin: 0 }} .s{n} {{ page: s{n}; width: {w}px; height: {h}px }}" for n, (w, h) in enumerate(sizes))
    pages = "".join(
        f'<div class="picture s{sizes.index((drawing.width, drawing.height))}">{drawing.markup}</div>' for drawing in drawings
    )
    document = (
        f'<!doctype html><html lang="en"><head><title>Pictures</title><style>{_fonts(series)} {rules} body {{ margin: 0 }} '
        f".picture {{ break-after: page; overflow: hidden; position: relative }} .picture:last-child {{ break-after: auto }} {style}</style></head>"
        f"<body>{pages}</body></html>"
    )
    base = (series.docs / "assets" / "styles").as_uri() + "/"
    pdf = pypdfium2.PdfDocument(engine().HTML(string=document, base_url=base).write_pdf())
    try:
        if len(pdf) != len(drawings):
            raise ValueError(f"{len(drawings)} pictures took {len(pdf)} pages: one of them is larger than its size.")
        found = []
        for page, drawing in zip(pdf, drawings, strict=True):
            image = page.render(scale=scale * 96 / 72).to_pil()  # PDFium rounds up: cut what is over
            found.append(png(image.crop((0, 0, round(drawing.width * scale), round(drawing.height * scale))), colours))
        return found
    finally:
        pdf.close()


def versions() -> str:
    """The engines' versions: a picture kept from an earlier build is good only for the same ones."""
    return " ".join(f"{package} {version(package)}" for package in ("weasyprint", "pypdfium2", "pillow"))


# ---------------------------------------------------------------- previews

PREVIEW = (1200, 630)  # what the social networks and messengers ask for

# The path from a small sign to an open door, as on the covers of the workbooks (overrides/print.html).
PATH = (
    '<svg class="path" viewBox="0 0 300 170" xmlns="http://www.w3.org/2000/svg">'
    '<path d="M10 150 C70 150 70 100 130 100 S190 50 250 50" fill="none" stroke="#ffffff" stroke-width="3" stroke-dasharray="7 6"/>'
    '<circle cx="10" cy="150" r="8" fill="#ffffff"/><circle cx="130" cy="100" r="8" fill="#ffffff"/>'
    '<rect x="246" y="14" width="44" height="72" rx="6" fill="none" stroke="#ffffff" stroke-width="3"/>'
    '<path d="M246 20 L270 30 V92 L246 84 Z" fill="#ffffff"/></svg>'
)

PREVIEW_STYLE = """
.og { position: absolute; inset: 0; font-family: "Source Sans 3", "Source Sans 3 Ext", "Source Sans 3 Viet"; color: #fff; background: var(--ground) }
.og .code { position: absolute; left: 72px; top: 56px; font-size: 118px; font-weight: 700; line-height: 1 }
.og .mark { position: absolute; left: 72px; top: 60px; width: 104px; height: 104px }
.og .path { position: absolute; right: 72px; top: 52px; width: 296px; height: 168px }
.og .title { position: absolute; left: 72px; bottom: 150px; width: 1056px; font-weight: 700; line-height: 1.08 }
.og .foot { position: absolute; left: 0; right: 0; bottom: 0; height: 104px; background: var(--paper); color: var(--ink); font-size: 31px; line-height: 104px }
.og .guide { position: absolute; left: 72px; font-weight: 600 }
.og .series { position: absolute; right: 72px; color: var(--soft) }
"""


def _preview(series: Series, page: SourcePage, guide: Guide | None) -> Drawing:
    colours = roles(series, guide)
    ground = colours["accent"] if guide else colours["ink"]
    title = page.title if page.code != "home" else str(series.config["site_name"])
    # The largest type that sets the title in three lines; Calibri's measures are narrower than Source Sans's.
    size = next((size for size in (92, 80, 70, 60, 52) if textfit.lines([(title, "bold")], size * 1.1, 1056) <= (2 if size > 70 else 3)), 46)
    sign = f'<div class="code">{escape(page.code)}</div>' if guide and re.match(r"[A-Z]", page.code) else _mark(series)
    series_name = "" if page.code == "home" else str(series.config["site_name"])
    name = f"Guide {guide.number} · {guide.title}" if guide else "For frontline practitioners in South and South-East Asia"
    if guide and textfit.width(name + series_name, 31 * 1.1, "bold") > 1000:
        name = f"Guide {guide.number} · {guide.short_title}"
    markup = (
        f'<div class="og" style="--ground: {ground}; --paper: {colours["tint"]}; --ink: {colours["ink"]}; --soft: {colours["soft"]}">'
        f'{sign}{PATH}<div class="title" style="font-size: {size}px">{escape(title)}</div>'
        f'<div class="foot"><span class="guide">{escape(name)}</span><span class="series">{escape(series_name)}</span></div></div>'
    )
    return Drawing(markup, *PREVIEW)


def _mark(series: Series) -> str:
    svg = (series.docs / str(series.config["theme"]["logo"])).read_text(encoding="utf-8")
    return svg.replace("<svg ", '<svg class="mark" ', 1)


def write_previews(series: Series, site: Path) -> int:
    """Write `assets/og/<code>.png` for every page with a code; returns how many were made anew.

    A picture whose page kept its code, title and colours is taken from `.cache/og/`.
    """
    started = time.perf_counter()
    cache, target = series.root / ".cache" / "og", site / FOLDER
    cache.mkdir(parents=True, exist_ok=True)
    target.mkdir(parents=True, exist_ok=True)
    general = hashlib.sha256(f"{PREVIEW_STYLE}{_fonts(series)}{versions()}".encode() + Path(__file__).read_bytes()).hexdigest()
    wanted: dict[str, tuple[Path, Drawing]] = {}
    for page in series.pages:
        if page.code:
            drawing = _preview(series, page, series.guide_of(page))
            key = hashlib.sha256(f"{general}{drawing.markup}".encode()).hexdigest()[:16]
            wanted[Path(picture_of(page)).name] = (cache / f"{Path(picture_of(page)).stem}-{key}.png", drawing)
    new = {name: entry for name, entry in wanted.items() if not entry[0].exists()}
    for (kept, _), picture in zip(new.values(), draw(series, [d for _, d in new.values()], 1, PREVIEW_STYLE, 24), strict=True):
        kept.write_bytes(picture)
    current = {kept for kept, _ in wanted.values()}
    for old in cache.glob("*.png"):
        if old not in current:
            old.unlink()
    for name, (kept, _) in wanted.items():
        (target / name).write_bytes(kept.read_bytes())
    print(f"  {FOLDER}/: {len(wanted)} previews, {len(new)} new, in {time.perf_counter() - started:.1f} s", flush=True)
    return len(new)
