"""A guide as starter slides: one PowerPoint file for a trainer to change, `downloads/<guide>.pptx`.

What stands on the slides is read from the built pages, so that a slide says what the page says and every code leads
back to it. `plan` makes the slides as plain data and parts what is too much for one (`guidebook.slidecontent`);
`guidebook.slidefile` puts them into the layouts of `guidebook.slides`.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import time
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from guidebook import pictures, qr, slidecontent, slidefile, slides, textfit
from guidebook.compose import PrintError, article_of, drawing_style, source_line
from guidebook.series import Guide, Series, url_of
from guidebook.slidecontent import Line, Picture, Run, Slide, Table, height_of, parted, places
from guidebook.slides import BODY, SECOND
from guidebook.source import SourcePage

# ---------------------------------------------------------------- reading the built pages


def plain(text: str) -> tuple[Line, ...]:
    """One paragraph of plain words."""
    return (Line((Run(text),)),)


class Reader:
    """Turns elements of one built page into lines; collects what was cited on the way."""

    def __init__(self, address: str, references: dict[str, str]):
        self.address = address  # the page's own
        self.references = references  # source key -> the whole reference
        self.cited: dict[str, str] = {}  # source key -> label

    def runs(self, element, keep_cites: bool = False) -> tuple[Run, ...]:
        """The words of an element, its nested lists left out; citations go to `cited` unless they are kept."""
        found: list[Run] = []

        def walk(node, bold: bool, italic: bool, link: str) -> None:
            if node.text:
                found.append(Run(node.text, bold, italic, link))
            for child in node:
                names = (child.get("class") or "").split() if isinstance(child.tag, str) else []
                if not isinstance(child.tag, str) or child.tag in ("ul", "ol", "details", "input") or "note" in names:
                    pass
                elif "cites" in names:
                    self.cite(child)
                    if keep_cites:
                        walk(child, bold, italic, link)
                    elif found and found[-1].text.endswith((" ", "\n")):
                        found[-1] = replace(found[-1], text=found[-1].text.rstrip())
                else:
                    target = link
                    if child.tag == "a" and not {"term-link", "cite-link", "block-code"} & set(names):
                        target = urljoin(self.address, child.get("href", ""))
                    walk(child, bold or child.tag in ("strong", "b"), italic or child.tag in ("em", "i"), target)
                if child.tail:
                    found.append(Run(child.tail, bold, italic, link))

        walk(element, False, False, "")
        return _tidy(found)

    def cite(self, cites) -> None:
        for link in cites.xpath('.//a[contains(@class, "cite-link")]'):
            key = urlsplit(link.get("href")).fragment.removeprefix("ref-")
            self.cited.setdefault(key, " ".join(link.text_content().split()))

    def blocks(self, body) -> list[Line | Table]:
        """The paragraphs, lists and tables right inside `body`; scenarios and notes for facilitators left out."""
        found: list[Line | Table] = []
        for child in body:
            if child.tag == "p":
                found.append(Line(self.runs(child)))
            elif child.tag in ("ol", "ul"):
                found += self.items(child, 0)
            elif child.tag == "table":
                found.append(Table(tuple(tuple(_words(cell) for cell in row.xpath("./th | ./td")) for row in child.iter("tr"))))
            elif child.tag == "div":
                found += self.blocks(child)
        return [item for item in found if isinstance(item, Table) or item.text]

    def items(self, listing, level: int) -> list[Line]:
        found: list[Line] = []
        first = int(listing.get("start", "1"))
        mark = "number" if listing.tag == "ol" else "bullet"
        for number, item in enumerate(listing.xpath("./li"), first):
            paragraphs = item.xpath("./p")
            own = [self.runs(paragraph) for paragraph in paragraphs] if paragraphs else [self.runs(item)]
            found.append(Line(own[0], mark, level, number))
            found += [Line(runs, "", level) for runs in own[1:]]
            for inner in item.xpath("./ul | ./ol"):
                found += self.items(inner, level + 1)
        return found

    def notes(self, body) -> list[str]:
        """The paragraphs of `body` as plain text for the speaker notes, with the citations in their place."""
        found = []
        for child in body.xpath("./p | ./ul/li | ./ol/li"):
            mark = "- " if child.tag == "li" else ""
            found.append(mark + "".join(run.text for run in self.runs(child, keep_cites=True)))
        return found

    def sources(self) -> list[str]:
        """The whole references of what was cited, for the notes."""
        known = [self.references[key] for key in self.cited if key in self.references]
        return ["Sources in full:", *known] if known else []


def _tidy(runs: list[Run]) -> tuple[Run, ...]:
    """One space where HTML has any white space, none at the ends, and neighbours of one style joined."""
    found: list[Run] = []
    for run in runs:
        text = re.sub(r"\s+", " ", run.text)
        if text.startswith(" ") and (not found or found[-1].text.endswith(" ")):
            text = text[1:]
        if not text:
            continue
        if found and replace(found[-1], text="") == replace(run, text=""):
            found[-1] = replace(found[-1], text=found[-1].text + text)
        else:
            found.append(replace(run, text=text))
    while found and not found[-1].text.rstrip():
        found.pop()
    if found:
        found[-1] = replace(found[-1], text=found[-1].text.rstrip())
    return tuple(found)


def _words(element) -> str:
    return " ".join(element.text_content().split())


def _one(element, path: str):
    found = element.xpath(path)
    return found[0] if found else None


def _has(name: str) -> str:
    return f'contains(concat(" ", @class, " "), " {name} ")'


def _references(site: Path, guide: Guide) -> dict[str, str]:
    found = {}
    for page in guide.pages:
        for item in article_of(site, page).xpath(f".//ul[{_has('reference-list')}]/li[@id]"):
            for link in item.xpath(f".//*[{_has('reference-library')}]"):
                link.drop_tree()
            found[item.get("id").removeprefix("ref-")] = _words(item)
    return found


# ---------------------------------------------------------------- the slides of a guide


@dataclass
class Context:
    """What every slide of a guide's deck looks up."""

    series: Series
    guide: Guide
    site: Path
    references: dict[str, str] = field(default_factory=dict)

    def short(self, code: str) -> str:
        return f"{self.series.site_url}go/{code.lower()}/"

    def reader(self, page: SourcePage) -> Reader:
        return Reader(self.series.site_url + url_of(page.path), self.references)


def _with_sources(content: list[Line | Table], reader: Reader) -> list[Line | Table]:
    """The content and, below it, a line with the sources that it cites."""
    if not reader.cited:
        return content
    word = "Source" if len(reader.cited) == 1 else "Sources"
    return [*content, Line((Run(f"{word}: {'; '.join(reader.cited.values())}."),), small=True)]


def _cover(context: Context) -> list[Slide]:
    series, guide = context.series, context.guide
    name = str(series.config["site_name"])
    first = guide.chapters[0]
    section = "Begin here"
    cover = Slide(
        slides.COVER, section, guide.title, eyebrow=name,
        lines=(*plain(f"Guide {guide.number} · starter slides"), *plain(f"Edition {series.edition_words}")),
        picture=Picture(pictures.PATH, "Drawing: a path that leads from a small sign to an open door", 300, 170),
        address=context.short(first.code),
        notes=(f"Starter slides for {guide.title}, {name}, Guide {guide.number}. Edition {series.edition_words}.",),
    )  # fmt: skip
    about = [
        "These slides are a beginning. Change them, put them in another order, leave out what you do not need.",
        "A code such as {code} leads to one place in the guide. Keep it with what you copy: the short address and the QR code open the page.",
        "Speaker notes hold the notes for facilitators, and which questions a chapter answers.",
        "Cases are composite: none is one real person. Ask nobody to tell their own story, and know beforehand whom to call if someone needs support.",
        "Text and drawings are under CC BY 4.0: name {name}, edition {edition}. No organisation named in them has endorsed them.",
    ]
    lines = tuple(Line((Run(text.format(code=guide.chapters[1].code, name=name, edition=series.edition_words)),), "bullet") for text in about)
    use = Slide(slides.TEXT, section, "How to use these slides", chip=guide.prefix, eyebrow=guide.title, address=context.short(first.code))
    chapters = [Line((Run(page.code, bold=True, link=context.short(page.code)), Run(page.title)), hang=64) for page in guide.chapters]
    half = (len(chapters) + 1) // 2
    contents = Slide(
        slides.COLUMNS, section, "The chapters", chip=guide.prefix, eyebrow=guide.title, lines=tuple(chapters[:half]),
        second=tuple(chapters[half:]), address=context.short(first.code),
    )  # fmt: skip
    for part, index in ((contents.lines, BODY), (contents.second, SECOND)):
        box = places(contents)[index]
        if height_of(part, box.size, box) > box.h:
            raise PrintError(f"{guide.slug}: the list of chapters is longer than a slide. Shorten the chapters' titles.")
    return [cover, *parted(use, list(lines), "How to use these slides"), contents]


def _chapter(context: Context, page: SourcePage) -> list[Slide]:
    article = article_of(context.site, page)
    for note in article.xpath(f".//*[{_has('note')}]"):
        note.drop_tree()
    where = f"docs/{page.path.as_posix()}"
    section = f"{page.code} {page.title}"
    found = _opener(context, page, article, section, where)
    for element in article.xpath(f".//figure[{_has('figure')}] | .//section[{_has('exercise')}]"):
        if element.tag == "figure":
            found += _figure(context, page, element, section, where)
        else:
            found += _exercise(context, page, element, section, where)
    return found + _forms(context, page, article, section, where)


def _opener(context: Context, page: SourcePage, article, section: str, where: str) -> list[Slide]:
    reader = context.reader(page)
    body = _one(article, f".//section[{_has('at-a-glance')}]/div[{_has('block-body')}]")
    questions = [str(question) for question in page.meta.get("questions") or []]
    if body is not None:
        content = reader.blocks(body)
    else:  # the guide's first page says what it is instead
        content = [*plain(str(page.meta.get("summary", ""))), *(Line((Run(question),), "bullet") for question in questions)]
    about = _one(article, f".//p[{_has('opener-meta')}]")
    notes = [
        *(["This chapter answers:", *(f"- {question}" for question in questions)] if questions else []),
        *([_words(about).replace(" · for", ". For", 1).replace("to read. For", "to read, for", 1) + "."] if about is not None else []),
        *([f"What these lines rest on is cited in the chapter: {context.short(page.code)}"] if body is not None else []),
        *reader.sources(),
    ]
    slide = Slide(
        slides.CHAPTER, section, page.title, chip=page.code, eyebrow="At a glance · sources in the chapter" if body is not None else "What it is",
        address=context.short(page.code), notes=tuple(notes),
    )  # fmt: skip
    return parted(slide, _with_sources(content, reader), where)


def _figure(context: Context, page: SourcePage, element, section: str, where: str) -> list[Slide]:
    reader = context.reader(page)
    code = element.get("data-code")
    title = _words(_one(element, f".//p[{_has('block-title')}]"))
    svg = _one(element, ".//svg")
    body = _one(element, f"./details[{_has('figure-text')}]/*[{_has('block-body')}]")
    if svg is None or body is None:
        raise PrintError(f"{where}: figure {code} has no drawing or no words. Write both.")
    line = source_line(body)
    source = reader.runs(line, keep_cites=True) if line is not None else ()
    if line is not None:  # the words end before it
        body.remove(body.xpath("./p[last()]")[0])
    _, _, width, height = (float(value) for value in svg.get("viewbox", svg.get("viewBox")).split())
    content = reader.blocks(body)
    told_in = [line for item in content for line in ([item.text] if isinstance(item, Line) else [", ".join(filter(None, row)) for row in item.rows])]
    words = " ".join(words if words.endswith((".", "?", "!", ":", ";")) else f"{words}." for words in told_in)
    markup = _svg(svg, drawing_style(context.series, context.guide))
    slide = Slide(
        slides.FIGURE, section, title, chip=code, eyebrow=f"Figure · {page.code}", source=source, picture=Picture(markup, words, width, height),
        address=context.short(code), notes=("The figure in words:", *(item for item in _as_text(content)), *reader.sources()),
    )  # fmt: skip
    told = Slide(slides.TEXT, section, title, chip=code, eyebrow="The figure in words", address=slide.address, notes=tuple(reader.sources()))
    if source:
        content = [*content, Line(source, small=True)]
    return [slide, *parted(told, content, where)]


def _as_text(content: list[Line | Table]) -> list[str]:
    found = []
    for item in content:
        if isinstance(item, Table):
            found += ["; ".join(row) for row in item.rows]
        else:
            mark = {"number": f"{item.start}. ", "bullet": "- "}.get(item.mark, "")
            found.append("  " * item.level + mark + item.text)
    return found


def _svg(element, style: str) -> str:
    """The drawing as XML that carries its style: HTML's parser lowers the names that SVG writes with capitals."""
    drawing = html.fromstring(html.tostring(element, encoding="unicode"))
    names = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio", "textlength": "textLength", "lengthadjust": "lengthAdjust"}
    for node in drawing.iter():
        for name, real in names.items():
            if node.get(name) is not None:
                node.set(real, node.attrib.pop(name))
    for name in ("class", "role", "focusable", "aria-label"):
        drawing.attrib.pop(name, None)
    sheet = etree.Element("style")
    sheet.text = style
    drawing.insert(0, sheet)
    return etree.tostring(drawing, encoding="unicode", with_tail=False)


def _exercise(context: Context, page: SourcePage, element, section: str, where: str) -> list[Slide]:
    reader = context.reader(page)
    code = element.get("data-code")
    title = _words(_one(element, f"./div[{_has('block-head')}]/p[{_has('block-title')}]"))
    body = _one(element, f"./div[{_has('block-body')}]")
    found = []
    for scenario in body.xpath(f"./section[{_has('scenario')}]"):
        own = context.reader(page)
        name = _one(scenario, f".//p[{_has('block-title')}]")
        content = own.blocks(_one(scenario, f"./div[{_has('block-body')}]"))
        case = Slide(
            slides.CASE, section, _words(name) if name is not None else title, chip=code, eyebrow=f"Composite case · exercise {code}",
            address=context.short(code), notes=(f"For exercise {code}, {title}: its tasks follow.", *own.sources()),
        )  # fmt: skip
        found += parted(case, _with_sources(content, own), where)
    facts: list[Run] = []
    for item in element.xpath(f"./div[{_has('block-head')}]/ul[{_has('block-meta')}]/li"):
        words = _words(item)
        if facts:
            facts.append(Run("  ·  "))
        facts.append(Run(f"material: {words}" if "material" in item.get("class", "") else words, bold="minutes" in item.get("class", "")))
    content = _with_sources(reader.blocks(body), reader)
    notes = []
    for details in element.xpath(f".//details[{_has('facilitation')}]"):
        inner = _one(details, f"./*[{_has('facilitation-body')}]")
        notes += ["Notes for facilitators", *reader.notes(inner if inner is not None else details)]
    slide = Slide(
        slides.EXERCISE, section, title, chip=code, eyebrow=f"Exercise · {page.title}", facts=tuple(facts), address=context.short(code),
        notes=(*notes, *reader.sources()),
    )  # fmt: skip
    return found + parted(slide, content, where)


def _forms(context: Context, page: SourcePage, article, section: str, where: str) -> list[Slide]:
    """A slide with what the chapter gives to write on and to tick, each with its code."""
    lines, notes, kinds = [], [], []
    for element in article.xpath(f".//section[{_has('notepad')} or {_has('checklist')}][@data-code]"):
        code, title = element.get("data-code"), _words(_one(element, f".//p[{_has('block-title')}]"))
        kind = "notepads" if "notepad" in element.get("class").split() else "checklists"
        kinds += [kind] if kind not in kinds else []
        lines.append(Line((Run(code, bold=True, link=context.short(code)), Run(title)), hang=130))
        hint = _one(element, f"./div[{_has('block-body')}]") if kind == "notepads" else None
        if hint is not None:
            notes.append(f"{code}: {_words(hint)}")
    if not lines:
        return []
    label = " and ".join(kinds).capitalize()
    slide = Slide(
        slides.LISTED, section, f"{label}: {page.title}", chip=page.code, eyebrow="In the workbook and on the site",
        address=context.short(page.code), notes=("Each has its place in the workbook, and its code opens it on the site.", *notes),
    )  # fmt: skip
    return parted(slide, lines, where)


def _evaluation(context: Context) -> list[Slide]:
    """One slide a question of the guide's evaluation page, the answer in the notes; none if there is no such page."""
    path = f"training/evaluation-{context.guide.slug}/"
    file = context.site / path / "index.html"
    if not file.exists():
        return []
    tree = html.parse(str(file), parser=html.HTMLParser(encoding="utf-8")).getroot()
    page = next((page for page in context.series.pages if url_of(page.path) == path), None)
    address = context.short(page.code) if page and page.code else context.series.site_url + path
    for note in tree.xpath(f"//*[{_has('note')}]"):
        note.drop_tree()
    questions = tree.xpath(f"//section[{_has('question')}]")
    found = []
    by_url = {url_of(chapter.path): chapter for chapter in context.guide.chapters}
    for number, element in enumerate(questions, 1):
        reader = Reader(context.series.site_url + path, context.references)
        title = _words(_one(element, f".//p[{_has('block-title')}]"))
        options = [reader.runs(item) for item in element.xpath(f".//ol[{_has('options')}]/li")]
        lines: list[Line | Table] = [Line(runs, "letter", 0, place) for place, runs in enumerate(options, 1)]
        answer = _one(element, f".//details[{_has('answer')}]")
        notes = []
        if answer is not None:
            right = answer.get("data-right", "")
            place = "abcd".find(right) if right else -1
            words = "".join(run.text for run in options[place]) if 0 <= place < len(options) else ""
            body = _one(answer, f"./*[{_has('answer-body')}]")
            body = answer if body is None else body
            chapters = []
            for link in body.xpath(".//a[@href]"):
                target = urlsplit(urljoin(f"https://site/{path}", link.get("href"))).path.lstrip("/")
                chapter = by_url.get(target.removesuffix("index.html"))
                if chapter and chapter not in chapters:
                    chapters.append(chapter)
            notes = [
                f"Answer: {right}. {words}", *reader.notes(body),
                *(f"Read: {chapter.code} {chapter.title}, {context.short(chapter.code)}" for chapter in chapters),
            ]  # fmt: skip
        slide = Slide(
            slides.QUESTION, "Evaluation", title, chip=f"{number} of {len(questions)}", eyebrow="Evaluation: choose one answer",
            address=address, notes=(*notes, *reader.sources()),
        )  # fmt: skip
        found += parted(slide, lines, f"training/evaluation-{context.guide.slug}.md")
    return found


def plan(series: Series, guide: Guide, site: Path) -> list[Slide]:
    """All slides of a guide's deck, from the built pages in `site`. Raises PrintError with a line for the author."""
    context = Context(series, guide, site, _references(site, guide))
    found = _cover(context)
    for page in guide.chapters:
        found += _chapter(context, page)
    return found + _evaluation(context)


def _fingerprint(series: Series, guide: Guide, found: list[Slide]) -> str:
    """What the deck depends on: its slides, the colours and fonts of paper, these modules and the engines."""
    digest = hashlib.sha256(repr((found, series.edition_words, series.config["site_name"], guide.title)).encode())
    digest.update((series.docs / "assets" / "styles" / "print.css").read_bytes())
    modules = (Path(__file__), *(Path(module.__file__) for module in (qr, slidecontent, slidefile, slides, textfit, pictures)), textfit.WIDTHS)
    for file in modules:
        digest.update(file.read_bytes())
    digest.update(f"{pictures.versions()} {version('python-pptx')} {version('zxing-cpp')}".encode())
    return digest.hexdigest()


def build_deck(series: Series, guide: Guide, site: Path) -> Path:
    """The starter slides of `guide` at `site/downloads/<guide>.pptx`, from the built pages in `site`.

    An unchanged deck is taken from `.cache/deck/`. Raises PrintError with a line for the author or the machine's owner.
    """
    started = time.perf_counter()
    found = plan(series, guide, site)
    target = site / "downloads" / f"{guide.slug}.pptx"
    target.parent.mkdir(parents=True, exist_ok=True)
    cache = series.root / ".cache" / "deck"
    kept = cache / f"{guide.slug}-{_fingerprint(series, guide, found)[:16]}.pptx"
    if kept.exists():
        shutil.copyfile(kept, target)
        print(f"  {target.name}: unchanged", flush=True)
        return target
    blob = slidefile.write(series, guide, found)
    cache.mkdir(parents=True, exist_ok=True)
    for old in cache.glob(f"{guide.slug}-*.pptx"):
        old.unlink()
    kept.write_bytes(blob)
    shutil.copyfile(kept, target)
    print(f"  {target.name}: {len(found)} slides, {len(blob) / 1e6:.1f} MB in {time.perf_counter() - started:.1f} s", flush=True)
    return target
