"""Slides as data into a PowerPoint file: text, pictures and notes into the layouts' placeholders.

The only module beside `guidebook.slides` that knows python-pptx.
"""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from dataclasses import replace
from datetime import datetime

from lxml import etree
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.util import Emu

from guidebook import colours, pictures, slides
from guidebook.qr import qr_png
from guidebook.series import Guide, Series
from guidebook.slidecontent import (
    ROW_PADDING,
    Line,
    Run,
    Slide,
    Table,
    places,
    table_heights,
    table_top,
    title_runs,
    title_size,
)
from guidebook.slides import (
    BODY,
    CHIP,
    EMU,
    EYEBROW,
    FACTS,
    LINK,
    NUMBER,
    PICTURE,
    QR,
    SECOND,
    SOURCE,
    TITLE,
    Box,
)

QUIET_ON_SLIDE = 1  # modules of white around a QR code: the slide around it is white too
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
AUTO = {"number": "arabicPeriod", "letter": "alphaLcPeriod"}


def _shown(address: str) -> str:
    return re.sub(r"^https?://|/$", "", address)


class Writer:
    """Fills the layouts of one deck."""

    def __init__(self, deck, series: Series):
        self.deck, self.series = deck, series

    def add(self, slide: Slide, picture: bytes | None) -> int:
        """Append one slide; returns its id in the file."""
        layout = slides.layout_of(self.deck, slide.layout)
        made = self.deck.slides.add_slide(layout)
        shapes = {shape.placeholder_format.idx: shape for shape in made.placeholders}
        boxes = places(slide)
        for box in (boxes[box.index] for box in slide.layout.boxes):
            place = shapes.get(box.index)
            if place is not None:
                place.name = box.name
            if place is not None and box != slide.layout.box(box.index):  # pushed down by a long title
                place.left, place.top, place.width, place.height = (round(points * EMU) for points in (box.x, box.y, box.w, box.h))
            match box.index:
                case slides.TITLE:
                    self._title(place, slide, box)
                case slides.CHIP:
                    self._words(place, (Run(slide.chip),))
                case slides.EYEBROW:
                    self._words(place, (Run(slide.eyebrow),))
                case slides.FACTS:
                    self._words(place, slide.facts)
                case slides.SOURCE:
                    self._words(place, slide.source)
                case slides.BODY:
                    self._lines(place, slide.lines, slide.size, box)
                case slides.SECOND:
                    self._lines(place, slide.second, slide.size, box)
                case slides.LINK:
                    self._words(place, (Run(_shown(slide.address), link=slide.address),))
                case slides.QR:
                    self._picture(place, qr_png(slide.address, QUIET_ON_SLIDE), f"QR code for {slide.address}", box, 1)
                case slides.PICTURE:
                    self._picture(place, picture, slide.picture.words, box, slide.picture.width / slide.picture.height)
        if slide.table:
            self._table(made, slide.table, table_top(slide))
        self._order(made)
        if slide.layout.has(NUMBER):
            self._number(made, slide.layout.box(NUMBER))
        notes = made.notes_slide.notes_text_frame
        notes.text = "\n".join(slide.notes)
        return made.slide_id

    def _title(self, place, slide: Slide, box: Box) -> None:
        # The layout makes titles bold: the title itself says nothing of it, and the part says that it is not.
        self._words(place, tuple(replace(run, bold=False) for run in title_runs(slide.title, slide.part)))
        if slide.part:
            place.text_frame.paragraphs[0].runs[-1].font.bold = False
        size = title_size(slide)
        if size != box.size:
            self._size(place, size)

    def _size(self, place, size: float) -> None:
        """Set the size of the whole box, not of its runs: a trainer's new lines then have it too."""
        style = place._element.txBody.find(f"{A}lstStyle")
        for number, points in ((1, size), (2, max(slides.SMALLEST_TEXT, size - 2))):
            style.append(parse_xml(f'<a:lvl{number}pPr {slides.NAMESPACES}><a:defRPr sz="{round(points * 100)}"/></a:lvl{number}pPr>'))

    def _run(self, paragraph, run: Run) -> None:
        made = paragraph.add_run()
        made.text = run.text
        if run.bold:
            made.font.bold = True
        if run.italic:
            made.font.italic = True
        if run.link:
            made.hyperlink.address = run.link

    def _words(self, place, runs: tuple[Run, ...]) -> None:
        if not runs:
            place._element.getparent().remove(place._element)
            return
        for run in runs:
            self._run(place.text_frame.paragraphs[0], run)

    def _lines(self, place, lines: tuple[Line, ...], size: float, box: Box) -> None:
        if size and size != box.size:
            self._size(place, size)
        if not lines:
            place._element.getparent().remove(place._element)
            return
        frame = place.text_frame
        for number, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            if line.level:
                paragraph.level = line.level
            properties = paragraph._p.get_or_add_pPr()
            if number == 0:  # nothing above the first
                properties.append(parse_xml(f'<a:spcBef {slides.NAMESPACES}><a:spcPts val="0"/></a:spcBef>'))
            if line.mark and not box.bullet:  # the box is made for plain text: the line brings its own indent
                properties.set("marL", str(round(line.indent * EMU)))
                properties.set("indent", str(-slides.LIST_INDENT * EMU))
            if line.mark == "bullet" and not box.bullet:
                properties.append(parse_xml(f'<a:buFont {slides.NAMESPACES} typeface="Arial"/>'))
                properties.append(parse_xml(f'<a:buChar {slides.NAMESPACES} char="&#8226;"/>'))
            elif line.mark in AUTO:
                properties.append(parse_xml(f'<a:buFont {slides.NAMESPACES} typeface="+mj-lt"/>'))
                properties.append(parse_xml(f'<a:buAutoNum {slides.NAMESPACES} type="{AUTO[line.mark]}" startAt="{line.start}"/>'))
            elif not line.mark and (box.bullet or line.hang):
                properties.set("marL", str(round(line.indent * EMU)))
                properties.set("indent", str(round(-line.hang * EMU)))
                properties.append(parse_xml(f"<a:buNone {slides.NAMESPACES}/>"))
            for place_in_line, run in enumerate(line.runs):
                if line.hang and place_in_line == 1:
                    self._run(paragraph, Run("\t"))
                self._run(paragraph, run)
            if line.small:
                for run in paragraph.runs:
                    run.font.size = Emu(slides.SMALL * EMU)

    def _picture(self, place, blob: bytes, words: str, box: Box, ratio: float) -> None:
        """Put a picture into its placeholder, whole and centred: a placeholder would cut it to its own form."""
        made = place.insert_picture(io.BytesIO(blob))
        made.crop_left = made.crop_right = made.crop_top = made.crop_bottom = 0
        width = min(box.w, box.h * ratio)
        height = width / ratio
        made.left, made.top = round((box.x + (box.w - width) / 2) * EMU), round((box.y + (box.h - height) / 2) * EMU)
        made.width, made.height = round(width * EMU), round(height * EMU)
        made._element.nvPicPr.cNvPr.set("descr", words)
        made.name = box.name

    def _table(self, slide, table: Table, top: float) -> None:
        heights = table_heights(table)
        left, width = slides.TABLE.box(TITLE).x, sum(table.columns)
        frame = slide.shapes.add_table(
            len(table.rows), len(table.columns), round(left * EMU), round(top * EMU), round(width * EMU), round(sum(heights) * EMU)
        )
        frame._element.nvGraphicFramePr.cNvPr.set("descr", "Table: " + ", ".join(cell for cell in table.rows[0] if cell))
        frame.name = "Table"
        grid = frame.table
        grid.horz_banding = False
        for column, points in zip(grid.columns, table.columns, strict=True):
            column.width = round(points * EMU)
        for number, (row, height) in enumerate(zip(table.rows, heights, strict=True)):
            grid.rows[number].height = round(height * EMU)
            for column, words in enumerate(row):
                cell = grid.cell(number, column)
                cell.margin_left = cell.margin_right = cell.margin_top = cell.margin_bottom = ROW_PADDING * EMU
                paragraph = cell.text_frame.paragraphs[0]
                self._run(paragraph, Run(words, bold=number == 0))
                paragraph.runs[0].font.size = Emu(slides.TABLE_SIZE * EMU)
                colour = "bg1" if number == 0 else "tx1"
                properties = paragraph.runs[0]._r.get_or_add_rPr()
                properties.insert(0, parse_xml(f'<a:solidFill {slides.NAMESPACES}><a:schemeClr val="{colour}"/></a:solidFill>'))
                ground = cell._tc.get_or_add_tcPr()
                for side in ("lnL", "lnR", "lnT", "lnB"):
                    ground.append(parse_xml(f'<a:{side} {slides.NAMESPACES} w="9525"><a:solidFill><a:schemeClr val="accent3"/></a:solidFill></a:{side}>'))
                ground.append(parse_xml(f'<a:solidFill {slides.NAMESPACES}><a:schemeClr val="{"accent1" if number == 0 else "bg1"}"/></a:solidFill>'))

    def _order(self, slide) -> None:
        """Shapes in the order of the layout, which is the order of reading: it is what a screen reader follows."""
        order = [CHIP, EYEBROW, TITLE, FACTS, None, BODY, SECOND, PICTURE, SOURCE, LINK, QR]
        tree = slide.shapes._spTree

        def place_of(shape) -> int:
            if not shape.is_placeholder:
                return order.index(None)  # a table
            return order.index(shape.placeholder_format.idx)

        for shape in sorted(slide.shapes, key=place_of):
            tree.append(shape._element)

    def _number(self, slide, box: Box) -> None:
        """The number's own placeholder: python-pptx leaves it out of new slides."""
        identity = max(int(i) for i in slide.shapes._spTree.xpath(".//p:cNvPr/@id")) + 1
        slide.shapes._spTree.append(
            parse_xml(
                f'<p:sp {slides.NAMESPACES}><p:nvSpPr><p:cNvPr id="{identity}" name="Slide number"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
                f'<p:nvPr><p:ph type="sldNum" sz="quarter" idx="{box.index}"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/><a:p>'
                '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr lang="en-GB"/>'
                f"<a:t>{len(self.deck.slides)}</a:t></a:fld></a:p></p:txBody></p:sp>"
            )
        )


def _sections(deck, members: list[tuple[str, int]], guide: Guide) -> None:
    """A section a chapter, so that a trainer finds, folds and moves a chapter's slides together."""
    names = list(dict.fromkeys(name for name, _ in members))

    def mark(name: str) -> str:
        return "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, f"{guide.slug}/{name}")).upper() + "}"

    uri = "http://schemas.microsoft.com/office/powerpoint/2010/main"
    listing = etree.Element(f"{{{uri}}}sectionLst", nsmap={"p14": uri})
    for name in names:
        section = etree.SubElement(listing, f"{{{uri}}}section", name=name, id=mark(name))
        ids = etree.SubElement(section, f"{{{uri}}}sldIdLst")
        for _, identity in (member for member in members if member[0] == name):
            etree.SubElement(ids, f"{{{uri}}}sldId", id=str(identity))
    extension = parse_xml(f'<p:extLst {slides.NAMESPACES}><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}"/></p:extLst>')
    extension[0].append(listing)
    deck.part._element.append(extension)


def _list_notes_master(deck) -> None:
    """Name the notes' master in the presentation, which python-pptx leaves out and PowerPoint writes."""
    part = deck.part
    key = next(key for key, rel in part.rels.items() if rel.reltype == RT.NOTES_MASTER)
    listing = parse_xml(f'<p:notesMasterIdLst {slides.NAMESPACES}><p:notesMasterId r:id="{key}"/></p:notesMasterIdLst>')
    part._element.find("{*}sldMasterIdLst").addnext(listing)


def _speak_english(deck) -> None:
    for slide in deck.slides:
        for element in (slide._element, slide.notes_slide._element):
            for run in element.iter(f"{A}r"):
                run.get_or_add_rPr().set("lang", "en-GB")
            for end in element.iter(f"{A}endParaRPr"):
                end.set("lang", "en-GB")


def _fixed(blob: bytes, day: datetime) -> bytes:
    """The same package with one date on every entry, so that two builds of one edition are the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blob)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, day.timetuple()[:6])
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            new.writestr(entry, old.read(name))
    return out.getvalue()


PIXELS = 3.2  # pixels of a figure for each of its units: sharp when a projector shows it at twice HD


def write(series: Series, guide: Guide, found: list[Slide]) -> bytes:
    """The deck as a .pptx file's bytes: the same slides give the same bytes."""
    deck = slides.template(str(series.config["site_name"]), colours.roles(series, guide))
    wanted = [slide.picture for slide in found if slide.picture]
    drawn = iter(
        pictures.draw(
            series,
            [pictures.Drawing(picture.svg, picture.width, picture.height) for picture in wanted],
            PIXELS,
            f".picture svg {{ display: block; width: 100%; height: 100% }} .picture:first-child {{ background: {colours.roles(series, guide)['accent']} }}",
        )
    )
    writer, members = Writer(deck, series), []
    for slide in found:
        members.append((slide.section, writer.add(slide, next(drawn) if slide.picture else None)))
    _sections(deck, members, guide)
    _list_notes_master(deck)
    _speak_english(deck)
    day = datetime.fromisoformat(series.edition)
    about = deck.core_properties
    about.title, about.author, about.language = f"{guide.title}: starter slides", str(series.config["site_name"]), "en-GB"
    about.subject, about.keywords, about.comments = f"Guide {guide.number}", guide.prefix, "Text and drawings CC BY 4.0"
    about.created = about.modified = day
    about.last_modified_by, about.revision, about.category = about.author, 1, ""
    out = io.BytesIO()
    deck.save(out)
    return _fixed(out.getvalue(), day)
