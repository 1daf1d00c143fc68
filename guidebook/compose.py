"""One guide as one HTML document, composed from the built pages: for the browser's print button and for the PDF.

The print-site plugin makes one page of the whole series and renames heading ids on it, but not the ids of
blocks, so links to a notepad die there. Here every id and every link to it is rewritten together, of whatever
element, and composition refuses to finish with a dead link: it names the page and the link.
"""

from __future__ import annotations

import copy
import posixpath
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, select_autoescape
from lxml import etree, html

from guidebook import glossary
from guidebook.citations import sort_key
from guidebook.colours import roles
from guidebook.qr import qr_svg
from guidebook.series import Guide, Series, url_of
from guidebook.source import SourcePage


class PrintError(ValueError):
    """A guide cannot be printed as it is; the message names page, link and cure."""


@dataclass
class Chapter:
    """A chapter ready for the template: its body and what its opener shows."""

    code: str
    id: str
    title: str
    summary: str
    serves: list[str]
    minutes: int
    questions: list[str]
    short: str
    qr: str
    guide: Guide  # whose chapter it is: the document of the whole series holds all guides'
    duties: list[str]
    body: str = ""
    sections: list[tuple[str, str]] = field(default_factory=list)  # (id, title) of its second-level headings


@dataclass
class Note:
    """Facilitation notes that moved to the appendix."""

    id: str
    exercise: str
    title: str
    body: str


def article_of(site: Path, page: SourcePage) -> html.HtmlElement:
    """The built page's article, parsed anew. Raises PrintError if the page is not built."""
    file = site / url_of(page.path) / "index.html"
    if not file.exists():
        raise PrintError(f"{page.path.as_posix()}: its built page is missing. Build the site first.")
    tree = html.parse(str(file), parser=html.HTMLParser(encoding="utf-8")).getroot()
    found = tree.xpath('//article[contains(concat(" ", @class, " "), " md-content__inner ")]')
    if not found:
        raise PrintError(f"{page.path.as_posix()}: the built page has no article. Did the theme change?")
    for frame in found[0].xpath('.//div[@class="table-frame"]'):
        frame.drop_tag()  # in which a table scrolls on a screen
    return found[0]


# What the theme and the site add to a page, and paper does not need: conditions of an element.
SCREEN_ONLY = (
    'contains(concat(" ", @class, " "), " note ")', 'contains(@class, "chapter-opener")', 'contains(@class, "chapter-eyebrow")',
    'contains(@class, "headerlink")', 'contains(@class, "md-content__button")', 'contains(@class, "md-source-file")',
    'contains(@class, "reference-library")', "self::aside", "self::form", "self::script",
)  # fmt: skip
NOT_ON_PAPER = etree.XPath(f'.//*[self::h1 or {" or ".join(SCREEN_ONLY)}]')  # the title stands in the opener


def _drop(element: html.HtmlElement) -> None:
    element.drop_tree()


def _classes(element) -> list[str]:
    return (element.get("class") or "").split()


def inner(element) -> str:
    """The HTML inside an element."""
    return (element.text or "") + "".join(html.tostring(child, encoding="unicode") for child in element)


def anchor_of(page: SourcePage) -> str:
    """What keeps the ids of this page apart from those of others."""
    return page.code.lower() or "-".join(page.path.with_suffix("").parts)


def new_id(page: SourcePage, old: str) -> str:
    """The id that an element of `page` has in a document of many pages."""
    # Codes and reference anchors are unique in a guide already, and are what people know: they stay.
    return old if re.match(r"^([a-z]{2}\d{1,2}-[cefn]\d|ref-)", old) else f"{anchor_of(page)}--{old}"


def paper_article(site: Path, page: SourcePage) -> html.HtmlElement:
    """What a built page says, without its title and without what only a screen needs. Raises PrintError."""
    article = article_of(site, page)
    for element in NOT_ON_PAPER(article):
        _drop(element)
    return article


def on_paper(article, page: SourcePage, document: Guide, series: Series, used_terms: dict, terms: dict, plain: bool = False) -> None:
    """Make the article of `page` a part of `document`, in place: figures, fields, tables, ids and links.

    Adds the glossary terms that it links to to `used_terms`. Raises PrintError for a link that leads nowhere.
    """
    if owner := series.guide_of(page):  # drawings stand in guides only
        _figures(article, drawing_style(series, owner, plain))
    paper_forms(article)
    for table in article.xpath(".//table[not(@class) and count(.//tr) <= 8]"):
        table.set("class", "short-table")
    _checklist_headings(article)
    _lead_ins(article)
    for number, section in enumerate(article.xpath(".//section[@aria-label]"), 1):  # one document holds all pages: say whose it is
        if not section.get("data-code"):
            section.set("aria-label", f"{page.code}, {number}. {section.get('aria-label')}")
    _ids(article, page)
    _links(article, page, document, series, used_terms, terms)
    _space_before_inlines(article)


def templates(series: Series, folder: Path | None = None) -> Environment:
    """The templates of print documents, in `overrides/` or in `folder`; each compiled once for all guides."""
    return _templates(folder or series.root / "overrides")


@cache
def _templates(folder: Path) -> Environment:
    return Environment(loader=FileSystemLoader(folder), autoescape=select_autoescape(["html"]))


def bare(address: str) -> str:
    """An address as people read it on paper: without scheme and closing slash."""
    return re.sub(r"^https?://|/$", "", address)


def compose(series: Series, guide: Guide, site: Path, template: Path | None = None, sheet: str = "", plain: bool = False) -> str:
    """The whole guide as one HTML document; with `series.whole`, all guides as one.

    `site` is a built site; `sheet` is the address of the style sheet to link; `plain` makes the edition for cheap
    black-and-white printers: the same pages, no area of colour. Links to other pages of the guide
    become links inside the document, links to the rest of the site become short addresses.
    Raises PrintError for a link that leads nowhere in print, or an id used twice.
    """
    terms = glossary.load(series.docs)
    used_terms: dict[str, str] = {}
    notes: list[Note] = []
    chapters: list[Chapter] = []
    references: dict[str, html.HtmlElement] = {}
    for page in guide.pages:
        owner = series.guide_of(page)
        article = paper_article(site, page)
        words = len(article.text_content().split())
        _drop_chapter_list(article)
        on_paper(article, page, guide, series, used_terms, terms, plain)
        notes += facilitation(article)
        sections = [(h.get("id"), h.text_content().strip()) for h in article.xpath(".//h2[@id]")]
        body = inner(article).strip()
        if page not in guide.chapters:  # a reference list: several guides' lists become one
            references |= {item.get("id"): item for item in article.xpath('.//ul[@class="reference-list"]/li')}
            continue
        short = f"{series.site_url}go/{page.code.lower()}/"
        chapters.append(
            Chapter(
                code=page.code, id=anchor_of(page), title=page.title, summary=str(page.meta.get("summary", "")),
                serves=list(page.meta.get("serves") or []), minutes=max(1, round(words / 200)),
                questions=list(page.meta.get("questions") or []), short=bare(short),
                qr=qr_svg(short), guide=owner, duties=list(page.meta.get("duties") or []), body=body, sections=sections,
            )
        )  # fmt: skip
    chosen = [terms[name] for name in sorted(used_terms)]
    document = templates(series, template).get_template("print.html").render(
        series=series.config["site_name"], guide=guide, guides=series.guides, chapters=chapters, references=reference_list(references), notes=notes,
        terms=chosen, edition=series.edition_words, site_url=series.site_url, sheet=sheet,
        year=series.edition[:4], address=bare(series.site_url),
        qr_home=qr_svg(f"{series.site_url}{guide.slug}/"), scripts=PRINT_PAGE_SCRIPTS, plain=plain,
    )  # fmt: skip
    verify(document, guide.slug)
    return document


# What the print page runs in a browser: a reader's notes in place of the ruled lines, and "Leave this page".
PRINT_PAGE_SCRIPTS = tuple(f"assets/scripts/{name}.js" for name in ("interface", "store", "print-notes", "leave"))


def reference_list(items: dict[str, html.HtmlElement]) -> str:
    """The references once each, in the order that citations.references gives a list."""
    for link in (link for item in items.values() for link in item.xpath(".//a") if (link.text or "").startswith("http")):
        # An address may part after a slash or a sign; a part longer than a line is wide gives way inside too.
        parted = re.sub(r"(?<=[\w.])([/?=&%_-])(?=\w)", "\\1\u200b", link.text)
        link.text = re.sub(r"([^\u200b]{36})(?=[^\u200b]{6})", "\\1\u200b", parted)
    ordered = sorted(items.values(), key=lambda item: sort_key(inner(item)))
    entries = "".join(html.tostring(item, encoding="unicode", with_tail=False) for item in ordered)
    return f'<ul class="reference-list">{entries}</ul>'


def source_line(body) -> html.HtmlElement | None:
    """A copy of the line that names a figure's source: the last paragraph of its words; None if it has none."""
    last = body.xpath("./p[last()]")
    if not last:
        return None
    line = copy.deepcopy(last[0])
    for cites in line.xpath('./span[@class="cites"]'):  # "Source: (Kiss et al., 2015)." needs no brackets
        if (line.text or "").strip() == "Source:" and cites.getprevious() is None and len(cites):
            cites.text, cites[-1].tail = "", (cites[-1].tail or "").removesuffix(")")
            if cites.text_content().endswith("."):  # "n.d." ends the sentence too
                cites.tail = (cites.tail or "").removeprefix(".")
    line.tail = None
    return line


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", re.sub("['’]", "", text.lower())))


# A drawing that has all but one word in so many of a sentence says it, in the short words of labels.
SAID = 5


def lacks(drawn: set[str], text: str) -> bool:
    """Whether a drawing with the words `drawn` leaves unsaid a sentence of `text`, or the no in one."""
    for sentence in re.split(r"(?<=[.?!])\s+", text):
        missing = (words := _words(sentence)) - drawn
        if len(missing) * SAID > len(words) or missing & {"no", "not", "never"}:
            return True
    return False


def _figures(article, style_of_drawings: str) -> None:
    """A figure prints its drawing, its title, its source line, and those of its paragraphs that the drawing lacks.

    Its list or table is the drawing in words: a paragraph before it leads in to the drawing, the others stand below.
    All of the words stay as the drawing's description.
    """
    for figure in article.xpath('.//figure[contains(@class, "figure")]'):
        drawings = figure.xpath(".//svg")
        drawn = _words(" ".join(" ".join(drawing.itertext()) for drawing in drawings))
        for details in figure.xpath('./details[contains(@class, "figure-text")]'):
            body = next(iter(details.xpath('./*[contains(@class, "block-body")]')), None)
            words = " ".join((body.text_content() if body is not None else "").split())
            for drawing in drawings:
                name = etree.Element("title")  # where WeasyPrint looks for the alternative text
                name.text = words or drawing.get("aria-label", "")
                drawing.insert(0, name)
                drawing.attrib.pop("aria-label", None)
            if body is not None and (line := source_line(body)) is not None:
                for note in [one for one in body.xpath("./p[position() < last()]") if lacks(drawn, one.text_content())]:
                    leads_in = note.xpath("following-sibling::*[self::ul or self::ol or self::table]") and details.xpath("preceding-sibling::*[descendant-or-self::svg][1]")
                    (leads_in[0] if leads_in else details).addprevious(note)
                    note.set("class", "figure-note")
                line.set("class", "figure-source")
                details.addprevious(line)
            _drop(details)
        for drawing in drawings:
            _, _, width, height = (float(value) for value in drawing.get("viewbox", drawing.get("viewBox")).split())
            # As wide as the column allows, and never taller than a page holds beside its title and source line.
            # An attribute, not a style: the site's policy blocks style attributes (guidebook/policy.py).
            drawing.set("width", f"{min(DRAWING_WIDTH, DRAWING_HEIGHT * width / height):.1f}mm")
            style = etree.SubElement(drawing, "style")
            style.text = style_of_drawings
            drawing.insert(0, style)


# Drawings carry their own style on paper: WeasyPrint reads styles inside an SVG, not the document's.
DRAWING_STYLE = (
    "text{font-family:'Source Sans 3',sans-serif;font-size:15px;fill:%(ink)s}.small{font-size:13.5px}"
    ".strong{font-weight:700}.on-solid{fill:#fff;font-weight:700}"
    ".panel{fill:%(tint)s;stroke:%(hair)s;stroke-width:1.25}.accent{fill:%(accent-tint)s;stroke:%(accent)s}"
    ".solid,.bar{fill:%(accent)s}.bar-2{fill:%(bar-2)s;stroke:%(hair)s;stroke-width:1.25}.outline{fill:none;stroke:%(hair)s;stroke-width:1.25}"
    ".line,.arrow{fill:none;stroke:%(ink)s;stroke-width:1.75}.dashed{stroke-dasharray:5 4}"
    ".head,.dot{fill:%(ink)s}"
)


DRAWING_WIDTH, DRAWING_HEIGHT = 96, 195  # millimetres on A4


def drawing_style(series: Series, guide: Guide, plain: bool = False) -> str:
    """The style of a guide's drawings, in the colour roles that print.css gives to paper and to this guide."""
    return DRAWING_STYLE % roles(series, guide, plain)


def paper_forms(article) -> None:
    """Ruled lines become a field on ruled paper; tick boxes get a name a person understands."""
    for ruled in article.xpath('.//div[contains(concat(" ", @class, " "), " ruled ")]'):
        notepad = ruled.getparent()
        lines = len(ruled.xpath("./span")) or int(notepad.get("data-lines", "6"))
        name = notepad.get("data-code") or notepad.get("id", "").upper()
        field_ = html.Element("textarea", {"name": name, "class": f"field lines-{lines}"})
        field_.set("aria-label", notepad.get("aria-label", ""))
        field_.set("rows", str(lines))
        field_.text = ""
        paper = html.Element("div", {"class": "paper"})
        for _ in range(lines):
            paper.append(html.Element("div", {"class": "paper-line"}))
        paper.append(field_)
        ruled.addnext(paper)
        ruled.getparent().remove(ruled)
    for box in article.xpath('.//input[@type="checkbox"]'):
        box.set("name", (box.get("id") or "").upper())
        words = box.getparent().text_content().strip()
        box.set("aria-label", re.sub(r"\s+", " ", words))
        box.attrib.pop("autocomplete", None)


def _checklist_headings(article) -> None:
    """A checklist begins a page: the heading right before it goes along, and is not left at a page's foot."""
    for checklist in article.xpath('.//section[contains(concat(" ", @class, " "), " checklist ")]'):
        before = checklist.getprevious()
        if before is not None and before.tag in ("h2", "h3"):
            before.set("class", f"{before.get('class', '')} before-checklist".strip())


# Up to so many letters a paragraph before a figure is its introduction; a longer one may part from it.
SHORT_LEAD = 100


def _lead_ins(article) -> None:
    """What leads in to the next block stays on its page: a short line before a figure, a colon before a paragraph.

    Not each paragraph before a figure: a long one would take half a page along to the next.
    """
    for paragraph in article.xpath(".//p[not(@class)]"):
        after, words = paragraph.getnext(), paragraph.text_content().strip()
        if after is None or (paragraph.tail or "").strip():
            continue
        if (after.tag == "figure" and len(words) <= SHORT_LEAD) or (after.tag == "p" and words.endswith(":")):
            paragraph.set("class", "lead-in")


def _drop_chapter_list(article) -> None:
    """Take the list of chapters out of a guide's introduction: on paper the contents stand before it, with pages."""
    for heading in article.xpath('.//h2[@id="the-chapters"]'):
        for chapters in heading.xpath("following-sibling::*[1][self::ol]"):
            _drop(chapters)
        _drop(heading)


INLINES = etree.XPath('.//*[self::span[contains(@class, "cites") or contains(@class, "term") or @class="short"] or self::strong or self::em or self::i or self::a or self::code]')
IN_HEAD = etree.XPath('boolean(ancestor::*[contains(@class, "block-head")])')


def _space_before_inlines(article) -> None:
    """Move the space before an inline element into a span with it.

    WeasyPrint 70 breaks a line far too early where a space at the end of a text meets an inline element that
    cannot begin on the same line ("contracts" stood alone on a line of its own).
    """
    for inline in INLINES(article):
        before, parent = inline.getprevious(), inline.getparent()
        text = (before.tail if before is not None else parent.text) or ""
        if parent.tag not in ("p", "li", "td", "dd", "span") or text == text.rstrip() or (not text.strip() and before is None):
            continue
        if IN_HEAD(inline):
            continue
        if before is not None:
            before.tail = text.rstrip()
        else:
            parent.text = text.rstrip()
        holder = html.Element("span")
        holder.text, holder.tail, inline.tail = " ", inline.tail, None
        inline.addprevious(holder)
        holder.append(inline)


def facilitation(article) -> list[Note]:
    """Take the notes for facilitators out of the exercises of an article on paper, leaving a pointer to the appendix."""
    notes = []
    for exercise in article.xpath('.//section[contains(concat(" ", @class, " "), " exercise ")]'):
        for details in exercise.xpath('.//details[contains(@class, "facilitation")]'):
            code = exercise.get("data-code", "")
            body = details.xpath('./*[contains(@class, "facilitation-body")]')
            title = "".join(exercise.xpath('./div[@class="block-head"]/p[contains(@class, "block-title")]//text()'))
            identity = f"notes-{code.lower()}"
            holder = body[0] if body else details
            notes.append(Note(identity, code, title, inner(holder)))
            pointer = html.fragment_fromstring(
                f'<p class="see-notes">Notes for facilitators: <a class="page-link" href="#{identity}">{code}</a></p>'
            )
            details.addprevious(pointer)
            _drop(details)
    return notes


def _ids(article, page: SourcePage) -> None:
    for element in article.xpath(".//*[@id]"):
        element.set("id", new_id(page, element.get("id")))
    for name in ("aria-describedby", "aria-labelledby", "for"):
        for element in article.xpath(f".//*[@{name}]"):
            if name == "aria-describedby":  # it pointed at a note that paper does not have
                del element.attrib[name]
            else:
                element.set(name, new_id(page, element.get(name)))


def target_of(series: Series, page: SourcePage, href: str) -> SourcePage:
    """The page that a relative link on the built `page` leads to. Raises PrintError if there is none."""
    here, path = url_of(page.path), unquote(urlsplit(href).path)
    path = posixpath.normpath(posixpath.join(here, path)) if path else here.rstrip("/")
    path = "" if path == "." else path.removesuffix("index.html").rstrip("/") + "/"
    found = series.by_url.get(path)
    if found is None:
        raise PrintError(_dead(page, href, "no page of the site is there"))
    return found


def _links(article, page, guide: Guide, series: Series, used_terms: dict, terms: dict) -> None:
    for link in article.xpath(".//a[@href]"):
        href = link.get("href")
        if href.startswith("#notes-"):
            continue
        parts = urlsplit(href)
        if parts.scheme in ("http", "https", "mailto"):
            continue
        target = target_of(series, page, href)
        if target in guide.pages:
            if target.path.name == "references.md" and not parts.fragment:
                link.set("href", "#references")
            elif parts.fragment:
                link.set("href", f"#{new_id(target, parts.fragment)}")
            else:
                link.set("href", f"#{anchor_of(target)}")
            if target is not page and target in guide.chapters:  # paper cannot be clicked: say the page
                link.set("class", f"{link.get('class', '')} page-link".strip())
                if link.xpath("ancestor::td") and series.guide_of(target) and target.code not in link.text_content():
                    _say_after(link, target.code)  # a cell has no room for ", page 37": the edge of the page bears the code
            continue
        if target.path.name == "glossary.md" and parts.fragment:
            name = next((name for name, term in terms.items() if term.id == parts.fragment), None)
            if name is None:
                raise PrintError(_dead(page, href, "the glossary has no such term"))
            used_terms[name] = parts.fragment
            link.set("href", f"#term-{parts.fragment}")
            continue
        if not target.code:
            raise PrintError(_dead(page, href, "that page has no short address"))
        short = f"{series.site_url}go/{target.code.lower()}/"
        link.set("href", short)
        _say_after(link, bare(short))


def _say_after(link, where: str) -> None:
    """Print in brackets after a link where it leads."""
    shown = html.Element("span", {"class": "short"})
    shown.text = f"({where})"
    shown.tail, link.tail = link.tail, " "  # the line may part here, and not in the address
    link.addnext(shown)


def _dead(page: SourcePage, href: str, why: str) -> str:
    name = posixpath.basename(urlsplit(href).path.rstrip("/")) or href
    line = page.line_of(name)
    return (
        f'docs/{page.path.as_posix()}:{line}: the link "{href}" breaks in print: {why}. '
        'Link to a page that has a "code" in its front matter, or to a heading that exists.'
    )


def verify(document: str, name: str) -> None:
    """Refuse a document in which an id stands twice or a link inside it is dead; `name` is what the message calls it."""
    tree = html.fromstring(document)
    ids = tree.xpath("//@id", smart_strings=False)
    known = Counter(ids)
    if len(known) < len(ids):
        doubled = sorted(identity for identity, times in known.items() if times > 1)
        raise PrintError(f"{name}: ids used twice in print: {', '.join(doubled)}. Rename one.")
    for href in tree.xpath('//a[starts-with(@href, "#")]/@href'):
        if href[1:] not in known:
            raise PrintError(f'{name}: the link "{href}" is dead in print. Check the heading or block it names.')


def write_print_page(series: Series, guide: Guide, site: Path) -> Path:
    """Write `<guide>/print/index.html`: the same document for a browser's print button."""
    place = site / guide.slug / "print"
    place.mkdir(parents=True, exist_ok=True)
    file = place / "index.html"
    file.write_text(compose(series, guide, site, sheet="../../assets/styles/print.css"), encoding="utf-8")
    return file


def mend_series_page(series: Series, site: Path) -> None:
    """Mend the links of the print-site plugin's page: it prefixes heading ids, and links to blocks miss theirs.

    A link whose target is not on the page is pointed at the element that bears the end of its name, else at
    the page it came from.
    """
    file = site / "print_page" / "index.html"
    if not file.exists():
        return
    tree = html.parse(str(file), parser=html.HTMLParser(encoding="utf-8"))
    for name in ("print-site", "print-site-material"):  # hooks.py keeps the plugin's sheets from all other pages
        etree.SubElement(tree.find(".//head"), "link", rel="stylesheet", href=f"../css/{name}.css")
    etree.SubElement(tree.find(".//head"), "script", src="../js/print-site.js")
    for listed in tree.xpath('//*[@class="library-group" or @class="library-letters"]'):  # each source stands below in full
        listed.drop_tree()
    seen: set[str] = set()
    named = tree.xpath("//*[@id or @aria-describedby or @aria-labelledby]")
    for element in named:
        if element.get("id") in seen:
            del element.attrib["id"]
        elif "id" in element.attrib:
            seen.add(element.get("id"))
    for element in named:
        for name in ("aria-describedby", "aria-labelledby"):
            if element.get(name) and element.get(name) not in seen:
                del element.attrib[name]
    for section in tree.iter("section"):  # this page is of all guides, and takes the colour of none
        section.attrib.pop("data-guide", None)
    # An id's own ends, each to the longest id that has it: looked up, because comparing each link with each id
    # grows with the square of the content.
    longer: dict[str, str] = {}
    for one in sorted(seen, key=lambda i: (-len(i), i)):
        for end in _ends(one):
            longer.setdefault(end, one)
    articles = (one for one in tree.iter("article") if "md-content__inner" in _classes(one))
    for link in (link for article in articles for link in article.iter("a")):
        href = link.get("href", "")
        if not href.startswith("#") or href[1:] in seen:
            continue
        if end := _same_end(href[1:], seen, longer):
            link.set("href", f"#{end}")
        else:
            link.attrib.pop("href")
    file.write_bytes(html.tostring(tree, encoding="utf-8", doctype="<!doctype html>"))


def _ends(name: str) -> list[str]:
    """What follows each hyphen of an id: `a-b-c` -> `b-c`, `c`."""
    return [name[position + 1 :] for position, letter in enumerate(name) if letter == "-"]


def _same_end(target: str, seen: set[str], longer: dict[str, str]) -> str:
    """The longest of the ids `seen` that ends as `target` does or that `target` ends with, whole words; '' if none."""
    found = [end for end in _ends(target) if end in seen]
    if target in longer:
        found.append(longer[target])
    return max(sorted(found), key=len, default="")
