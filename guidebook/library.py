"""The evidence library: every source with a checked finding, and where each finding is used.

A page for each part of the alphabet (`/// evidence-library | D-F` in `docs/evidence/`) holds its sources in full. The
page before them lists all by name, so that it comes quickly on a slow network, and has the filters: its list is whole
without script, and `assets/scripts/library.js` reads the `data-` attributes set here. The fields stand in the page so
that nothing jumps when the script comes; without script they are not shown. Which words stand in which source is
fetched when somebody types one (`write_words`).

Only checked findings are shown, and a source links by its DOI or own address only.
"""

from __future__ import annotations

import json
import re
import string
import unicodedata
import xml.etree.ElementTree as etree
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lxml import html

from guidebook import search
from guidebook.citations import Reference, sort_key
from guidebook.elements import add, add_links, append_html
from guidebook.problems import Problem
from guidebook.register import SEEN, Source
from guidebook.series import Series, blocks_of, url_of
from guidebook.source import SourcePage

BLOCK, FOLDER = "evidence-library", "evidence"
DOOR = f"{FOLDER}/index.md"
WORDS = "assets/search/library.js"
LETTERS = re.compile(r"[A-Z](-[A-Z])?")
KIND_NAMES = {
    "article": "Journal article", "book": "Book or chapter", "guideline": "Guideline", "law": "Law",
    "report": "Report", "thesis": "Thesis", "toolkit": "Toolkit", "treaty": "Treaty", "webpage": "Web page",
}  # fmt: skip

# The filters: the data attribute of a source that each reads ("text" searches the words), and its label.
FILTERS = {
    "text": "Words", "guides": "Used in guide", "countries": "Country", "groups": "Who was studied", "kind": "Kind of source", "year": "Year",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A page of the library, and the letters that its block names: `A` or `D-F`."""

    page: SourcePage
    letters: str
    line: int

    @property
    def name(self) -> str:
        return self.letters.replace("-", "–")

    @property
    def anchor(self) -> str:
        """Where the list of all sources comes to this part."""
        return f"sources-{self.letters.lower()}"

    def holds(self, letter: str) -> bool:
        return self.letters[0] <= letter <= self.letters[-1]


def parts(series: Series) -> list[Part]:
    """The pages that hold sources, in the order of the alphabet."""
    found = (Part(page, block.title, block.line) for page in series.pages for block in blocks_of(page, BLOCK) if block.title)
    return sorted((part for part in found if LETTERS.fullmatch(part.letters)), key=lambda part: part.letters)


def letter_of(reference: Reference) -> str:
    """The letter that a reference stands under; what begins with a figure stands first, with a letter beyond Z last."""
    first = unicodedata.normalize("NFD", sort_key(reference.entry))[:1].upper()
    return min(max(first, "A"), "Z")


def places(series: Series, references: dict[str, Reference]) -> dict[str, str]:
    """The page below `docs/` that holds each source: `kiss2015health` -> `evidence/j-l.md`."""
    page_of = {letter: part.page.path.as_posix() for part in parts(series) for letter in string.ascii_uppercase if part.holds(letter)}
    return {key: page_of.get(letter_of(reference), DOOR) for key, reference in references.items()}


def problems(series: Series) -> list[Problem]:
    """Every letter has its page, and one only: a source stands somewhere, whatever its author is called."""

    def fault(page: SourcePage, line: int, text: str, cure: str) -> Problem:
        return Problem(f"{series.docs.name}/{page.path.as_posix()}", line, text, cure)

    found = []
    for page in series.pages:
        for block in blocks_of(page, BLOCK):
            if page.path.parent.as_posix() != FOLDER:
                found.append(fault(page, block.line, "the evidence library stands outside its folder.", f"Move the page to {series.docs.name}/{FOLDER}/."))
            if block.title and not LETTERS.fullmatch(block.title):
                found.append(fault(page, block.line, f'"{block.title}" are no letters of the library.', f"Write them like `/// {BLOCK} | D-F`."))
    known = parts(series)
    for letter in string.ascii_uppercase if known or found else "":
        here = [part for part in known if part.holds(letter)]
        if not here:
            found.append(Problem(f"{series.docs.name}/{DOOR}", 1, f"no page of the library holds the sources under {letter}.", f"Put the letter back: one page has `/// {BLOCK} | …` with it."))
        found += [
            fault(part.page, part.line, f"the sources under {letter} stand on {here[0].page.path.as_posix()} already.", "Give each letter to one page.")
            for part in here[1:]
        ]
    return found


def _used_in(project, sources: Iterable[Source]) -> dict[str, list[str]]:
    """The guides that cite each source or one of its findings."""
    uses, guides = project.series.cited(), {guide.slug for guide in project.series.guides}
    return {
        source.key: sorted({page.path.parts[0] for key in (source.key, *(f.id for f in source.checked_findings)) for page in uses.get(key, ())} & guides)
        for source in sources
    }


def _count(sources: list[Source]) -> str:
    findings = sum(len(source.checked_findings) for source in sources)
    return f"{len(sources)} source{'s' * (len(sources) != 1)}, {findings} findings read again at their source."


def _letters(parent: etree.Element, links: Iterable[tuple[str, str]], here: str = "") -> None:
    """The row of letters; `links` are the words and the address of each."""
    row = add(parent, "nav", "library-letters", aria_label="Sources by letter")
    for words, href in links:
        add(row, "a", "", words, href=href, **({"aria_current": "page"} if words == here else {}))


def build_door(parent: etree.Element, project) -> etree.Element:
    """The filters and every source by name, letter by letter, under `parent`; returns their element."""
    box = add(parent, "div", "library", data_search_exclude="")
    shown = [project.register.sources[key] for key in project.references]
    used = _used_in(project, shown)
    form = add(box, "form", "library-filters", aria_label="Filter the sources")
    for name, label in FILTERS.items():
        wrap = add(form, "label", "", label)
        if name == "text":
            add(wrap, "input", type="search", name=name, autocomplete="off")
        else:
            add(wrap, "select", name=name)
    add(form, "button", "", "Show all", type="reset")
    known = parts(project.series)
    add(box, "p", "library-count", _count(shown))
    _letters(box, ((part.name, f"#{part.anchor}") for part in known))
    for part in known:
        file = part.page.path.name
        mine = [source for source in shown if project.places[source.key] == part.page.path.as_posix()]
        group = add(box, "section", "library-group")
        add(group, "h2", "", part.name, id=part.anchor)
        add(add(group, "p"), "a", "", f"Read all findings under {part.name}", href=file)
        listing = add(group, "ul", "library-list")
        for source in mine:
            item = add(
                listing, "li", id=source.key, data_guides="|".join(used[source.key]), data_countries="|".join(source.study.countries),
                data_groups="|".join(source.study.groups), data_kind=KIND_NAMES[source.type], data_year=str(source.year or ""),
            )  # fmt: skip
            link = add(item, "a", href=f"{file}#{source.key}")
            add(link, "b", "", project.references[source.key].label)
            link[0].tail = f" [{source.title}]" if source.title_is_description else f" {source.title}"
    return box


def build_part(parent: etree.Element, project, letters: str) -> etree.Element:
    """The sources under `letters` in full, in the order of the references, under `parent`; returns their element."""
    box = add(parent, "div", "library", data_search_exclude="")
    uses = project.series.cited()
    known = parts(project.series)
    part = next(part for part in known if part.letters == letters)
    shown = [project.register.sources[key] for key, place in project.places.items() if place == part.page.path.as_posix()]
    _letters(box, [("All sources, with filters", Path(DOOR).name), *((one.name, one.page.path.name) for one in known)], part.name)
    add(box, "p", "library-count", _count(shown))
    for source in shown:
        reference = project.references[source.key]
        item = add(box, "article", "source", id=source.key, aria_label=reference.label)
        append_html(add(item, "p", "source-reference"), reference.entry)
        facts = add(item, "dl", "source-study")
        study = source.study
        for name, value in (
            ("Kind", KIND_NAMES[source.type]),
            ("Who was studied", study.population),
            ("Where", ", ".join(study.countries)),
            ("Sample", study.sample),
            ("Method", study.method),
            ("When", study.period),
            ("How much we read", SEEN[source.seen].capitalize()),
        ):
            if value:
                add(facts, "dt", text=name)
                words = str(value)
                add(facts, "dd", text=words[:1].upper() + words[1:])
        listing = add(item, "ul", "source-findings")
        for finding in source.checked_findings:
            entry = add(listing, "li", id=finding.id)
            add(entry, "p", "finding-fact", finding.fact)
            users = uses.get(finding.id, [])
            if users:
                where = add(entry, "p", "finding-uses", "Used in ")
                add_links(where, ({"text": f"{page.code} {page.title}", "href": f"../{page.path.as_posix()}#cite-{finding.id}"} for page in users))
    return box


def write_words(series: Series, site: Path) -> Path | None:
    """Write which words stand in which source of a built site, as a script for library.js; None without a library.

    It hands over `terms`, packed like those of the search, and for each the numbers of the sources in the order of the
    list on the first page, packed likewise.
    """
    door, texts = site / url_of(Path(DOOR)) / "index.html", {}
    if not door.exists():
        return None

    def tree(file: Path) -> html.HtmlElement:
        return html.parse(str(file), parser=html.HTMLParser(encoding="utf-8")).getroot()

    for part in parts(series):
        for item in tree(site / url_of(part.page.path) / "index.html").xpath('//article[@class="source"]'):
            for said in item.xpath('.//dt | .//*[@class="finding-uses"]'):  # by us, not of the source
                said.drop_tree()
            texts[item.get("id")] = " ".join(item.itertext())
    numbers: dict[str, list[int]] = {}
    for number, key in enumerate(tree(door).xpath('//ul[@class="library-list"]/li/@id')):
        for word in set(search.words_of(texts[key])):
            numbers.setdefault(word, []).append(number)
    terms = sorted(numbers)
    data = {"terms": search.packed_terms(terms), "places": " ".join(search.packed_numbers(numbers[term]) for term in terms)}
    target = site / WORDS
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f"guidebookLibrary({json.dumps(data, ensure_ascii=False, separators=(',', ':'))});\n", encoding="utf-8")
    return target
