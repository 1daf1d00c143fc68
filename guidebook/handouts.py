"""Handouts: each exercise and each checklist of a guide alone on an A4 sheet, to be copied for a training.

A sheet carries its code, its short address and a QR code, so that who takes it home finds the chapter. Notes for
facilitators stay out: participants meet the exercise first. What an exercise names by code, a figure, a notepad or the
case of another exercise, and the tables below a heading that it links to, go along: below it, or on the back of its sheet.
"""

from __future__ import annotations

import copy
import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import html

from guidebook import glossary
from guidebook.compose import PrintError, bare, facilitation, on_paper, paper_article, templates, verify
from guidebook.qr import qr_svg
from guidebook.series import Guide, Series
from guidebook.source import SourcePage

# What a sheet holds, in millimetres of text height, and how much a line of 12 pt type takes of it: an estimate on
# the safe side, because ruled lines that do not fit would begin a second sheet.
ROOM, LINE, LETTERS = 240, 6.6, 74
HEAD = 16  # what the back of a sheet has more, whose head is a line
RULE, MOST_RULES = 8, 22
SMALL_LINE, SMALL_LETTERS = 4.7, 100  # the same of a carried table, in 10 pt
BLANK = 14  # a row of a table with a cell to write in, as handouts.css draws it
LEAST_RULES = 3  # fewer lines are no room to write
CAPTION = 12  # the lines below a drawing, or the frame of a case, with the space around them
WIDE = 174  # millimetres of a sheet's column: a drawing that has the back of the sheet to itself is as large as that allows

# How an exercise names what its sheet must carry: "figure RR8-F1", "every route of PS8-F1"; "the form RR14-N1", a notepad;
# "the case of RR5-E1".
FIGURE_NAMED = re.compile(r"\b[A-Z]{2}\d{1,2}-F\d+\b")
FORM_NAMED = re.compile(r"\b[A-Z]{2}\d{1,2}-N\d+\b")
CASE_NAMED = re.compile(r"\bcases? (?:of|in) ([A-Z]{2}\d{1,2}-E\d+)\b")


@dataclass
class Sheet:
    """One sheet: a block of a chapter. `rules` is how many lines to write on still fit below an exercise.

    `carried` is what the exercise names, as HTML: on the sheet itself, or with `overleaf` on its back.
    """

    code: str
    id: str
    kind: str
    title: str
    chapter: str
    short: str
    qr: str
    body: str
    rules: int
    carried: str = ""
    overleaf: bool = False


def _height(block) -> float:
    """About how many millimetres the text of a block takes on a sheet."""
    total = 0.0
    for element in block.iter("p", "li"):
        if element.getparent().tag == "li" and element.tag == "p" or element.xpath("ancestor::table"):
            continue
        letters = len(element.text_content()) - sum(len(inside.text_content()) for inside in element.xpath("./ul | ./ol"))
        total += math.ceil(max(1, letters) / LETTERS) * LINE + 1.6
    for row in block.iter("tr"):
        cells = [len(cell.text_content()) for cell in row]
        written = max(1, *(math.ceil(length * len(cells) / LETTERS) for length in cells)) * LINE
        total += max(written, BLANK if 0 in cells else 0) + 3.2
    return total


def carried_by(block, article, page: SourcePage) -> html.HtmlElement:
    """Copies of what the exercise or checklist `block` of `article` needs beside it: figures, notepads and cases that it names by code, tables that it links to.

    Returns a div, empty if there are none. A link within the chapter is one to the tables below a heading; its words stay
    in the block without it. Raises PrintError if the chapter `page` does not have what is named.
    """
    holder = html.Element("div", {"class": "carried"})
    holder.extend([*_named(block, article, page), *_linked(block, article, page)])
    return holder


def _named(block, article, page: SourcePage) -> Iterator[html.HtmlElement]:
    words = block.text_content()
    for code in dict.fromkeys([*FIGURE_NAMED.findall(words), *FORM_NAMED.findall(words), *CASE_NAMED.findall(words)]):
        if code == block.get("data-code"):
            continue
        named = article.xpath(".//*[@data-code=$code]", code=code)
        if figures := [one for one in named if one.tag == "figure"]:
            yield from map(_copy, figures)
        elif forms := [one for one in named if "notepad" in one.get("class", "").split()]:
            for form in map(_copy, forms):
                head = form.xpath('./div[@class="block-head"]')[0]
                form.replace(head, _label(f"{code}. {' '.join(head.xpath('string(./p[@class=$title])', title='block-title').split())}"))
                yield form
        elif cases := [case for one in named for case in one.xpath('.//section[@class="scenario"]')]:
            yield _label(f"The case of {code}")
            yield from map(_copy, cases)
        else:
            raise _lacks(block, page, code, "this chapter has no such figure, notepad or case. Mend the code")


def _linked(block, article, page: SourcePage) -> Iterator[html.HtmlElement]:
    links = block.xpath('.//a[starts-with(@href, "#")]')
    for link in links:
        href = link.get("href")
        heading = article.xpath(".//*[self::h2 or self::h3][@id=$id]", id=href[1:])
        below = itertools.takewhile(lambda one: one.tag not in ("h2", "h3"), heading[0].itersiblings() if heading else ())
        tables = [_copy(table) for one in below for table in one.xpath("descendant-or-self::table")]
        if not tables:
            raise _lacks(block, page, href, "no heading with a table below it. Link to such a heading")
        for cites in (cites for table in tables for cites in table.xpath('.//span[@class="cites"]')):
            before, after = (cites.getparent(), "text") if cites.getprevious() is None else (cites.getprevious(), "tail")
            setattr(before, after, (getattr(before, after) or "").rstrip())  # no space before the full stop
            cites.drop_tree()  # most of a table's height on paper; the chapter has them
        yield _label(" ".join(heading[0].text_content().split()))
        yield from tables
        link.drop_tag()
    if links:
        sources = html.Element("p", {"class": "sheet-source"})
        sources.text = f"The sources of each line stand in chapter {page.code}."
        yield sources


def _copy(element) -> html.HtmlElement:
    """A copy without ids: the element's own place keeps them."""
    copied = copy.deepcopy(element)
    copied.tail = None
    for part in copied.xpath("descendant-or-self::*[@id]"):
        del part.attrib["id"]
    return copied


def _label(words: str) -> html.HtmlElement:
    label = html.Element("p", {"class": "carried-name"})
    label.text = words
    return label


def _lacks(block, page: SourcePage, wanted: str, why: str) -> PrintError:
    return PrintError(
        f"docs/{page.path.as_posix()}:{page.line_of(wanted)}: the handout of {block.get('data-code')} cannot carry {wanted}: "
        f"{why}, or say in the exercise what is needed from there."
    )


def _below(carried) -> None:
    """Put a figure's code and title below its drawing: on a handout the exercise's title is the first thing read."""
    for figure in carried.xpath("./figure"):
        caption = figure.find("figcaption")
        title = " ".join("".join(caption.xpath('./p[contains(@class, "block-title")]//text()')).split())
        caption.clear()
        caption.set("class", "carried-name")
        caption.text = f"{figure.get('data-code')}. {title}"
        figure.xpath(".//*[svg]")[-1].addnext(caption)


def _carried_height(carried) -> float:
    """About how many millimetres of a sheet what is carried takes, as wide as it is now."""
    total = 0.0
    for one in carried:
        for drawing in one.iter("svg"):
            total += float(drawing.get("width").removesuffix("mm")) * _tall(drawing)
        total += len(one.xpath('.//div[@class="paper-line"]')) * RULE
        if one.tag == "table":
            total += _table_height(one)
        else:
            total += _height(one) + (CAPTION if one.tag != "p" else 0)
    return total


def _table_height(table) -> float:
    """About how many millimetres a carried table takes: its columns are as wide as their longest cells ask for."""
    rows = [[len(cell.text_content()) for cell in row] for row in table.iter("tr")]
    longest = [max(column) for column in zip(*rows, strict=True)]
    wide = [max(0.12, length / sum(longest)) for length in longest]
    lines = [max(math.ceil(length / (SMALL_LETTERS * share / sum(wide))) for length, share in zip(row, wide, strict=True)) for row in rows]
    return sum(lines) * SMALL_LINE + len(rows) * 3.4 + 4


def _tall(drawing) -> float:
    """The height of a drawing by its width."""
    _, _, width, height = (float(value) for value in drawing.get("viewbox", drawing.get("viewBox")).split())
    return height / width


def _enlarge(carried) -> None:
    """On the back of a sheet a figure is as large as the page holds beside its words, and the lines of a form end at the foot."""
    drawings = list(carried.iter("svg"))
    if len(drawings) == 1:
        drawn = float(drawings[0].get("width").removesuffix("mm")) * _tall(drawings[0])
        room = ROOM - (_carried_height(carried) - drawn)
        drawings[0].set("width", f"{min(WIDE, room / _tall(drawings[0])):.1f}mm")
    papers = carried.xpath('.//div[@class="paper"]')
    if len(papers) == 1:
        for _ in range(int((ROOM + HEAD - _carried_height(carried)) / RULE)):
            papers[0].insert(0, html.Element("div", {"class": "paper-line"}))


def sheets_of(series: Series, guide: Guide, site: Path) -> list[Sheet]:
    """The sheets of a guide, in reading order, from the built pages in `site`. Raises PrintError."""
    terms = glossary.load(series.docs)
    alone = replace(guide, pages=())  # whatever a sheet links to is elsewhere: its short address is printed
    found = []
    for page in guide.chapters:
        article = paper_article(site, page)
        facilitation(article)
        for extra in article.xpath('.//p[@class="see-notes"]'):
            extra.drop_tree()
        for code in article.xpath('.//a[contains(@class, "block-code")]'):
            code.drop_tree()  # the sheet's head says it larger
        for link in article.xpath('.//span[@class="term" or @class="cite"]/a'):
            link.drop_tag()
        blocks = article.xpath('.//section[@data-code][contains(concat(" ", @class, " "), " exercise ") or contains(concat(" ", @class, " "), " checklist ")]')
        along = [carried_by(block, article, page) for block in blocks]
        holder = html.Element("div")
        holder.extend([*blocks, *along])  # the rest of the chapter is not looked at: its figures and links stay out
        on_paper(holder, page, alone, series, {}, terms)
        for block, carried in zip(blocks, along, strict=True):
            block.tail = None
            _below(carried)
            code = block.get("data-code")
            exercise = "exercise" in block.get("class").split()
            short = f"{series.site_url}go/{code.lower()}/"
            title = " ".join("".join(block.xpath('./div[@class="block-head"]/p[contains(@class, "block-title")]//text()')).split())
            room = ROOM - _height(block)
            overleaf = room - _carried_height(carried) < LEAST_RULES * RULE if len(carried) else False
            if overleaf:
                _enlarge(carried)
            rules = min(MOST_RULES, int((room - (0 if overleaf else _carried_height(carried))) / RULE)) if exercise else 0
            found.append(
                Sheet(code, code.lower(), "Exercise" if exercise else "Checklist", title, page.title, bare(short), qr_svg(short),
                      html.tostring(block, encoding="unicode", with_tail=False), max(0, rules),
                      html.tostring(carried, encoding="unicode") if len(carried) else "", overleaf)
            )  # fmt: skip
    return found


def compose_handouts(series: Series, guide: Guide, site: Path) -> str:
    """All handouts of a guide as one document, with a list of the sheets in front. Raises PrintError."""
    sheet = (series.docs / "assets" / "styles" / "handouts.css").read_text(encoding="utf-8")
    document = templates(series).get_template("handouts.html").render(
        series=series.config["site_name"], guide=guide, sheets=sheets_of(series, guide, site), sheet=sheet,
        edition=series.edition_words, address=bare(series.site_url), least_rules=LEAST_RULES,
    )  # fmt: skip
    verify(document, f"{guide.slug}-handouts")
    return document
