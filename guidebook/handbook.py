"""The facilitator's handbook: all that a trainer needs in one book, composed from the built pages.

How to train and how to keep people safe, every session plan, the notes on every exercise of all guides, the
forms with their keys, and where to find things. The text of the guides themselves stays in the workbooks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lxml import html

from guidebook import forms, glossary, training
from guidebook.compose import (
    PrintError,
    anchor_of,
    facilitation,
    inner,
    on_paper,
    paper_article,
    reference_list,
    templates,
    verify,
)
from guidebook.qr import qr_svg
from guidebook.series import ANY_CODE, Coded, Guide, Series, url_of
from guidebook.source import SourcePage

NAME = "facilitators-handbook"
TITLE = "Facilitator’s handbook"
# Up to so many rows a plan's first table stays on one page with its head; with more than CLOSE its rows move together.
WHOLE, CLOSE = 9, 12
# What opens the book, by the codes of the pages.
OPENING = ("training", "training-safety")


@dataclass
class Part:
    """A chapter of the handbook. `kind` says which form of the template it takes: text, notes or evaluation."""

    kind: str
    id: str
    title: str
    summary: str = ""
    guide: Guide | None = None
    qr: str = ""
    body: str = ""
    sections: list[tuple[str, str]] = field(default_factory=list)  # (id, title) for the contents
    notes: list[tuple[Coded, list[Entry]]] = field(default_factory=list)  # each chapter with its exercises
    questions: list[forms.Question] = field(default_factory=list)
    feedback: str = ""


@dataclass(frozen=True)
class Entry:
    """The notes on one exercise, with what its card says."""

    id: str
    coded: Coded
    meta: tuple[str, ...]
    body: str


@dataclass(frozen=True)
class Plan:
    """A session plan as the list of plans shows it."""

    id: str
    title: str
    minutes: str
    group: str  # for whom: what the title of its page says after the colon


def _order(series: Series) -> list[SourcePage]:
    """The pages of the training section that the handbook holds, in its order."""
    by_code = {page.code: page for page in series.pages}
    opening = [by_code[code] for code in OPENING if code in by_code]
    closing = [page for page in (forms.feedback_page(series),) if page]
    return [*opening, *training.pages(series, "plans"), *training.pages(series, "evaluation"), *closing]


def compose_handbook(series: Series, site: Path) -> str:
    """The handbook as one HTML document, from the built pages in `site`.

    A code of an exercise leads to the notes on it, other codes to their short addresses.
    Raises PrintError for a link that leads nowhere in print, or an id used twice.
    """
    pages = _order(series)
    lists = [page for guide in series.guides for page in guide.pages if page not in guide.chapters]
    book = Guide(NAME, "", 0, TITLE, "Handbook", (*pages, *lists))
    terms, used_terms = glossary.load(series.docs), {}
    noted = [_notes(series, guide, book, site, used_terms, terms) for guide in series.guides]
    exercises = {entry.coded.code for part in noted for _, entries in part.notes for entry in entries}
    plans: list[Plan] = []
    written = []
    for page in pages:
        article = paper_article(site, page)
        _codes(article, series, exercises)
        written.append(_part(series, page, article, book, site, used_terms, terms, plans))
    front = [part for part in written if part.kind == "text"]
    back = [part for part in written if part.kind != "text"]
    parts = [*front, *noted, *back]
    document = (
        templates(series)
        .get_template("handbook.html")
        .render(
            title=TITLE, guides=series.guides, parts=parts, plans=plans, listed=_listed(series), places=_places(series),
            references=_references(series, site, lists, parts), terms=[terms[name] for name in sorted(used_terms)],
            qr_home=qr_svg(series.site_url), **forms.about(series),
        )
    )  # fmt: skip
    verify(document, NAME)
    return document


def _codes(article, series: Series, exercises: set[str]) -> None:
    """Lead each link to an exercise to the notes on it, and each other code to its short address.

    A chapter that is named by its title keeps its link for `on_paper`, which prints the address; a code says it.
    """
    for link in article.xpath(".//a[@href]"):
        if ANY_CODE.fullmatch(link.text_content().strip()):
            link.set("class", "code-alone")  # it does not part at its hyphen
        code = link.get("href").partition("#")[2].upper()
        if code in exercises:
            link.set("href", f"#notes-{code.lower()}")
            link.set("class", f"notes-link {link.get('class', '')}".strip())
        elif code in series.coded:
            link.set("href", f"{series.site_url}go/{code.lower()}/")
        elif (first := link.text_content().split(" ")[0]) in series.coded and link.get("href").split("#")[0].startswith("../"):
            link.set("href", f"{series.site_url}go/{first.lower()}/")


def _part(series, page: SourcePage, article, book: Guide, site: Path, used_terms: dict, terms: dict, plans: list[Plan]) -> Part:
    """One training page as a part of the book; its session plans are added to `plans`."""
    kind, _, whose = page.code.partition("-")
    owner = training.owner(series, whose)
    part = Part("text", anchor_of(page), page.title, str(page.meta.get("summary", "")), owner)
    part.qr = qr_svg(forms.short_address(series, page))
    if kind == "evaluation" and owner:
        part.kind, part.questions = "evaluation", forms.questions(series, page, site)
        for section in article.xpath('.//section[@class="question"]'):
            section.drop_tree()
    elif page.code == forms.FEEDBACK:
        part.kind, part.feedback = "feedback", forms.feedback_form(series, page, site)
        for section in article.xpath('.//section[@class="write-in"]'):
            section.drop_tree()
    _drop_empty_sections(article)
    on_paper(article, page, book, series, used_terms, terms)
    for session in article.xpath('.//section[@class="session"]'):
        title = session.xpath('.//p[@class="block-title"]')[0]
        title.tag = "h2"  # on paper a plan is a section of its own, in the contents and the bookmarks
        title.set("id", f"{session.get('id')}-title")
        for kind_line in session.xpath('.//p[@class="block-kind"]'):
            kind_line.drop_tree()
        for number, table in enumerate(session.xpath('.//table[@class="plan"]')):
            rows = len(table.xpath("./tbody/tr"))
            if number or rows <= WHOLE:  # the first has the plan's head above it
                table.set("class", "plan whole")
            elif rows > CLOSE:
                table.set("class", "plan close")
        meta = session.xpath('.//li[@class="minutes"]')[0]
        group = page.title.partition(":")[2].strip() or page.title
        plans.append(Plan(title.get("id"), " ".join(title.text_content().split()), meta.text_content().strip(), group[:1].upper() + group[1:]))
    part.sections = [(h.get("id"), " ".join(h.text_content().split())) for h in article.xpath(".//h2[@id]")]
    if part.questions:
        prefix = owner.prefix.lower()
        part.sections += [(f"form-{prefix}", f"Before and after: {owner.title}"), (f"key-{prefix}", f"Answer key: {owner.title}")]
    if part.feedback:
        part.sections.append(("form-feedback", "After this training"))
    part.body = inner(article).strip()
    return part


def _drop_empty_sections(article) -> None:
    """Drop headings under which nothing is left once the questions stand on their form."""
    for heading in article.xpath("./h2"):
        after = heading.getnext()
        if (after is None or after.tag == "h2") and not (heading.tail or "").strip():
            heading.drop_tree()


def _notes(series: Series, guide: Guide, book: Guide, site: Path, used_terms: dict, terms: dict) -> Part:
    """The notes on all exercises of a guide, chapter by chapter."""
    part = Part("notes", f"notes-{guide.prefix.lower()}", f"Notes on the exercises: {guide.short_title}", guide=guide)
    for page in guide.chapters:
        article = html.Element("article")
        for exercise in paper_article(site, page).xpath('.//section[contains(concat(" ", @class, " "), " exercise ")]'):
            for task in exercise.xpath('./div[@class="block-body"]/*[not(self::details)]'):
                task.drop_tree()  # the task is in the workbook, in front of the participants
            exercise.tail = None
            article.append(exercise)
        on_paper(article, page, book, series, used_terms, terms)
        entries = [_entry(series, note) for note in facilitation(article)]
        if entries:
            part.notes.append((series.coded[page.code], entries))
    part.sections = [(f"{part.id}-{coded.code.lower()}", f"{coded.code} {coded.title}") for coded, _ in part.notes]
    return part


def _entry(series: Series, note) -> Entry:
    coded = series.coded[note.exercise]
    options = coded.block.options
    meta = [training.spoken(coded.minutes), *(str(options[name]) for name in ("group", "material") if options.get(name))]
    return Entry(note.id, coded, tuple(meta), note.body.strip())


def _references(series: Series, site: Path, lists: list[SourcePage], parts: list[Part]) -> str:
    """The references that the notes cite, once each; empty if they cite none."""
    bodies = [part.body for part in parts] + [entry.body for part in parts for _, entries in part.notes for entry in entries]
    cited = {href[1:] for body in bodies if body for href in html.fragment_fromstring(body, "div").xpath('.//a[starts-with(@href, "#ref-")]/@href')}
    items: dict[str, html.HtmlElement] = {}
    for page in lists:
        for item in paper_article(site, page).xpath('.//ul[@class="reference-list"]/li[@id]'):
            if item.get("id") in cited:
                items[item.get("id")] = item
    if cited - set(items):
        raise PrintError(f"The handbook cites what no reference list holds: {', '.join(sorted(cited - set(items)))}.")
    return reference_list(items) if items else ""


def _listed(series: Series) -> list[tuple[Guide, list[Coded]]]:
    """Each guide with its chapters and exercises, in reading order."""
    return [
        (guide, [coded for coded in series.coded.values() if coded.page in guide.chapters and (not coded.block or coded.minutes)])
        for guide in series.guides
    ]


def _places(series: Series) -> list[tuple[str, str]]:
    """What a trainer takes along, and the address of each."""
    downloads = f"{series.site_url}downloads/"
    places = [(f"{guide.title}: the workbook", f"{downloads}{guide.slug}.pdf") for guide in series.guides]
    places += [
        (f"{guide.title}: questions before and after, with the key", f"{downloads}{guide.slug}-evaluation.pdf")
        for guide in series.guides
        if forms.evaluation_page(series, guide)
    ]
    if forms.feedback_page(series):
        places.append(("The feedback form", f"{downloads}{forms.FEEDBACK}.pdf"))
    places.append(("This handbook", f"{downloads}{NAME}.pdf"))
    places += [(page.title, f"{series.site_url}{url_of(page.path)}") for page in training.pages(series, "links")]
    places.append(("All downloads", downloads))
    return places


