"""The search index: small enough for a slow network, and a script rather than data, so that it loads from a folder too.

Search engines for static sites ship every page's text (half a megabyte here, compressed). Readers of the guides
search for a chapter, not for a quotation: the index holds, for each word's stem, the sections that speak of it and
how strongly. `assets/scripts/search.js` reads it; the two stem words alike, which a test holds.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lxml import etree, html

from guidebook.series import Series, url_of
from guidebook.source import SourcePage

TARGET = "assets/search/index.js"
# Pages that list what stands elsewhere: they are found by their name and what they are for, and what they list where
# it stands. The front door, the references and the parts of the library are not looked for.
LISTS = re.compile(r"^(go|crosswalk|questions|evidence/index)\.md$|^training/links-")
UNSOUGHT = re.compile(r"^index\.md$|references\.md$|^evidence/(?!index\.md)")
WORD = re.compile(r"[a-z0-9]+")
# Words that say nothing of a section's subject.
STOP = frozenset(
    "a about after all also an and any are as at be because been before but by can could did do does each for from had has have he her "
    "his how i if in into is it its may more most no not of on one only or other our out she should so some such than that the their "
    "them then there these they this those to up was we were what when where which who why will with without would you your".split()
)
NOT_SOUGHT = etree.XPath('.//*[@data-search-exclude or @class="note" or self::script or self::h1 or contains(@class, "cites") or contains(@class, "chapter-")]')
# How much a word counts by where it stands, and in how many levels a section's strength is kept.
QUESTION, TITLE, HEADING, BODY = 16, 12, 6, 1
LEVELS = 4
# BM25's usual constants (Robertson and Zaragoza, 2009): how fast repetition saturates, how much length matters.
K1, B = 1.2, 0.6


def words(text: str) -> list[str]:
    """The stems of a text's words: lower case, without accents and without the commonest words."""
    return [stem(word) for word in words_of(text) if word not in STOP]


def words_of(text: str) -> list[str]:
    """A text's words as they are looked for: lower case, without accents and apostrophes."""
    plain = text.lower()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return WORD.findall(plain.replace("'", "").replace("’", ""))


@cache  # the guides have few words, and each many times
def stem(word: str) -> str:
    """A word without its commonest endings, so that "interpreters" finds "interpreting". The same in search.js."""
    if len(word) < 4 or word[0].isdigit():
        return word
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + instead
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word.rstrip("e") if len(word) > 3 else word


ENDINGS = (
    ("ations", "at"), ("ation", "at"), ("ingly", ""), ("ments", "ment"), ("nesses", ""), ("ness", ""), ("ies", "y"), ("ied", "y"),
    ("ings", ""), ("ing", ""), ("edly", ""), ("ers", ""), ("er", ""), ("ors", "or"), ("ed", ""), ("sses", "ss"), ("xes", "x"), ("ches", "ch"),
    ("shes", "sh"), ("es", "e"), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""), ("ly", ""),
)  # fmt: skip


@dataclass
class Section:
    """A part of a page that a result can lead to: from a heading, or a block with a code, to the next."""

    page: int
    heading: str = ""
    anchor: str = ""
    strength: Counter = field(default_factory=Counter)  # stem -> weighted count


def _article(file: Path) -> html.HtmlElement:
    """What of a built page is looked for."""
    tree = html.parse(str(file), parser=html.HTMLParser(encoding="utf-8")).getroot()
    article = tree.xpath('//article[contains(@class, "md-content__inner")]')[0]
    for extra in NOT_SOUGHT(article):
        extra.drop_tree()
    return article


def _sections(article: html.HtmlElement, number: int) -> list[Section]:
    found = [Section(number)]
    for element in article.iter():
        if not isinstance(element.tag, str):
            continue
        own = element.get("id") if element.tag in ("h2", "h3", "section", "figure") else None
        if own and (element.tag in ("h2", "h3") or element.get("data-code")):
            title = element.text_content() if element.tag in ("h2", "h3") else "".join(
                element.xpath('(.//p[contains(@class, "block-title")])[1]//text()'))  # fmt: skip
            found.append(Section(number, " ".join(title.split()), own))
            for word in words(title):
                found[-1].strength[word] += HEADING
        for text in (element.text, *(child.tail for child in element)):
            if text and text.strip():
                found[-1].strength.update(words(text))
    return [section for section in found if section.strength or not section.anchor]


def _page(page: SourcePage) -> dict:
    return {"url": url_of(page.path), "code": page.code if re.match(r"[A-Z]{2}\d", page.code) else "", "title": page.title,
            "summary": str(page.meta.get("summary", ""))}  # fmt: skip


def build(series: Series, site: Path) -> dict:
    """The index of the built pages in `site`: `pages`, `sections`, `terms` and, for each term, its `places`.

    `places` holds for a term one string a level of strength (strongest first), joined by spaces: the numbers of the
    sections, each as the distance from the one before, in base 36; a distance of two digits follows a dot.
    """
    pages, sections = [], []
    for path in series.nav:
        page = series.by_path.get(path)
        if page is None or UNSOUGHT.search(path):
            continue
        number = len(pages)
        pages.append(_page(page))
        own = [Section(number)] if LISTS.search(path) else _sections(_article(site / url_of(page.path) / "index.html"), number)
        for text, weight in ((page.title, TITLE), (page.code, TITLE), (pages[-1]["summary"], 3),
                             *((str(q), QUESTION) for q in [*(page.meta.get("questions") or []), *(page.meta.get("also") or [])])):  # fmt: skip
            for word in set(words(text)):
                own[0].strength[word] += weight
        sections += own
    lengths = [sum(section.strength.values()) for section in sections]
    mean = sum(lengths) / max(1, len(sections))
    found: dict[str, list[list[int]]] = defaultdict(lambda: [[] for _ in range(LEVELS)])
    for number, (section, length) in enumerate(zip(sections, lengths, strict=True)):
        spread = K1 * (1 - B + B * length / mean)
        for word, count in section.strength.items():
            rank = count * (K1 + 1) / (count + spread)
            level = min(LEVELS - 1, int(LEVELS * (1 - rank / (K1 + 1))))
            found[word][max(0, level)].append(number)
    terms = sorted(found)
    places = [" ".join(map(packed_numbers, found[term])).rstrip() for term in terms]
    return {
        "pages": [[p["url"], p["code"], p["title"], p["summary"]] for p in pages],
        "sections": [[section.page, section.anchor, section.heading] for section in sections],
        "terms": terms,
        "places": places,
    }


def packed_numbers(numbers: list[int]) -> str:
    """Growing numbers, each as its distance from the one before: see `build`."""
    found, last = [], -1
    for number in numbers:
        step = number - last
        last = number
        digits = _base36(step)
        found.append({1: digits, 2: "." + digits}.get(len(digits), ":" + digits.rjust(3, "0")))
    return "".join(found)


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return digits[number] if number < 36 else _base36(number // 36) + digits[number % 36]


def packed_terms(terms: list[str]) -> str:
    """Sorted terms, each as how many letters it shares with the one before, in base 36, and the rest."""
    packed, before = [], ""
    for term in terms:
        shared = next((n for n, (a, b) in enumerate(zip(before, term, strict=False)) if a != b), min(len(before), len(term)))
        packed.append(f"{_base36(min(shared, 35))}{term[min(shared, 35):]}")
        before = term
    return " ".join(packed)


def idf(places: int, sections: int) -> float:
    """How much a stem tells that stands in `places` of all sections (Robertson's formula, never below zero)."""
    return math.log(1 + (sections - places + 0.5) / (places + 0.5))


def write(series: Series, site: Path) -> Path:
    """Write the index of a built site as a script that hands it to search.js; returns its path."""
    index = build(series, site)
    data = index | {"terms": packed_terms(index["terms"])}
    target = site / TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f"guidebookIndex({json.dumps(data, ensure_ascii=False, separators=(',', ':'))});\n", encoding="utf-8")
    return target
