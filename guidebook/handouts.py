"""Handouts: each exercise and each checklist of a guide alone on an A4 sheet, to be copied for a training.

A sheet carries its code, its short address and a QR code, so that who takes it home finds the chapter. Notes for
facilitators stay out: participants meet the exercise first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import html

from guidebook import glossary
from guidebook.compose import bare, facilitation, on_paper, paper_article, templates, verify
from guidebook.qr import qr_svg
from guidebook.series import Guide, Series

# What a sheet holds, in millimetres of text height, and how much a line of 12 pt type takes of it: an estimate on
# the safe side, because ruled lines that do not fit would begin a second sheet.
ROOM, LINE, LETTERS = 240, 6.6, 74
RULE, MOST_RULES = 8, 22
BLANK = 14  # a row of a table with a cell to write in, as handouts.css draws it


@dataclass
class Sheet:
    """One sheet: a block of a chapter. `rules` is how many lines to write on still fit below an exercise."""

    code: str
    id: str
    kind: str
    title: str
    chapter: str
    short: str
    qr: str
    body: str
    rules: int


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
        holder = html.Element("div")
        holder.extend(blocks)  # the rest of the chapter is not looked at: its figures and links stay out
        on_paper(holder, page, alone, series, {}, terms)
        for block in holder:
            block.tail = None
            code = block.get("data-code")
            exercise = "exercise" in block.get("class").split()
            short = f"{series.site_url}go/{code.lower()}/"
            title = " ".join("".join(block.xpath('./div[@class="block-head"]/p[contains(@class, "block-title")]//text()')).split())
            rules = min(MOST_RULES, int((ROOM - _height(block)) / RULE)) if exercise else 0
            found.append(
                Sheet(code, code.lower(), "Exercise" if exercise else "Checklist", title, page.title, bare(short), qr_svg(short),
                      html.tostring(block, encoding="unicode", with_tail=False), max(0, rules))
            )  # fmt: skip
    return found


def compose_handouts(series: Series, guide: Guide, site: Path) -> str:
    """All handouts of a guide as one document, with a list of the sheets in front. Raises PrintError."""
    sheet = (series.docs / "assets" / "styles" / "handouts.css").read_text(encoding="utf-8")
    document = templates(series).get_template("handouts.html").render(
        series=series.config["site_name"], guide=guide, sheets=sheets_of(series, guide, site), sheet=sheet,
        edition=series.edition_words, address=bare(series.site_url),
    )  # fmt: skip
    verify(document, f"{guide.slug}-handouts")
    return document
