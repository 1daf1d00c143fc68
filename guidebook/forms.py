"""Forms to hand out: the ten questions before and after a training, with their key, and the feedback form.

Made from the built pages of the training section, so that a form asks what its page asks. The handbook for
facilitators prints the same forms (see `guidebook.handbook`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lxml import html

from guidebook import training
from guidebook.compose import (
    PrintError,
    bare,
    inner,
    new_id,
    paper_article,
    paper_forms,
    target_of,
    templates,
    verify,
)
from guidebook.series import Guide, Series
from guidebook.source import SourcePage

SHEET = "handbook.css"
FEEDBACK = "feedback"


@dataclass(frozen=True)
class Question:
    """A question of an evaluation; `title`, `options` and `why` are HTML whose links are short addresses."""

    number: int
    id: str
    title: str
    words: str  # the title as plain words, which name the fields
    options: tuple[tuple[str, str, str], ...]  # letter, HTML, plain words
    right: str
    why: str
    chapters: tuple[tuple[str, str], ...]  # code and short address of each chapter that the answer names


def short_address(series: Series, page: SourcePage, fragment: str = "") -> str:
    """The address that never breaks, of a page or of a coded block on it."""
    code = fragment if fragment.upper() in series.coded else page.code.lower()
    return f"{series.site_url}go/{code}/"


def shorten_links(element, page: SourcePage, series: Series) -> list[SourcePage]:
    """Make each relative link below `element` a short address, in place; returns the pages they lead to."""
    found = []
    for link in element.xpath(".//a[@href]"):
        href = link.get("href")
        if href.startswith(("http:", "https:", "mailto:", "#")):
            continue
        target = target_of(series, page, href)
        if not target.code:
            raise PrintError(f'docs/{page.path.as_posix()}: the link "{href}" breaks in print. Give that page a "code" in its front matter.')
        link.set("href", short_address(series, target, href.partition("#")[2]))
        found.append(target)
    return found


def evaluation_page(series: Series, guide: Guide) -> SourcePage | None:
    """The page that holds a guide's ten questions, or None while nobody has written it."""
    code = f"evaluation-{guide.prefix.lower()}"
    return next((page for page in training.pages(series, "evaluation") if page.code == code), None)


def feedback_page(series: Series) -> SourcePage | None:
    return next((page for page in series.pages if page.code == FEEDBACK), None)


def questions(series: Series, page: SourcePage, site: Path) -> list[Question]:
    """The questions of an evaluation page, from its built page in `site`. Raises PrintError for a dead link."""
    found = []
    for section in paper_article(site, page).xpath('.//section[@class="question"]'):
        title = section.xpath('.//p[@class="block-title"]')[0]
        details = section.xpath('./details[@class="answer"]')[0]
        body = details.xpath('./div[@class="answer-body"]')[0]
        for line in body.xpath('./p[@class="answer-right"]'):
            line.drop_tree()
        targets = shorten_links(section, page, series)
        chapters = {target.code: short_address(series, target) for target in targets if target.code in series.coded}
        options = section.xpath('.//ol[@class="options"]/li')
        found.append(
            Question(
                number=int(section.get("data-number")), id=new_id(page, section.get("id")), title=inner(title).strip(),
                words=_words(title), right=details.get("data-right"), why=inner(body).strip(), chapters=tuple(chapters.items()),
                options=tuple((letter, inner(item).strip(), _words(item)) for letter, item in zip(training.LETTERS, options, strict=False)),
            )
        )  # fmt: skip
    return found


def _words(element) -> str:
    return " ".join(element.text_content().split())


def feedback_form(series: Series, page: SourcePage, site: Path) -> str:
    """The questions of the feedback page as fields on paper, as HTML."""
    article = paper_article(site, page)
    paper_forms(article)
    parts = []
    for section in article.xpath('.//section[@class="write-in"]'):
        for box in section.xpath('.//input[@type="checkbox"]'):  # "Yes" alone would not say to what
            box.set("aria-label", f"{section.get('aria-label')} {box.get('aria-label')}")
        parts.append(html.tostring(section, encoding="unicode", with_tail=False))
    return "\n".join(parts)


def sheet(series: Series) -> str:
    """The style of forms and handbook, which stands inside each document: the PDF depends on it as on the text."""
    return (series.docs / "assets" / "styles" / SHEET).read_text(encoding="utf-8")


def about(series: Series) -> dict:
    """What every document of the training section says of itself."""
    return {
        "series": series.config["site_name"],
        "edition": series.edition_words,
        "year": series.edition[:4],
        "address": bare(series.site_url),
        "site_url": series.site_url,
        "sheet": sheet(series),
    }


def compose_evaluation(series: Series, guide: Guide, site: Path) -> str:
    """The evaluation form of a guide with its key as one HTML document. Raises PrintError."""
    page = evaluation_page(series, guide)
    if page is None:
        raise PrintError(f"{guide.title} has no evaluation page. Write docs/{training.FOLDER}/evaluation-{guide.slug}.md.")
    document = (
        templates(series)
        .get_template("form.html")
        .render(guide=guide, questions=questions(series, page, site), title=f"Before and after: {guide.title}", **about(series))
    )
    verify(document, f"evaluation of {guide.slug}")
    return document


def compose_feedback(series: Series, site: Path) -> str:
    """The feedback form as one HTML document. Raises PrintError."""
    page = feedback_page(series)
    if page is None:
        raise PrintError(f"There is no feedback form. Write docs/{training.FOLDER}/{FEEDBACK}.md.")
    document = templates(series).get_template("form.html").render(feedback=feedback_form(series, page, site), title=page.title, **about(series))
    verify(document, FEEDBACK)
    return document


