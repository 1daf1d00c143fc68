"""What is done with the paper: fields filled in and saved, handouts copied, the plain edition printed in black."""

from __future__ import annotations

import io
import re
import subprocess

import pdfua
import pikepdf
import pypdf
import pypdfium2
import pytest
from PIL import ImageChops

from guidebook.series import blocks_of

TEXT = "I say who I am and what I can offer.\nSecond line.\nThird line."


@pytest.fixture(scope="module")
def downloads(site):
    return site / "downloads"


def texts(file) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    return text.split("\f")[:-1]


def drawn(data, number: int, scale: float = 1):
    """A page as a picture, what is written in its fields included."""
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    return document[number].render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")


def first_notepad(pdf):
    """(page number, field) of the first notepad."""
    for number, page in enumerate(pdf.pages):
        for note in page.get("/Annots", []):
            if note.get("/FT") == "/Tx":
                return number, note
    raise AssertionError("no notepad")


def bands(before, after, box) -> list[int]:
    """The rows where ink was added inside `box`, as the upper ends of the bands they form; fails on ink outside."""
    added = ImageChops.difference(before, after).convert("L").point(lambda value: 255 if value > 60 else 0)
    left, top, right, bottom = added.getbbox()
    assert box[0] - 2 <= left and right <= box[2] + 2 and box[1] - 2 <= top and bottom <= box[3] + 2, "text leaves its field"
    rows = [y for y in range(added.height) if added.crop((0, y, added.width, y + 1)).getbbox()]
    return [y for y in rows if y - 1 not in rows]


def in_pixels(page, field, scale: float) -> tuple[float, float, float, float]:
    left, low, right, high = (float(value) for value in field.Rect)
    height = float(page.MediaBox[3])
    return left * scale, (height - high) * scale, right * scale, (height - low) * scale


def test_what_is_typed_stands_on_the_rules_and_is_saved(downloads, guide):
    file = downloads / f"{guide.slug}.pdf"
    with pikepdf.open(file) as pdf:
        number, field = first_notepad(pdf)
        before = drawn(str(file), number, 2)
        field.V = pikepdf.String(TEXT)
        saved = io.BytesIO()
        pdf.save(saved)
        box = in_pixels(pdf.pages[number], field, 2)
    again = pikepdf.open(io.BytesIO(saved.getvalue()))
    assert str(first_notepad(again)[1].V) == TEXT
    lines = bands(before, drawn(saved.getvalue(), number, 2), box)
    rule = 8 / 25.4 * 72 * 2
    # Each of the three lines stands one rule below the last, so that none crosses one.
    groups = [y for n, y in enumerate(lines) if n == 0 or y - lines[n - 1] > rule / 2]
    assert len(groups) == 3 and all(abs(b - a - rule) < 6 for a, b in zip(groups, groups[1:], strict=False)), lines


def test_a_second_program_can_fill_and_save_the_fields(downloads, guide):
    file = downloads / f"{guide.slug}.pdf"
    with pikepdf.open(file) as pdf:
        number, field = first_notepad(pdf)
        name, box = str(field.T), in_pixels(pdf.pages[number], field, 1)
        tick = next(f for f in pdf.Root.AcroForm.Fields if f.FT == "/Btn")
        tick_name, on = str(tick.T), next(key for key in tick.AP.N.keys() if key != "/Off")
    writer = pypdf.PdfWriter(clone_from=str(file))
    for page in writer.pages:
        writer.update_page_form_field_values(page, {name: TEXT, tick_name: on}, auto_regenerate=False)
    saved = io.BytesIO()
    writer.write(saved)
    fields = pypdf.PdfReader(saved).get_fields()
    assert fields[name]["/V"] == TEXT and fields[tick_name]["/V"] == on
    assert len(bands(drawn(str(file), number), drawn(saved.getvalue(), number), box)) >= 3


def test_the_fields_of_a_page_follow_the_reading_order(downloads, guide):
    with pikepdf.open(downloads / f"{guide.slug}.pdf") as pdf:
        for page in pdf.pages:
            assert page.Tabs == pikepdf.Name.S  # as the structure goes, which is the text's order
            tops = [float(note.Rect[3]) for note in page.get("/Annots", []) if note.Subtype == "/Widget"]
            assert tops == sorted(tops, reverse=True)
            for note in page.get("/Annots", []):
                if note.get("/FT") == "/Tx":
                    size = re.search(r"/Form (\d+) Tf", str(note.DA))
                    assert 9 <= int(size[1]) <= 12, "type that fits 8 mm rules"
                    assert int(note.Ff) & (1 << 12), "several lines"
                    lines = round((float(note.Rect[3]) - float(note.Rect[1])) / 22.68)
                    assert lines >= 2


def test_no_field_reaches_past_the_rules(downloads, guide):
    """A field ends where the text does: 18 mm from the edge of a right-hand page, 26 mm from that of a left-hand one."""
    with pikepdf.open(downloads / f"{guide.slug}.pdf") as pdf:
        for number, page in enumerate(pdf.pages, 1):
            edge = (210 - (18 if number % 2 else 26)) / 25.4 * 72
            ends = [float(note.Rect[2]) for note in page.get("/Annots", []) if note.get("/FT") == "/Tx"]
            assert all(end <= edge + 0.5 for end in ends), (number, ends, edge)


def test_each_exercise_and_checklist_has_a_sheet_of_its_own(downloads, guide, series):
    file = downloads / f"{guide.slug}-handouts.pdf"
    pages = texts(file)
    wanted = [block for page in guide.chapters for block in page.blocks if block.name in ("exercise", "checklist")]
    fronts = [text for text in pages if "back of the sheet" not in text]
    assert len(fronts) == len(wanted) + 1, "a list of the sheets, then one page each"
    for page in guide.chapters:
        for block in [*blocks_of(page, "exercise"), *blocks_of(page, "checklist")]:
            own = [text for text in pages[1:] if re.search(rf"\b{block.id.upper()}\n", text) or f" {block.id.upper()} " in text.split("\n")[0] + " "]
            sheet = [text for text in pages[1:] if f"go/{block.id}/" in text]
            assert len(sheet) == 1, (block.id, len(own))
            assert block.id.upper() in sheet[0] and "Notes for facilitators" not in sheet[0]
    with pikepdf.open(file) as pdf:
        names = [str(field.T) for field in pdf.Root.AcroForm.Fields]
    assert len(names) == len(set(names)) and names


def sheet_with_back(pages: list[str], code: str) -> str:
    """The text of a handout's sheet and of its back."""
    front = next(number for number, text in enumerate(pages) if f"go/{code.lower()}/" in text)
    back = pages[front + 1] if front + 1 < len(pages) and f"{code} " in pages[front + 1] and "back of the sheet" in pages[front + 1] else ""
    return pages[front] + back


def test_a_handout_carries_the_figure_it_names(downloads, series):
    """A trainer hands out one sheet: what it names by code is on it, or on its back, with the drawing's own words."""
    carried = 0
    for guide in series.guides:
        pages = texts(downloads / f"{guide.slug}-handouts.pdf")
        for page in guide.chapters:
            figures = {block.id.upper(): block for block in blocks_of(page, "figure")}
            for block in blocks_of(page, "exercise"):
                words = "\n".join(page.lines[block.line - 1 : block.end]).split("/// facilitation")[0]
                for code in set(re.findall(r"\b[A-Z]{2}\d+-F\d+\b", words)):
                    sheet = " ".join(sheet_with_back(pages, block.id.upper()).split())
                    assert f"{code}. {figures[code].title.split(':')[0]}" in sheet, f"the sheet of {block.id} names {code}"
                    drawing = (page.path.parent / figures[code].options["src"]).as_posix()
                    labels = re.findall(r"<text[^>]*>([^<]+)</text>", (series.docs / drawing).read_text(encoding="utf-8"))
                    assert all(label.split()[0] in sheet for label in labels), f"the sheet of {block.id} lacks the drawing of {code}"
                    carried += 1
    assert carried >= 6


def test_a_handout_carries_the_case_it_names(downloads):
    sheet = sheet_with_back(texts(downloads / "reintegration-handouts.pdf"), "RR5-E2")
    assert "The case of RR5-E1" in sheet and "Back from the plantation" in sheet and "came home without wages" in sheet


def test_a_handout_carries_the_form_it_names_with_lines_to_its_foot(downloads):
    pages = texts(downloads / "reintegration-handouts.pdf")
    assert "RR14-N1. Reintegration plan, in the person’s own words" in sheet_with_back(pages, "RR14-E1")
    with pikepdf.open(downloads / "reintegration-handouts.pdf") as pdf:
        names = [str(note.T) for page in pdf.pages for note in page.get("/Annots", []) if note.get("/FT") == "/Tx"]
    assert names.count("RR14-N1") == 1 and names[names.index("RR14-N1") - 1] == "RR14-E1"


@pytest.mark.parametrize(
    ("slug", "code", "words"),
    [
        ("protection", "PS4-E2", ["The phone", "Signed-in devices", "chapter PS4"]),
        ("children", "CH2-E2", ["What the numbers count", "202,478 victims"]),
        ("children", "CH3-E1", ["The convention, by question", "Accused?", "Other treaties", "Optional Protocol"]),
    ],
)
def test_a_handout_carries_the_tables_that_its_exercise_links_to(downloads, slug, code, words):
    sheet = " ".join(sheet_with_back(texts(downloads / f"{slug}-handouts.pdf"), code).split())
    assert all(word in sheet for word in words)
    assert " ." not in sheet and " ;" not in sheet, "where a citation was taken out"


def test_the_rules_of_a_handout_fill_its_sheet(downloads, guide):
    """Lines to write on end near the foot: a sheet is copied for its room."""
    foot, spare = 17, 45  # millimetres: the margin, and what the estimate of a text's height may leave
    with pikepdf.open(downloads / f"{guide.slug}-handouts.pdf") as pdf:
        ends = {str(note.T): float(note.Rect[1]) / 72 * 25.4 for page in pdf.pages for note in page.get("/Annots", []) if note.get("/FT") == "/Tx"}
    assert len(ends) > 10
    assert not {name: end for name, end in ends.items() if not foot <= end <= foot + spare}


def test_the_handouts_are_accessible(downloads, guide):
    report = pdfua.validate(str(downloads / f"{guide.slug}-handouts.pdf"))
    assert not [f"{f.rule_id}: {f.message}" for f in report.findings if f.severity >= pdfua.Severity.WARNING]


def test_the_plain_edition_has_the_same_pages_in_black(downloads, guide):
    plain, coloured = downloads / f"{guide.slug}-plain.pdf", downloads / f"{guide.slug}.pdf"
    ours, theirs = texts(plain), texts(coloured)
    assert ours[1:] == theirs[1:] and "plain edition" in ours[0]
    document = pypdfium2.PdfDocument(str(plain))
    for number in range(len(document)):
        picture = document[number].render(scale=0.4).to_pil().convert("RGB")
        hue = max(max(pixel) - min(pixel) for _, pixel in picture.getcolors(1 << 20))
        assert hue < 40, f"page {number + 1} is coloured"
        dark = sum(count for count, pixel in picture.getcolors(1 << 20) if sum(pixel) < 384) / (picture.width * picture.height)
        assert dark < 0.25, f"page {number + 1} is {dark:.0%} black"
    first = pypdfium2.PdfDocument(str(coloured))[0].render(scale=0.4).to_pil().convert("RGB").getpixel((5, 5))
    assert first != (255, 255, 255), "the other edition has its colour"
