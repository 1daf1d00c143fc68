"""Meaning inside a page: citations, glossary terms and the guides' own blocks, as a Python-Markdown extension.

MkDocs and Zensical both run it. It raises AuthorError for what it cannot render; `guidebook.rules` finds the
same faults first, with line numbers, so a reader of build logs rarely sees one from here.

Blocks (`/// name | title`, options indented below) and what they become:

    at-a-glance    section.at-a-glance     what a reader could carry away
    experience     section.experience      what people told researchers, in our words
    caution        section.caution         where a well-meant act does harm
    scenario       section.scenario        a composite case for an exercise
    exercise       section.exercise        task with minutes; holds its facilitation notes
    facilitation   details.facilitation    folded on screen, an appendix on paper
    notepad        section.notepad         a question and ruled lines
    checklist      section.checklist       list items become tick boxes
    figure         figure.figure           an SVG of the guide, inlined, with its text alternative
    references     ol.references           all that the guide cites
    evidence-library  div.library          all published sources by name; with letters (D-F) theirs in full
    crosswalk      div.crosswalk           themes and articles to chapters, and back
    questions      div.questions           every question that a chapter answers
    session        section.session         a plan for a training: tables that get a clock and links
    question       section.question        a question of an evaluation, with lettered options
    answer         details.answer          its right letter and why, folded
    write-in       section.write-in        a question of a form: tick boxes, ruled lines
    offline        div.offline             what is stored on the device; with an argument sizes, PDFs to keep, the folder
    downloads      ul.downloads            each guide's PDFs, slides and print page, which exist only after the build
    my-notes       div.my-notes            where a reader's notes come together; names every block one can write in
    link-kit       div.link-kit            every code of a guide with its short link, QR codes and files
    code-finder    div.code-finder         all codes, and a field to type one
"""

from __future__ import annotations

import copy
import json
import re
import xml.etree.ElementTree as etree
from pathlib import Path

from lxml import html
from markdown import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block, type_html_identifier, type_integer, type_string

from guidebook import addresses, citations, crosswalk, elements, finder, glossary, library, linkkit, register, training
from guidebook.series import ANY_CODE, Coded, Series, notes_index, url_of
from guidebook.source import CITATION, TERM

SVG = "{http://www.w3.org/2000/svg}"


class AuthorError(ValueError):
    """Something in the Markdown that cannot be rendered; the message tells the author what and how to mend it."""


class Project:
    """What the blocks and citations of one build look up: the register, the glossary, the series.

    A builder that says when it begins and ends (see `hold`) shares one among all pages. Else it is made anew for
    each conversion, so that a live preview sees changed files.
    """

    def __init__(self, series: Series):
        self.series = series
        self.register = register.load(series.root / "evidence")
        self.terms = glossary.load(series.docs)
        # Labels are the same on every page: the letter after a year counts all published sources.
        published = sorted(self.register.published, key=lambda source: source.key)
        self.references = citations.kept_references(tuple(published), series.root / ".cache")
        self.retired = addresses.read(series.root)["retired"]
        self.places = library.places(series, self.references)  # where each source stands in the library


_held: dict[Path, Project] = {}


def hold(series: Series) -> None:
    """Look the project up once for all pages until `release`: reading it a page makes many pages slow."""
    _held[series.root.resolve()] = Project(series)


def release() -> None:
    """The build has ended; sources may change from now on."""
    _held.clear()


def _el(parent: etree.Element, tag: str, class_: str = "", text: str = "", **attributes: str) -> etree.Element:
    if class_:
        attributes = {"class": class_, **attributes}
    element = etree.SubElement(parent, tag, {name.replace("_", "-"): value for name, value in attributes.items()})
    if text:
        element.text = text
    return element


# ---------------------------------------------------------------- citations and terms


class CitationProcessor(InlineProcessor):
    """`[@kiss2015health-2; @who2003ethical]` -> (Kiss et al., 2015; World Health Organization, 2003)."""

    def __init__(self, pattern: str, md, extension: GuidebookExtension):
        super().__init__(pattern, md)
        self.extension = extension

    def handleMatch(self, m, data):  # noqa: N802 - Python-Markdown's name
        project = self.extension.project
        groups: dict[str, list] = {}
        for key in (part.strip()[1:] for part in m["keys"].split(";")):
            found = project.register.resolve(key)
            if not found:
                raise AuthorError(f'The citation "@{key}" is not in the evidence register. Choose a key from evidence/.')
            source, finding = found
            if source.key not in project.references:
                raise AuthorError(f'"@{key}" may not be cited: nothing of its source is checked yet.')
            groups.setdefault(source.key, []).append(finding)
        outer = etree.Element("span", {"class": "cites"})
        outer.text = "("
        for position, (key, found) in enumerate(groups.items()):
            element = self._cite(outer, key, [finding for finding in found if finding])
            element.tail = ")" if position == len(groups) - 1 else "; "
        return outer, m.start(0), m.end(0)

    def _cite(self, parent: etree.Element, key: str, findings: list) -> etree.Element:
        project = self.extension.project
        reference, source = project.references[key], project.register.sources[key]
        number = self.extension.next_note()
        cite = _el(parent, "span", "cite")
        for finding in findings:
            # The first citation of a finding on a page can be linked to, from the evidence library.
            if finding.id in self.extension.cited_here:
                continue
            self.extension.cited_here.add(finding.id)
            if "id" in cite.attrib:
                _el(cite, "span", id=f"cite-{finding.id}")
            else:
                cite.set("id", f"cite-{finding.id}")
        label = reference.short if reference.author in self.extension.introduced else reference.introduction
        self.extension.introduced.add(reference.author)
        _el(cite, "a", "cite-link", label, href=f"references.md#ref-{key}", aria_describedby=f"note-{number}")
        known = f"{reference.short} · {register.SEEN[source.seen]}"  # on a phone the note may lie over its link
        _note(cite, number, [finding.fact for finding in findings] or [source.title], known)
        return cite


def _note(parent: etree.Element, number: int, texts: list[str], known: str) -> None:
    """What shows at a citation or a term: each text a paragraph, and how it is known. Bare tags: a page has dozens."""
    note = _el(parent, "span", "note", role="tooltip", id=f"note-{number}", data_search_exclude="")
    for text in texts:
        _el(note, "span", "", text)
    _el(note, "small", "", known)


class TermProcessor(InlineProcessor):
    """`[[presumed victims|presumed victim]]` -> the words, linked to the glossary, the definition at hand."""

    def __init__(self, pattern: str, md, extension: GuidebookExtension):
        super().__init__(pattern, md)
        self.extension = extension

    def handleMatch(self, m, data):  # noqa: N802
        text = m["text"].strip()
        name = (m["term"] or text).strip()
        term = self.extension.project.terms.get(name.lower())
        if not term:
            raise AuthorError(f'The term "{name}" is not in docs/glossary.md. Add it there, or remove the brackets.')
        number = self.extension.next_note()
        outer = etree.Element("span", {"class": "term"})
        _el(outer, "a", "term-link", text, href=f"../glossary.md#{term.id}", aria_describedby=f"note-{number}")
        _note(outer, number, [term.definition], "Glossary")
        return outer, m.start(0), m.end(0)


class TermIds(Treeprocessor):
    """Gives each `dt` of a definition list an anchor, so that a term can be linked to."""

    def run(self, root):
        for listing in root.iter("dl"):
            if "class" in listing.attrib:  # ours, made by the evidence library
                continue
            for dt in listing.iter("dt"):
                if "id" not in dt.attrib:
                    dt.set("id", glossary.term_id("".join(dt.itertext())))


class TableScope(Treeprocessor):
    """Header cells say what they head (PDF/UA needs it); a table stands in a frame, in which it can scroll."""

    def run(self, root):
        for table in root.iter("table"):
            for cell in table.iter("th"):
                cell.set("scope", "col")
        for parent in list(root.iter()):
            for place, table in enumerate(list(parent)):
                if table.tag == "table" and "class" not in table.attrib:
                    frame = etree.Element("div", {"class": "table-frame"})
                    frame.tail, table.tail = table.tail, None
                    parent[place] = frame
                    frame.append(table)


# ---------------------------------------------------------------- blocks


def type_minutes(value) -> int:
    """Whole minutes, written bare or in quotes."""
    return type_integer(int(value))


class GuideBlock(Block):
    """What our blocks share: a section named by its kind and, where there is one, its title."""

    ARGUMENT = None
    KIND = ""  # the word a reader sees above the title
    OPTIONS: dict = {}

    @property
    def extension(self) -> GuidebookExtension:
        return self.md.guidebook

    @property
    def code(self) -> str:
        return str(self.options.get("id") or "").upper()

    def on_create(self, parent):
        attributes = {"class": self.NAME}
        if self.options.get("id"):
            attributes |= {"id": self.options["id"], "data-code": self.code}
        section = etree.SubElement(parent, "section", attributes)
        # A link to a block of this chapter that was withdrawn lands on what took its place.
        for old, code in self.extension.project.retired.items():
            if self.code and code == self.code and old.partition("-")[0] == code.partition("-")[0] != old:
                _el(section, "span", id=old.lower())
        head = _el(section, "div", "block-head")
        kind = _el(head, "p", "block-kind", self.KIND)
        if self.code:
            kind.text = f"{self.KIND} "
            _el(kind, "a", "block-code", self.code, href=f"#{self.options['id']}")
        if self.argument:
            _el(head, "p", "block-title", self.argument)
        # Named by plain text: a block's title may hold emphasis that only the inline parser reads.
        name = re.sub(r"[*_`\[\]]", "", f"{self.KIND}: {self.argument}" if self.argument else self.KIND)
        section.set("aria-label", f"{self.code} {name}".strip())
        self.head = head
        self.body = _el(section, "div", "block-body")
        return section

    def on_add(self, block):
        return self.body

    def _end(self, block):
        super()._end(block)
        if len(self.body) == 0 and not (self.body.text or "").strip():
            block.remove(self.body)


class AtAGlance(GuideBlock):
    NAME = "at-a-glance"
    ARGUMENT = False
    KIND = "At a glance"


class Experience(GuideBlock):
    NAME = "experience"
    KIND = "From experience"


class Caution(GuideBlock):
    NAME = "caution"
    KIND = "Caution"


class Scenario(GuideBlock):
    NAME = "scenario"
    KIND = "Composite case"
    ARGUMENT = True


class Exercise(GuideBlock):
    NAME = "exercise"
    KIND = "Exercise"
    ARGUMENT = True
    OPTIONS = {
        "id": ("", type_html_identifier),
        "minutes": (0, type_minutes),
        "group": ("", type_string),
        "material": ("", type_string),
    }

    def on_create(self, parent):
        section = super().on_create(parent)
        meta = _el(self.head, "ul", "block-meta")
        if self.options["minutes"]:
            section.set("data-minutes", str(self.options["minutes"]))
            _el(meta, "li", "minutes", f"{self.options['minutes']} minutes")
        for name in ("group", "material"):
            if self.options[name]:
                _el(meta, "li", name, self.options[name])
        return section


class Facilitation(Block):
    NAME = "facilitation"
    ARGUMENT = False

    def on_create(self, parent):
        details = _el(parent, "details", "facilitation")
        _el(details, "summary", text="Notes for facilitators")
        self.body = _el(details, "div", "facilitation-body")
        return details

    def on_add(self, block):
        return self.body


class Notepad(GuideBlock):
    NAME = "notepad"
    KIND = "Notepad"
    ARGUMENT = True
    OPTIONS = {"id": ("", type_html_identifier), "lines": (6, type_minutes)}

    def on_end(self, block):
        block.set("data-lines", str(self.options["lines"]))
        ruled = _el(block, "div", "ruled", aria_hidden="true")
        for _ in range(self.options["lines"]):
            _el(ruled, "span", "rule")


def _tick(item: etree.Element, identity: str) -> None:
    """Make a list item a tick box with its own words as the label; works without script."""
    label = etree.Element("label", {"class": "tick"})
    _el(label, "input", type="checkbox", id=identity, autocomplete="off")
    words = _el(label, "span", "tick-text")
    words.text, item.text = item.text, None
    for child in list(item):
        if child.tag == "p":  # a loose list wraps its items in paragraphs
            words.text = (words.text or "").rstrip() + (child.text or "")
            words.extend(list(child))
        else:
            words.append(child)
        item.remove(child)
    item.append(label)


class Checklist(GuideBlock):
    NAME = "checklist"
    KIND = "Checklist"
    ARGUMENT = True
    OPTIONS = {"id": ("", type_html_identifier)}

    def on_inline_end(self, block):
        for number, item in enumerate(list(block.iter("li")), 1):
            _tick(item, f"{self.options['id']}-{number}")


class Figure(GuideBlock):
    """An SVG from the guide's `images/`, inlined so that its words are text in the page's own type."""

    NAME = "figure"
    KIND = "Figure"
    ARGUMENT = True
    OPTIONS = {"id": ("", type_html_identifier), "src": ("", type_string)}

    def on_create(self, parent):
        figure = super().on_create(parent)
        figure.tag = "figure"
        del figure.attrib["aria-label"]
        self.head.tag = "figcaption"
        figure.insert(1, self._drawing())
        details = etree.Element("details", {"class": "figure-text"})
        _el(details, "summary", text="This figure in words")
        figure.remove(self.body)
        details.append(self.body)
        figure.append(details)
        return figure

    def _drawing(self) -> etree.Element:
        series = self.extension.project.series
        prefix = self.code[:2]
        guide = next((guide for guide in series.guides if guide.prefix == prefix), None)
        file = series.docs / (guide.slug if guide else "") / self.options["src"]
        if not self.options["src"] or not file.is_file():
            raise AuthorError(f'Figure {self.code}: the file "{self.options["src"]}" is not there. Check src.')
        try:
            svg = etree.fromstring(file.read_text(encoding="utf-8"))
        except etree.ParseError as error:
            raise AuthorError(f"Figure {self.code}: {file.name} is not well-formed SVG ({error}). Mend it.") from None
        svg = copy.deepcopy(svg)
        for element in svg.iter():
            if isinstance(element.tag, str):
                element.tag = element.tag.removeprefix(SVG)
        for title in svg.findall("title"):
            svg.remove(title)
        svg.set("xmlns", "http://www.w3.org/2000/svg")
        svg.set("role", "img")
        svg.set("focusable", "false")
        label = re.sub(r"[*_`]", "", self.argument)
        svg.set("aria-label", f"{label}. The same in words follows.")
        svg.set("class", f"{svg.get('class', '')} drawing".strip())
        box = etree.Element("div", {"class": "figure-drawing"})
        box.append(svg)
        return box

    def on_add(self, block):
        return self.body


def _in_guide(section: etree.Element, identity: str, series: Series) -> None:
    """Give a plan or a question the colour of the guide whose prefix its id holds (`plan-id-60`)."""
    guide = training.owner(series, (identity.split("-") + [""])[1])
    if guide:
        section.set("data-guide", guide.slug)


def _link_to(parent: etree.Element, coded: Coded, text: str) -> etree.Element:
    """A link from a page of the training folder to what a code stands for."""
    return elements.add(parent, "a", "code-link", text, href=f"../{coded.path}")


class Session(GuideBlock):
    """A plan: tables of minutes, code and what happens, to which the build adds a clock and the titles of codes."""

    NAME = "session"
    KIND = "Session plan"
    ARGUMENT = True
    OPTIONS = {
        "id": ("", type_html_identifier),
        "minutes": (0, type_minutes),
        "group": ("", type_string),
        "material": ("", type_string),
        "room": ("", type_string),
    }

    @property
    def code(self) -> str:
        return ""  # a plan has an address, and no code to say aloud

    def on_create(self, parent):
        section = super().on_create(parent)
        section.set("data-minutes", str(self.options["minutes"]))
        section.attrib.pop("data-code", None)
        _in_guide(section, self.options["id"], self.extension.project.series)
        meta = _el(self.head, "ul", "block-meta")
        _el(meta, "li", "minutes", training.spoken(self.options["minutes"]))
        for name in ("group", "material", "room"):
            if self.options[name]:
                item = _el(meta, "li", name)
                _el(item, "strong", "", f"{name.capitalize()}:")
                self._words(item, self.options[name])
        return section

    def _words(self, item: etree.Element, text: str) -> None:
        """The words of an option after its label, with each code as a link."""
        coded, last, end = self.extension.project.series.coded, item[-1], 0
        last.tail = " "
        for match in ANY_CODE.finditer(text):
            if match[0] in coded:
                last.tail = (last.tail or "") + text[end : match.start()]
                last, end = _link_to(item, coded[match[0]], match[0]), match.end()
        last.tail = (last.tail or "") + text[end:]

    def on_end(self, block):
        for table in self.body.iter("table"):
            table.set("class", "plan")
            self._head(table.find("thead/tr"))
            now = 0
            for row in table.iterfind("tbody/tr"):
                now = self._row(row, now)
            end = _el(table.find("tbody"), "tr", "plan-end")
            _el(end, "td", "clock", training.clock(now))
            _el(end, "td", "", "End", colspan="3")

    def _head(self, row: etree.Element) -> None:
        names = [cell.text for cell in row]
        if names != list(training.COLUMNS):
            raise AuthorError(f"{self.options['id']}: a plan's table has the columns {', '.join(training.COLUMNS)}.")
        clock = etree.Element("th", {"class": "clock"})
        clock.text = "Clock"
        row.insert(0, clock)

    def _row(self, row: etree.Element, now: int) -> int:
        """Add the clock and the link to one row; returns the minutes since the beginning after it."""
        minutes, code, what = row
        if not (minutes.text or "").isdigit():
            raise AuthorError(f'{self.options["id"]}: "{minutes.text}" is not whole minutes.')
        clock = etree.Element("td", {"class": "clock"})
        clock.text = training.clock(now)
        row.insert(0, clock)
        length = int(minutes.text)
        minutes.set("class", "minutes")
        _el(minutes, "span", "unit", " min")
        code.set("class", "code")
        what.set("class", "what")
        name = (code.text or "").strip()
        if name:
            coded = self.extension.project.series.coded.get(name)
            if not coded:
                raise AuthorError(f'{self.options["id"]}: there is no "{name}".')
            code.text = ""
            row.set("data-code", name)
            link = _link_to(code, coded, "")
            elements.add(link, "strong", "", name).tail = AtomicString(f" {coded.title}")
        return now + length


class Question(GuideBlock):
    """A question of an evaluation: the items of its list become lettered options, its answer stands after them."""

    NAME = "question"
    ARGUMENT = True
    OPTIONS = {"id": ("", type_html_identifier)}

    def on_create(self, parent):
        number = self.options["id"].rpartition("-")[2]
        section = _el(parent, "section", "question", id=self.options["id"], data_number=number)
        section.set("aria-label", f"Question {number}")
        _in_guide(section, self.options["id"], self.extension.project.series)
        _el(_el(section, "div", "block-head"), "p", "block-title", self.argument)
        self.body = _el(section, "div", "block-body")
        return section

    def on_end(self, block):
        for details in self.body.findall("details"):
            self.body.remove(details)
            block.append(details)
            details.find("summary").text = f"Answer to question {block.get('data-number')}"
        for listing in self.body.findall("ul"):
            listing.tag = "ol"
            listing.set("class", "options")
            listing.set("type", "a")


class Answer(Block):
    NAME = "answer"
    ARGUMENT = True  # the letter of the right option

    def on_create(self, parent):
        right = self.argument.strip()
        details = _el(parent, "details", "answer", data_right=right)
        _el(details, "summary", text="Answer")
        self.body = _el(details, "div", "answer-body")
        _el(self.body, "p", "answer-right", f"The answer is {right}.")
        return details

    def on_add(self, block):
        return self.body


class WriteIn(GuideBlock):
    """A question of a form that nobody signs: the items of a list become tick boxes, `lines` become ruled lines."""

    NAME = "write-in"
    ARGUMENT = True
    OPTIONS = {"id": ("", type_html_identifier), "lines": (0, type_minutes)}

    def on_create(self, parent):
        section = _el(parent, "section", "write-in", id=self.options["id"])
        section.set("aria-label", re.sub(r"[*_`]", "", self.argument))
        _el(_el(section, "div", "block-head"), "p", "block-title", self.argument)
        self.body = _el(section, "div", "block-body")
        return section

    def on_end(self, block):
        if self.options["lines"]:
            block.set("data-lines", str(self.options["lines"]))
            ruled = _el(block, "div", "ruled", aria_hidden="true")
            for _ in range(self.options["lines"]):
                _el(ruled, "span", "rule")

    def on_inline_end(self, block):
        for number, item in enumerate(list(block.iter("li")), 1):
            _tick(item, f"{self.options['id']}-{number}")


class References(Block):
    """Every source that a guide cites, once, in alphabetical order."""

    NAME = "references"
    ARGUMENT = True  # the guide's folder

    def on_create(self, parent):
        project = self.md.guidebook.project
        guide = next((guide for guide in project.series.guides if guide.slug == self.argument), None)
        if not guide:
            raise AuthorError(f'references: there is no guide "{self.argument}". Write the guide\'s folder.')
        box = _el(parent, "div", "references", data_search_exclude="")
        keys = {found[0].key for key in project.series.cited(guide.pages) if (found := project.register.resolve(key))}
        items = _el(box, "ul", "reference-list")
        for reference in project.references.values():
            if reference.key in keys:
                item = _el(items, "li", id=f"ref-{reference.key}")
                elements.append_html(item, reference.entry)
                source = project.register.sources[reference.key]
                _el(item, "span", "reference-seen", f" [{register.SEEN[source.seen].capitalize()}.]")
                item[-1].tail = " "
                _el(item, "a", "reference-library", "In the evidence library", href=f"../{project.places[reference.key]}#{reference.key}",
                    aria_label=f"{reference.label} in the evidence library")  # fmt: skip
        return box


class EvidenceLibrary(Block):
    """All published sources with their checked findings; see `guidebook.library`."""

    NAME = library.BLOCK
    ARGUMENT = None  # the letters of a part: D-F

    def on_create(self, parent):
        project, letters = self.md.guidebook.project, (self.argument or "").strip()
        if not letters:
            return library.build_door(parent, project)
        if letters not in {part.letters for part in library.parts(project.series)}:
            raise AuthorError(f'{self.NAME}: "{letters}" are no letters. Write `/// {self.NAME} | D-F`, or no letters for the list of all.')
        return library.build_part(parent, project, letters)


class Crosswalk(Block):
    """From each theme and article to the chapters that serve it, and back; see `guidebook.crosswalk`."""

    NAME = "crosswalk"
    ARGUMENT = False

    def on_create(self, parent):
        return crosswalk.build(parent, self.md.guidebook.project)


class Questions(Block):
    """Every question that a chapter answers, in the readers' words: a way in that needs no script."""

    NAME = "questions"
    ARGUMENT = False

    def on_create(self, parent):
        box = _el(parent, "div", "questions")
        for guide in self.md.guidebook.project.series.guides:
            elements.add(box, "h2", "", guide.title, id=f"questions-{guide.prefix.lower()}", data_guide=guide.slug)
            for page in guide.chapters:
                line = elements.add(box, "h3", data_guide=guide.slug)
                elements.add(line, "a", "", f"{page.code} {page.title}", href=page.path.as_posix())
                listing = elements.add(box, "ul", "opener-questions")
                for question in page.meta.get("questions") or []:
                    elements.add(listing, "li", "", str(question))
        return box


class Downloads(Block):
    """Links to what the build makes after the pages: raw HTML, so that no builder looks for a source file.

    Without an argument the workbooks; with `training`, what a trainer takes along.
    """

    NAME = "downloads"
    ARGUMENT = None

    def on_create(self, parent):
        series = self.md.guidebook.project.series
        match (self.argument or "").strip():
            case "":
                groups = self._workbooks(series)
            case "training":
                groups = self._training(series)
            case other:
                raise AuthorError(f'downloads: there is no list "{other}". Write `/// downloads` or `/// downloads | training`.')
        box = _el(parent, "div", "downloads")
        rows = (
            f'<p class="download-what"><strong>{what}</strong></p><p class="opener-tools">'
            + "".join(f'<a class="tool" href="{href}">{words}</a>' for href, words in links) + "</p>"
            for what, links in groups
        )  # fmt: skip
        box.text = self.md.guidebook.raw("".join(rows))
        return box

    def _workbooks(self, series: Series) -> list[tuple[str, list[tuple[str, str]]]]:
        """What there is of each guide, and of all: a line of links (address, words) each."""
        groups = [
            (guide.title, [
                (f"{guide.slug}.pdf", f"{guide.prefix} workbook (PDF)"), (f"{guide.slug}-plain.pdf", f"{guide.prefix} plain edition (PDF)"),
                (f"{guide.slug}-handouts.pdf", f"{guide.prefix} handouts (PDF)"),
                (f"../{guide.slug}/print/", f"Print {guide.prefix} from the browser, with your notes"),
            ])
            for guide in series.guides
        ]  # fmt: skip
        whole = [("series.pdf", "All guides in one volume (PDF)")] if len(groups) > 1 else []
        return [*groups, ("All guides", [*whole, ("../print_page/", "The whole series on one long page")])]

    def _training(self, series: Series) -> list[tuple[str, list[tuple[str, str]]]]:
        known = series.addresses()
        groups = [("Session plans, notes on every exercise, forms with their keys", [("facilitators-handbook.pdf", "Facilitator’s handbook (PDF)")])]
        for guide in series.guides:
            links = [(f"{guide.slug}.pptx", f"{guide.prefix} starter slides (PowerPoint)")]
            if f"evaluation-{guide.prefix.lower()}" in known:
                links.append((f"{guide.slug}-evaluation.pdf", f"{guide.prefix} before-and-after form and key (PDF)"))
            groups.append((guide.title, links))
        if "feedback" in known:
            groups.append(("After a training", [("feedback.pdf", "Feedback form (PDF)")]))
        return groups


class Offline(Block):
    """What works without a network: the box that shows what is stored (no argument), the PDFs one can keep (`files`), the
    whole site to unpack (`folder`), and how much is stored (`sizes`). Sizes come last of all, from `guidebook.offline`.
    """

    NAME = "offline"
    ARGUMENT = None

    def on_create(self, parent):
        series = self.md.guidebook.project.series
        match (self.argument or "").strip():
            case "":
                box = _el(parent, "div", "offline", data_search_exclude="")
                _el(box, "p", text="What is stored on your device shows here when scripts are on. Where they are off, nothing is stored.")
            case "sizes":
                box = _el(parent, "div")
                box.text = self.md.htmlStash.store(
                    '<p>Storing takes about <span data-size-of="packed"></span> of your connection, and about '
                    '<span data-size-of="unpacked"></span> on your device.</p>'
                )
            case "folder":
                box = _el(parent, "div", "offline-folder")
                box.text = self.md.guidebook.raw(
                    '<p><a class="tool" href="../downloads/practitioner-guides-site.zip">The whole site as a folder (ZIP)</a> <span data-size-of="folder"></span></p>'
                )
            case "files":
                box = _el(parent, "div", "offline-files", data_search_exclude="")
                box.text = self.md.guidebook.raw("".join(self._list(*part) for part in self._files(series)))
            case other:
                raise AuthorError(f'offline: there is no part "{other}". Write `/// offline`, or `sizes`, `files` or `folder` behind a bar.')
        return box

    @staticmethod
    def _list(title: str, files: list[tuple[str, str]]) -> str:
        items = "".join(
            f'<li data-file="downloads/{file}.pdf"><a href="../downloads/{file}.pdf">{words}</a> <span class="offline-size" data-size-of="downloads/{file}.pdf"></span></li>'
            for file, words in files
        )
        return f"<h3>{title}</h3><ul>{items}</ul>"

    @staticmethod
    def _files(series: Series) -> list[tuple[str, list[tuple[str, str]]]]:
        books = [(guide.slug, guide.title) for guide in series.guides]
        if len(books) > 1:
            books.append(("series", "All guides in one volume"))
        forms = [
            (f"{guide.slug}-evaluation", f"{guide.title}: ten questions before and after")
            for guide in series.guides
            if f"evaluation-{guide.prefix.lower()}" in series.addresses()
        ]
        feedback = [("feedback", "The feedback form")] if "feedback" in series.addresses() else []
        return [
            ("Workbooks", books),
            ("Handouts", [(f"{guide.slug}-handouts", f"{guide.title}: handouts") for guide in series.guides]),
            ("For trainers", [("facilitators-handbook", "The facilitator’s handbook"), *forms, *feedback]),
            ("Plain editions, for black-and-white printers", [(f"{guide.slug}-plain", f"{guide.title}: plain edition") for guide in series.guides]),
        ]


class LinkKit(Block):
    """Every code of a guide with its short address, for slides; see `guidebook.linkkit`."""

    NAME = "link-kit"
    ARGUMENT = True  # the guide's folder

    def on_create(self, parent):
        series = self.md.guidebook.project.series
        guide = next((guide for guide in series.guides if guide.slug == self.argument), None)
        if not guide:
            raise AuthorError(f'link-kit: there is no guide "{self.argument}". Write the guide\'s folder.')
        return linkkit.build(parent, series, guide, self.md.guidebook.raw)


class CodeFinder(Block):
    """All codes of the ledger, and a field to type one; see `guidebook.finder`."""

    NAME = "code-finder"
    ARGUMENT = False

    def on_create(self, parent):
        return finder.build(parent, self.md.guidebook.project.series, self.md.guidebook.raw)


class MyNotes(Block):
    """Where the script shows what a reader wrote. It carries the list of all that can be written in, as JSON."""

    NAME = "my-notes"
    ARGUMENT = False

    def on_create(self, parent):
        index = json.dumps(notes_index(self.md.guidebook.project.series), ensure_ascii=False).replace("</", "<\\/")
        box = _el(parent, "div", "my-notes", data_search_exclude="")
        _el(box, "p", text="Your notes stay in your browser, and only a script can show them here. Where scripts are off, write in the printed workbook.")
        _el(box, "div").text = self.md.htmlStash.store(f'<script type="application/json" id="notes-index">{index}</script>')
        return box


BLOCKS = (
    AtAGlance, Experience, Caution, Scenario, Exercise, Facilitation, Notepad, Checklist, Figure,
    Session, Question, Answer, WriteIn, References, EvidenceLibrary, Crosswalk, Questions, Downloads, Offline, LinkKit, CodeFinder, MyNotes,
)  # fmt: skip
BLOCK_NAMES = tuple(block.NAME for block in BLOCKS)


class GuideBlocks(BlocksExtension):
    def extendMarkdownBlocks(self, md, block_mgr):  # noqa: N802 - pymdownx's name
        for block in BLOCKS:
            block_mgr.register(block, self.getConfigs())


class GuidebookExtension(Extension):
    """Register as `guidebook.markdown`. Option `root`: the folder of mkdocs.yml, relative to where one builds."""

    def __init__(self, **kwargs):
        self.config = {"root": [".", "The folder that holds mkdocs.yml, docs/ and evidence/"]}
        super().__init__(**kwargs)
        self._project: Project | None = None
        self._notes = 0
        self.cited_here: set[str] = set()
        self.introduced: set[str] = set()

    def extendMarkdown(self, md):  # noqa: N802
        md.guidebook, self.md = self, md
        md.registerExtension(self)
        GuideBlocks().extendMarkdown(md)
        # Before Python-Markdown's own links (160), after code spans (190).
        md.inlinePatterns.register(CitationProcessor(CITATION.pattern, md, self), "guidebook-citation", 175)
        md.inlinePatterns.register(TermProcessor(TERM.pattern, md, self), "guidebook-term", 176)
        md.treeprocessors.register(TermIds(md), "guidebook-term-ids", 15)
        md.treeprocessors.register(TableScope(md), "guidebook-table-scope", 14)

    def reset(self):
        self._project = None
        self._notes = 0
        self.cited_here = set()
        self.introduced = set()

    @property
    def project(self) -> Project:
        if self._project is None:
            root = Path(self.getConfig("root")).resolve()
            self._project = _held.get(root) or Project(Series(root))
        return self._project

    def raw(self, markup: str) -> str:
        """Stash HTML whose links, relative to the page's address, lead to what is made after the pages.

        MkDocs leaves raw HTML as it is. Zensical takes each link there, too, as one from the source file: for it
        they begin in the folder that the page's address adds.
        """
        context = next((one for one in self.md.preprocessors if type(one).__name__ == "ContextPreprocessor"), None)
        source = Path(context.page.path) if context else Path("index.md")
        if source.stem != "index":
            box = html.fragment_fromstring(markup, create_parent="div")
            box.rewrite_links(lambda link: link if "://" in link or link.startswith("#") else f"{source.stem}/{link}")
            markup = "".join(html.tostring(part, encoding="unicode") for part in box)
        return self.md.htmlStash.store(markup)

    def next_note(self) -> int:
        self._notes += 1
        return self._notes


def makeExtension(**kwargs):  # noqa: N802 - Python-Markdown's entry point
    return GuidebookExtension(**kwargs)


__all__ = ["AuthorError", "BLOCK_NAMES", "GuidebookExtension", "Project", "makeExtension", "url_of"]
