"""The starter slides as a trainer meets them: what is on them, that it can be read, and that the file is sound."""

from __future__ import annotations

import io
import os
import re
import zipfile

import pytest
from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.util import Pt

from guidebook import slides, textfit
from guidebook.deck import plan
from guidebook.qr import qr_png
from guidebook.series import blocks_of
from guidebook.slidefile import QUIET_ON_SLIDE, write

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SMALL_BOXES = {slides.CHIP, slides.EYEBROW, slides.SOURCE, slides.NUMBER}


@pytest.fixture(scope="module")
def file(site, guide):
    return site / "downloads" / f"{guide.slug}.pptx"


@pytest.fixture(scope="module")
def deck(file):
    return Presentation(str(file))


def box(slide, index):
    return next((shape for shape in slide.placeholders if shape.placeholder_format.idx == index), None)


def words(slide, index):
    shape = box(slide, index)
    return shape.text_frame.text if shape is not None else ""


def link(slide):
    return next(run.hyperlink.address for p in box(slide, slides.LINK).text_frame.paragraphs for run in p.runs)


def slides_of(deck, code, layout=""):
    return [slide for slide in deck.slides if words(slide, slides.CHIP) == code and layout in ("", slide.slide_layout.name)]


def notes(slide):
    return slide.notes_slide.notes_text_frame.text


def flat(text):
    return " ".join(re.sub(r"[*_`]|\[@[^\]]*\]|\[\[|\]\]", "", text).split())


def test_each_chapter_exercise_and_figure_has_its_slide_and_leads_back(deck, guide, series):
    for page in guide.chapters:
        expected = [(page.code, "Chapter", page.title)]
        for kind, layout in (("exercise", "Exercise"), ("figure", "Figure")):
            expected += [(block.id.upper(), layout, block.title) for block in blocks_of(page, kind)]
        for code, layout, title in expected:
            found = slides_of(deck, code, layout) or slides_of(deck, code, "Table")
            assert found, f"{code} has no slide"
            assert found[0].shapes.title.text.startswith(flat(title)), code
            for slide in found:
                assert link(slide) == f"{series.site_url}go/{code.lower()}/"
                assert words(slide, slides.LINK) in link(slide)


def test_every_task_and_case_of_an_exercise_stands_on_its_slides(deck, guide):
    for page in guide.chapters:
        for exercise in blocks_of(page, "exercise"):
            inside = [line.strip() for line in page.lines[exercise.line : exercise.end - 1]]
            notes_from = next(n for n, line in enumerate(inside) if "facilitation" in line)
            linked = re.compile(r"\[([^\]]*)\]\([^)]*\)")  # its words stand on the slide
            tasks = [flat(linked.sub(r"\1", line).split(". ", 1)[1]) for line in inside[:notes_from] if re.match(r"\d+\. ", line)]
            text = " ".join(
                flat(shape.text_frame.text) for slide in slides_of(deck, exercise.id.upper()) for shape in slide.placeholders if shape.has_text_frame
            )
            for task in tasks:
                assert task[:40] in text, f"{exercise.id}: {task}"
            for scenario in (block for block in blocks_of(page, "scenario") if block.parent is exercise):
                assert any(slide.shapes.title.text.startswith(flat(scenario.title)) for slide in slides_of(deck, exercise.id.upper(), "Case"))


def test_the_notes_hold_what_a_trainer_needs(deck, guide):
    for page in guide.chapters:
        chapter = slides_of(deck, page.code, "Chapter")[0]
        for question in page.meta["questions"]:
            assert question in notes(chapter), page.code
        assert re.search(r"\d+ minutes? to read, for \w+", notes(chapter)), page.code
        for block in blocks_of(page, "facilitation"):
            first = flat(next(line for line in page.lines[block.line :] if line.strip()))
            slide = [slide for slide in slides_of(deck, block.parent.id.upper()) if slide.slide_layout.name in ("Exercise", "Table")][0]
            assert first[:60] in notes(slide), block.parent.id
            assert words(slide, slides.FACTS).startswith(f"{block.parent.options['minutes']} minutes") or slide.slide_layout.name == "Table"


def test_a_figure_says_its_source_and_its_words(deck, guide):
    for page in guide.chapters:
        for block in blocks_of(page, "figure"):
            slide = slides_of(deck, block.id.upper(), "Figure")[0]
            assert words(slide, slides.SOURCE).startswith("Source:"), block.id
            told = box(slide, slides.PICTURE)._element.nvPicPr.cNvPr.get("descr")
            assert len(told) > 60 and "Source:" not in told
            assert len(slides_of(deck, block.id.upper())) > 1, "the words have a slide of their own, too"


def test_whole_references_stand_in_the_notes_of_what_is_cited(deck, guide):
    cited = [slide for slide in deck.slides if re.search(r"\(?\d{4}[a-z]?\)?", words(slide, slides.SOURCE).removeprefix("Source: our drawing."))]
    assert cited
    for slide in cited:
        if "et al." in words(slide, slides.SOURCE):
            assert "Sources in full:" in notes(slide), slide.shapes.title.text


def test_every_picture_has_words_and_every_code_leads_where_the_slide_says(deck):
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape._element.tag.endswith("}pic"):
                told = shape._element.nvPicPr.cNvPr.get("descr")
                assert told and told.strip()
                if shape.placeholder_format.idx == slides.QR:
                    assert told == f"QR code for {link(slide)}"
                    assert shape.image.blob == qr_png(link(slide), QUIET_ON_SLIDE)
                    assert shape.width == shape.height
        assert box(slide, slides.QR) is not None


def test_slides_are_wide_and_made_of_named_layouts(deck, file):
    assert (deck.slide_width, deck.slide_height) == (12192000, 6858000)
    assert [layout.name for layout in deck.slide_layouts] == [layout.name for layout in slides.LAYOUTS]
    for slide in deck.slides:
        assert slide.shapes.title is not None and slide.shapes.title.text.strip()
        for shape in slide.shapes:
            assert shape.is_placeholder or shape.has_table, f"{shape.name} is in no placeholder"
            assert 0 <= shape.left and shape.left + shape.width <= deck.slide_width
            assert 0 <= shape.top and shape.top + shape.height <= deck.slide_height
            if shape.has_text_frame and shape.placeholder_format.type != PP_PLACEHOLDER.SLIDE_NUMBER:
                assert shape.text_frame.text.strip(), f"an empty {shape.name}"
    with zipfile.ZipFile(file) as package:
        everything = " ".join(package.namelist()) + package.read("docProps/app.xml").decode() + package.read("ppt/presentation.xml").decode()
    assert not re.search(r"printerSettings|thumbnail|4:3|4x3", everything)


def test_what_is_read_first_stands_first(deck):
    """The order of the shapes is what a screen reader follows: down the slide, the title before any text."""
    for slide in deck.slides:
        order = [shape.placeholder_format.idx if shape.is_placeholder else "table" for shape in slide.shapes]
        title = order.index(slides.TITLE)
        assert set(order[:title]) <= {slides.CHIP, slides.EYEBROW}
        text = [shape for shape in slide.shapes if not shape.is_placeholder or shape.placeholder_format.idx in (slides.TITLE, slides.FACTS, slides.BODY, slides.LINK)]
        tops = [shape.top for shape in text]
        assert tops == sorted(tops), slide.shapes.title.text


def size_in(shape, layout_box, level):
    """The size that a paragraph has in points: the shape's own list style, else the layout's."""
    own = shape._element.txBody.find(f"{A}lstStyle").find(f"{A}lvl{level + 1}pPr/{A}defRPr")
    if own is not None:
        return int(own.get("sz")) / 100
    style = shape._base_placeholder._element.txBody.find(f"{A}lstStyle")
    return int(style.find(f"{A}lvl{level + 1}pPr/{A}defRPr").get("sz")) / 100


def layout_indent(shape, level):
    return int(shape._base_placeholder._element.txBody.find(f"{A}lstStyle").find(f"{A}lvl{level + 1}pPr").get("marL")) / slides.EMU


def test_no_text_is_larger_than_its_box_or_smaller_than_can_be_read(deck):
    wear = {layout.name: layout for layout in slides.LAYOUTS}
    seen = 0
    for slide in deck.slides:
        layout = wear[slide.slide_layout.name]
        for shape in slide.placeholders:
            if not shape.has_text_frame or shape.placeholder_format.idx == slides.NUMBER:
                continue
            dressed = layout.box(shape.placeholder_format.idx)
            bold = "bold" if dressed.bold else "regular"
            room, used = shape.width / slides.EMU - 2 * dressed.inset, 0.0
            for number, paragraph in enumerate(shape.text_frame.paragraphs):
                size = size_in(shape, dressed, paragraph.level)
                runs = [
                    (run.text, "bold" if run.font.bold or (bold == "bold" and run.font.bold is not False) else "italic" if run.font.italic else "regular")
                    for run in paragraph.runs
                ]
                if paragraph.runs and paragraph.runs[0].font.size:
                    size = paragraph.runs[0].font.size.pt
                    assert size >= 16
                assert size >= (16 if shape.placeholder_format.idx in SMALL_BOXES or paragraph.text.startswith("Source") else 18)
                properties = paragraph._p.pPr
                marked = properties is not None and properties.get("marL") is not None
                indent = int(properties.get("marL")) / slides.EMU if marked else layout_indent(shape, paragraph.level)
                if "\t" in paragraph.text:
                    assert textfit.width(runs[0][0], size, "bold") < indent, "a code is wider than its column"
                    runs = runs[2:]
                lines = textfit.lines(runs, size, room - indent)
                used += textfit.height(lines, size, dressed.spacing) + (dressed.before / (2 if paragraph.level else 1) if number else 0)
                seen += 1
            assert used <= shape.height / slides.EMU - 2 * dressed.inset + 1, f"{slide.shapes.title.text}: {shape.name}"
        for shape in (shape for shape in slide.shapes if not shape.is_placeholder):
            assert shape.top + shape.height <= Pt(slides.ABOVE_LINK)
            below = box(slide, slides.BODY)
            assert below is None or below.top >= shape.top + shape.height
            for row in shape.table.rows:
                for column, cell in enumerate(row.cells):
                    size = cell.text_frame.paragraphs[0].runs[0].font.size.pt if cell.text_frame.paragraphs[0].runs else 18
                    room = (shape.table.columns[column].width - cell.margin_left - cell.margin_right) / slides.EMU
                    assert size >= 18
                    assert textfit.height(textfit.lines([(cell.text, "regular")], size, room), size) <= (row.height - cell.margin_top - cell.margin_bottom) / slides.EMU + 1
    assert seen > 300


def test_the_file_is_sound_and_says_what_it_is(file, deck, guide, series):
    with zipfile.ZipFile(file) as package:
        names = package.namelist()
        assert len(names) == len(set(names)) and package.testzip() is None
        for name in names:
            if name.endswith((".xml", ".rels")):
                tree = etree.fromstring(package.read(name))
                if name.endswith(".rels"):
                    folder = os.path.dirname(os.path.dirname(name))
                    for rel in tree:
                        if rel.get("TargetMode") != "External":
                            target = rel.get("Target")
                            assert os.path.normpath(os.path.join(folder, target) if not target.startswith("/") else target[1:]) in names
                        else:
                            assert rel.get("Target").startswith("https://"), rel.get("Target")
                if name.startswith("ppt/slides/") and name.endswith(".xml"):
                    ids = tree.xpath("//*[local-name()='cNvPr']/@id")
                    assert len(ids) == len(set(ids)), name
                    languages = set(tree.xpath("//*[local-name()='rPr']/@lang"))
                    assert languages == {"en-GB"}, name
        sections = etree.fromstring(package.read("ppt/presentation.xml")).xpath("//*[local-name()='section']")
    assert [section.get("name").split()[0] for section in sections][1 : len(guide.chapters) + 1] == [page.code for page in guide.chapters]
    listed = [entry.get("id") for section in sections for entry in section.iter("{*}sldId")]
    assert sorted(listed) == sorted(str(slide.slide_id) for slide in deck.slides)
    assert guide.title in deck.core_properties.title and deck.core_properties.language == "en-GB"
    assert deck.core_properties.modified.date().isoformat() == series.edition
    colours = deck.slide_master.part.part_related_by("http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme").blob.decode()
    sheet = (series.docs / "assets" / "styles" / "print.css").read_text(encoding="utf-8")
    accents = re.findall(rf'\[data-guide="{guide.slug}"\] \{{ --accent: #(\w+)', sheet) or re.findall(r":root \{[^}]*--accent: #(\w+)", sheet)
    assert f'<a:accent1><a:srgbClr val="{accents[0].upper()}"/>' in colours


def test_two_decks_of_one_site_are_byte_identical(series, guide, site, file):
    assert write(series, guide, plan(series, guide, site)) == file.read_bytes()


QUESTION = """
<section class="question" id="eval-{prefix}-{n}" data-number="{n}"><div class="block-head"><p class="block-title">{question}</p></div>
<div class="block-body"><ol class="options"><li>Yes.</li><li>No, and here is why.</li><li>It depends.</li></ol></div>
<details class="answer" data-right="b"><summary>Answer</summary><div class="answer-body"><p>The reason. See <a href="{link}">a chapter</a>.</p></div></details></section>
"""


def test_the_evaluation_asks_on_the_slide_and_answers_in_the_notes(series, guide, site, tmp_path):
    (tmp_path / guide.slug).symlink_to(site / guide.slug)
    without = len(plan(series, guide, tmp_path))
    folder = tmp_path / "training" / f"evaluation-{guide.slug}"
    folder.mkdir(parents=True)
    page = guide.chapters[2]
    link_ = os.path.relpath(f"{guide.slug}/{page.path.stem}", f"training/evaluation-{guide.slug}") + "/"
    asked = [QUESTION.format(prefix=guide.prefix.lower(), n=n, question=f"Is number {n} the right one?", link=link_) for n in (1, 2)]
    (folder / "index.html").write_text(f"<html><body><article>{''.join(asked)}</article></body></html>", encoding="utf-8")
    found = plan(series, guide, tmp_path)
    assert len(found) == without + 2
    deck = Presentation(io.BytesIO(write(series, guide, found[-2:])))
    for number, slide in enumerate(deck.slides, 1):
        assert slide.shapes.title.text == f"Is number {number} the right one?"
        assert words(slide, slides.BODY).splitlines() == ["Yes.", "No, and here is why.", "It depends."]
        assert "The reason" not in " ".join(shape.text_frame.text for shape in slide.placeholders if shape.has_text_frame)
        letters = slide.placeholders[slides.BODY]._element.findall(f".//{A}buAutoNum")
        assert [mark.get("type") for mark in letters] == ["alphaLcPeriod"] * 3
        assert notes(slide).startswith("Answer: b. No, and here is why.\nThe reason.")
        assert f"{page.code} {page.title}" in notes(slide)
