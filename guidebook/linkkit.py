"""The link kit of a guide: every code with its short address, for those who make training slides.

The block `link-kit` lists them on a page; the build adds what a slide or a handout takes along: a QR code of each
short address (SVG and PNG), the list as a spreadsheet and as CSV, and a sheet of QR cards to print. All of them
begin with `site_url`, the one setting that holds the public address.
"""

from __future__ import annotations

import base64
import csv
import datetime
import hashlib
import io
import json
import re
import xml.etree.ElementTree as etree
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.xml.functions import tostring

from guidebook import addresses, qr
from guidebook.elements import add
from guidebook.kept import save
from guidebook.qr import qr_png, qr_svg, qr_svg_file
from guidebook.series import CODED_BLOCKS, Guide, Series

KINDS = {"chapter": "Chapters", **{name: f"{name.capitalize()}s" for name in ("exercise", "notepad", "checklist", "figure")}}
COLUMNS = {"Code": 11, "Title": 62, "Kind": 11, "Minutes": 9, "Chapter": 9, "Short link": 50, "QR code, SVG": 56, "QR code, PNG": 56}


@dataclass(frozen=True)
class Entry:
    """One code of a guide. `minutes` is 0 where none are given; `short` is its address below the site's root."""

    code: str
    title: str
    kind: str  # a key of KINDS
    minutes: int
    chapter: str

    @property
    def short(self) -> str:
        return f"go/{self.code.lower()}/"


def entries(guide: Guide) -> list[list[Entry]]:
    """Every code of a guide as its readers meet it, a list a chapter: the chapter itself, then its blocks."""
    found = []
    for page in guide.chapters:
        chapter = [Entry(page.code, page.title, "chapter", 0, page.code)]
        for block in page.blocks:
            if block.name in CODED_BLOCKS and block.id:
                # A title may hold emphasis, which no spreadsheet shows.
                title = re.sub(r"[*_`\[\]]", "", block.title)
                chapter.append(Entry(block.id.upper(), title, block.name, int(block.options.get("minutes", 0)), page.code))
        found.append(chapter)
    return found


def short_words(series: Series, entry: Entry) -> str:
    """The short address as people read and type it: without the scheme."""
    return re.sub(r"^https?://", "", series.site_url + entry.short).rstrip("/")


# ---------------------------------------------------------------- the page


def build(parent: etree.Element, series: Series, guide: Guide, raw: Callable[[str], str]) -> etree.Element:
    """The list under `parent`; returns its element. The page that holds it stands one folder below the root.

    What links to files that exist only after the build goes through `raw`, which keeps finished HTML from the
    builder's search for sources. The kinds are parted by styles alone, so the filter needs no script.
    """
    chapters = entries(guide)
    box = add(parent, "div", "link-kit", data_search_exclude="", data_guide=guide.slug)
    head = etree.Element("div", {"class": "kit-head"})
    tools = add(head, "p", "kit-tools")
    for file, label in ((f"{guide.slug}.xlsx", "Spreadsheet (XLSX)"), (f"{guide.slug}.csv", "Table (CSV)"), (f"{guide.slug}-qr.html", "QR cards to print")):
        add(tools, "a", "tool", label, href=f"../../downloads/links/{file}")
    choice = add(head, "fieldset", "kit-filter")
    add(choice, "legend", "", "Show")
    for kind, label in {"all": f"All {sum(map(len, chapters))} codes", **KINDS}.items():
        option = add(choice, "label")
        add(option, "input", "", type="radio", name="kit", value=kind, **({"checked": "checked"} if kind == "all" else {}))
        add(option, "span", "", label)
    add(head, "p", "copy-status", role="status")
    add(box, "div", "", raw(_html(head)))
    for chapter in chapters:
        section = add(box, "section", "kit-chapter")
        # Search begins a part of its own at each heading: what it leaves out is said there again.
        add(section, "h2", "", f"{chapter[0].code} {chapter[0].title}", id=f"kit-{chapter[0].code.lower()}", data_search_exclude="")
        items = etree.Element("ul", {"class": "kit-list"})
        for entry in chapter:
            _item(items, series, entry)
        add(section, "div", "", raw(_html(items)))
    return box


def _html(element: etree.Element) -> str:
    return etree.tostring(element, encoding="unicode", method="html")


def _item(items: etree.Element, series: Series, entry: Entry) -> None:
    item = add(items, "li", "kit-item", data_kind=entry.kind, data_code=entry.code)
    add(item, "span", "chip", entry.code)
    words = add(item, "p", "kit-words")
    add(words, "a", "kit-title", "The whole chapter" if entry.kind == "chapter" else entry.title, href=f"../../{entry.short}index.html")
    minutes = f" · {entry.minutes} minutes" if entry.minutes else ""
    add(words, "span", "kit-kind", f"{entry.kind.capitalize()}{minutes}")
    links = add(item, "p", "kit-links")
    link = add(
        links, "a", "tool copy-link", "Short link ", href=f"../../{entry.short}", data_address=series.site_url + entry.short,
    )  # fmt: skip
    add(link, "span", "tool-code", entry.short.rstrip("/"))
    for kind in ("svg", "png"):
        add(
            links, "a", "tool", f"QR {kind.upper()}", href=f"../../{entry.short}qr.{kind}", download=f"{entry.code.lower()}-qr.{kind}",
            aria_label=f"QR {kind.upper()} of {entry.code}",
        )  # fmt: skip
    add(links, "span", "copied")


# ---------------------------------------------------------------- files


def write_files(series: Series, site: Path) -> int:
    """Write the QR codes of all codes of the ledger, and each guide's lists and sheet; returns how many QR codes."""
    codes = addresses.read(series.root)["codes"] | series.addresses()
    drawn = _drawn(series, [f"{series.site_url}go/{code.lower()}/" for code in codes])
    for code in codes:
        folder = site / "go" / code.lower()
        folder.mkdir(parents=True, exist_ok=True)
        files = drawn[f"{series.site_url}go/{code.lower()}/"]
        (folder / "qr.svg").write_text(files["svg"], encoding="utf-8")
        (folder / "qr.png").write_bytes(base64.b64decode(files["png"]))
    folder = site / "downloads" / "links"
    folder.mkdir(parents=True, exist_ok=True)
    for guide in series.guides:
        chapters = entries(guide)
        (folder / f"{guide.slug}.csv").write_text(_csv(series, chapters), encoding="utf-8-sig", newline="")
        (folder / f"{guide.slug}.xlsx").write_bytes(_xlsx(series, guide, chapters))
        (folder / f"{guide.slug}-qr.html").write_text(_sheet(series, guide, chapters, drawn), encoding="utf-8")
    return len(codes)


def _drawn(series: Series, wanted: list[str]) -> dict[str, dict[str, str]]:
    """The QR code of each address as a file to download (`svg`, `png` in base64) and to stand in a page (`inline`).

    Kept from build to build: hundreds take half a second, a tenth of what a build takes in which little changed.
    """
    digest = hashlib.sha256(f"{version('zxing-cpp')} {version('pillow')}".encode())
    for module in (__file__, qr.__file__):
        digest.update(Path(module).read_bytes())
    kept = series.root / ".cache" / f"qr-{digest.hexdigest()[:32]}.json"
    try:
        known = json.loads(kept.read_text(encoding="utf-8"))
        found = {address: known[address] for address in wanted if address in known and known[address].keys() == {"svg", "png", "inline"}}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        found = {}
    if missing := [address for address in wanted if address not in found]:
        for address in missing:
            found[address] = {"svg": qr_svg_file(address), "png": base64.b64encode(qr_png(address)).decode(), "inline": qr_svg(address)}
        save(kept, "qr-*.json", json.dumps(found))
    return found


def _rows(series: Series, chapters: list[list[Entry]]) -> list[list[str | int]]:
    return [
        [
            entry.code, entry.title, entry.kind.capitalize(), entry.minutes or "", entry.chapter,
            *(f"{series.site_url}{entry.short}{file}" for file in ("", "qr.svg", "qr.png")),
        ]
        for chapter in chapters for entry in chapter
    ]  # fmt: skip


def _csv(series: Series, chapters: list[list[Entry]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([list(COLUMNS), *_rows(series, chapters)])
    return text.getvalue()


def _xlsx(series: Series, guide: Guide, chapters: list[list[Entry]]) -> bytes:
    """The list as a workbook, the same bytes from run to run."""
    book = Workbook()
    sheet = book.active
    sheet.title = guide.short_title
    sheet.append(list(COLUMNS))
    for row in _rows(series, chapters):
        sheet.append(row)
    for column, width in zip(sheet.columns, COLUMNS.values(), strict=True):
        sheet.column_dimensions[column[0].column_letter].width = width
        column[0].font = Font(bold=True)
        alignment = Alignment(vertical="top", wrap_text=column[0].value == "Title")
        for cell in column[1:]:
            cell.alignment = alignment
            if isinstance(cell.value, str) and cell.value.startswith(series.site_url):
                cell.hyperlink = cell.value
                cell.style = "Hyperlink"
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    # On paper: across, as wide as a page, the head on each.
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = "1:1"
    book.properties.title = f"Short links: {guide.title}"
    book.properties.creator = str(series.config["site_author"])
    return _dated(book, datetime.datetime.fromisoformat(series.edition))


def _dated(book: Workbook, day: datetime.datetime) -> bytes:
    """A workbook's bytes with the edition's date in place of the clock's, inside the file and in its archive."""
    written, dated = io.BytesIO(), io.BytesIO()
    book.save(written)
    book.properties.created = book.properties.modified = day
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(dated, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = tostring(book.properties.to_tree()) if name == "docProps/core.xml" else source.read(name)
            entry = zipfile.ZipInfo(name, day.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return dated.getvalue()


def _sheet(series: Series, guide: Guide, chapters: list[list[Entry]], drawn: dict[str, dict[str, str]]) -> str:
    """QR cards, a chapter at a time, fifteen on a sheet of A4."""
    kits = (page for page in series.pages for block in page.blocks if block.name == "link-kit" and block.title == guide.slug)
    return _sheets(series.root / "overrides").get_template("qr-sheet.html").render(
        guide=guide, chapters=chapters, edition=series.edition_words, kit=next((page.path.with_suffix("") for page in kits), None),
        qr=lambda entry: drawn[series.site_url + entry.short]["inline"], words=lambda entry: short_words(series, entry),
    )  # fmt: skip


@cache  # compiled once for all guides
def _sheets(folder: Path) -> Environment:
    return Environment(loader=FileSystemLoader(folder), autoescape=select_autoescape(["html"]), trim_blocks=True, lstrip_blocks=True)
