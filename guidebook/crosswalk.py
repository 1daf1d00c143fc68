"""The crosswalk: which chapters serve each theme of the ASEAN ACWC Regional Guidelines and Procedures, and each
article on protecting victims of ACTIP and of the UN Trafficking Protocol that the register holds as read.

A chapter says in its front matter what it serves (`duties: [ACWC 2, ACTIP 14(5)]`); the page `crosswalk.md`
shows both directions from that, so the two cannot disagree.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from dataclasses import dataclass

from markdown.util import AtomicString

from guidebook.elements import add, add_links
from guidebook.source import SourcePage


@dataclass(frozen=True)
class Duty:
    """A theme or an article. `finding` is where the register says what it holds ("" for a theme of the ACWC)."""

    code: str
    title: str
    finding: str = ""

    @property
    def anchor(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", self.code.lower()).strip("-")


TEXTS = {
    "ACWC": "ASEAN ACWC Regional Guidelines and Procedures (2018): the six themes",
    "ACTIP": "ASEAN Convention Against Trafficking in Persons (ACTIP, 2015)",
    "UN": "UN Trafficking Protocol (2000)",
}
DUTIES = (
    Duty("ACWC 1", "Victim definition and identification"),
    Duty("ACWC 2", "Victim protection and support"),
    Duty("ACWC 3", "Special measures for victim-witnesses"),
    Duty("ACWC 4", "Special and additional measures for child victims"),
    Duty("ACWC 5", "Access to remedies"),
    Duty("ACWC 6", "Return, recovery and reintegration"),
    Duty("ACTIP 14(1)", "Guidelines or procedures to identify", "asean2015actip-7"),
    Duty("ACTIP 14(2)-(3)", "Identification across borders", "asean2015actip-8"),
    Duty("ACTIP 14(4)", "Staying, for a time or for good", "asean2015actip-9"),
    Duty("ACTIP 14(5)-(6)", "Physical safety; privacy and identity", "asean2015actip-10"),
    Duty("ACTIP 14(7)", "Liability for unlawful acts", "asean2015actip-5"),
    Duty("ACTIP 14(8)", "Detention", "asean2015actip-14"),
    Duty("ACTIP 14(9)", "Information", "asean2015actip-16"),
    Duty("ACTIP 15(1)", "Accepting a return", "asean2015actip-18"),
    Duty("ACTIP 15(2)", "Returning a person", "asean2015actip-19"),
    Duty("ACTIP 15(3)", "Checking nationality", "asean2015actip-21"),
    Duty("ACTIP 15(4)", "Travel papers", "asean2015actip-22"),
    Duty("ACTIP 15(5)", "Return programmes", "asean2015actip-23"),
    Duty("UN 6(1)", "Privacy and identity", "un2000palermo-5"),
    Duty("UN 6(2)", "Information on proceedings, and being heard", "un2000palermo-6"),
    Duty("UN 6(3)", "Recovery: housing, counselling, medical help, work", "un2000palermo-7"),
    Duty("UN 6(6)", "Compensation", "un2000palermo-16"),
    Duty("UN 7", "Staying, for a time or for good", "un2000palermo-8"),
    Duty("UN 8(1)", "Accepting a return", "un2000palermo-9"),
    Duty("UN 8(2)", "Returning a person", "un2000palermo-10"),
    Duty("UN 8(3)-(4)", "Checking nationality; travel papers", "un2000palermo-11"),
)
BY_CODE = {duty.code: duty for duty in DUTIES}


def of(page: SourcePage) -> list[Duty]:
    """The duties that a chapter says it serves, in the order of the texts; unknown codes are left to the rules."""
    named = page.meta.get("duties") or []
    return [duty for duty in DUTIES if duty.code in named]


def _table(parent: etree.Element, heads: tuple[str, ...]) -> etree.Element:
    table = add(parent, "table")
    row = add(add(table, "thead"), "tr")
    for head in heads:
        add(row, "th", "", head, scope="col")
    return add(table, "tbody")


def build(parent: etree.Element, project) -> etree.Element:
    """Both tables under `parent`: from each theme or article to its chapters, and from each chapter back."""
    box = add(parent, "div", "crosswalk")
    chapters = [page for guide in project.series.guides for page in guide.chapters]
    for prefix, title in TEXTS.items():
        add(box, "h2", "", title, id=f"from-{prefix.lower()}")
        law = prefix != "ACWC"
        body = _table(box, ("Article", "What it holds, as read", "Chapters") if law else ("Theme", "What it covers", "Chapters"))
        for duty in (duty for duty in DUTIES if duty.code.startswith(f"{prefix} ")):
            row = add(body, "tr", id=duty.anchor)
            add(row, "td", "", duty.code.removeprefix(f"{prefix} "))
            cell = add(row, "td")
            add(cell, "strong", "", f"{duty.title}.")
            if duty.finding:
                finding = project.register.findings[duty.finding]
                cell[-1].tail = AtomicString(f" {finding.fact} ")
                add(cell, "a", "", "Source", href=f"{project.places[finding.source_key]}#{finding.id}")
            serving = (page for page in chapters if duty in of(page))
            add_links(add(row, "td"), ({"text": page.code, "href": page.path.as_posix(), "title": page.title} for page in serving))
    add(box, "h2", "", "From each chapter", id="from-each-chapter")
    body = _table(box, ("Chapter", "Serves"))
    for page in (page for page in chapters if of(page)):
        row = add(body, "tr")
        cell = add(row, "td")
        add(cell, "a", "", f"{page.code} {page.title}", href=page.path.as_posix())
        cell = add(row, "td")
        add_links(cell, ({"text": duty.code, "href": f"#{duty.anchor}", "title": duty.title} for duty in of(page)))
    return box
