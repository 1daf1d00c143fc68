"""The series as `mkdocs.yml` lays it out: which guides there are, their chapters in order, every code.

A guide is a folder below `docs/` that `extra.guides` names; its chapters stand in `nav` order. A code is a
guide's prefix and a chapter's number (ID5); a block adds a letter and a number (ID5-E1).
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from guidebook.source import MARKUP, TERM, YAML, SourceBlock, SourcePage, read_pages

CHAPTER_CODE = re.compile(r"^(?P<prefix>[A-Z]{2})(?P<number>\d{1,2})$")
BLOCK_CODE = re.compile(r"^(?P<chapter>[A-Z]{2}\d{1,2})-(?P<letter>[CEFN])(?P<number>\d{1,2})$")
MONTHS = "January February March April May June July August September October November December".split()
# The letter of a block's code says what it is.
CODED_BLOCKS = {"checklist": "C", "exercise": "E", "figure": "F", "notepad": "N"}


# A code where people write it: in a plan's column, in its list of material.
ANY_CODE = re.compile(r"\b[A-Z]{2}\d{1,2}(?:-[CEFN]\d{1,2})?\b")


@dataclass(frozen=True)
class Coded:
    """What a code of a guide stands for: a chapter, or (`block`) an exercise, notepad, checklist or figure in it."""

    code: str
    page: SourcePage
    block: SourceBlock | None = None

    @property
    def title(self) -> str:
        """Its title as plain words."""
        return plain(self.block.title if self.block else self.page.title)

    @property
    def path(self) -> str:
        """Where it stands below `docs/`: `identification/the-conversation.md#id8-e1`."""
        return self.page.path.as_posix() + (f"#{self.block.id}" if self.block else "")

    @property
    def minutes(self) -> int:
        """How long an exercise takes; 0 for anything else."""
        value = str(self.block.options.get("minutes", "")) if self.block else ""
        return int(value) if value.isdigit() else 0


@dataclass(frozen=True)
class Guide:
    """One guide of the series. `slug` is its folder, `prefix` begins its codes."""

    slug: str
    prefix: str
    number: int
    title: str
    short_title: str
    pages: tuple[SourcePage, ...]  # chapters and references, in nav order

    @cached_property
    def chapters(self) -> tuple[SourcePage, ...]:
        return tuple(page for page in self.pages if CHAPTER_CODE.match(page.code))


def url_of(path: Path) -> str:
    """The address of a page below the site's root: `identification/key-concepts.md` -> `identification/key-concepts/`."""
    parts = path.with_suffix("").parts
    if parts[-1] == "index":
        parts = parts[:-1]
    return "/".join(parts) + "/" if parts else ""


def _nav_paths(nav: list) -> list[str]:
    paths: list[str] = []
    for item in nav or []:
        value = next(iter(item.values())) if isinstance(item, dict) else item
        paths += _nav_paths(value) if isinstance(value, list) else [value]
    return paths


def day_of(date: str) -> str:
    """An ISO date as a person writes it, in any locale: 2026-11-24 -> 24 November 2026. Raises ValueError."""
    day = datetime.date.fromisoformat(date)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


class Series:
    """Everything the rules, the ledger, the print documents and the library need to know of the project.

    `root` is the folder of `mkdocs.yml`, which is plain YAML: any reader can load it.
    """

    def __init__(self, root: Path):
        self.root = root
        self.config = yaml.load((root / "mkdocs.yml").read_text(encoding="utf-8"), Loader=YAML)
        self.docs = root / self.config.get("docs_dir", "docs")
        self.pages = read_pages(self.docs)
        self.by_path = {page.path.as_posix(): page for page in self.pages}
        self.nav = _nav_paths(self.config.get("nav", []))

    @cached_property
    def by_url(self) -> dict[str, SourcePage]:
        """Each page by its address below the site's root."""
        return {url_of(page.path): page for page in self.pages}

    @property
    def site_url(self) -> str:
        return self.config["site_url"].rstrip("/") + "/"

    @property
    def edition(self) -> str:
        """The edition's date, ISO: shown in every colophon, and the clock of reproducible builds."""
        return str(self.config["extra"]["edition"])

    @property
    def edition_words(self) -> str:
        """The edition as readers see it, after the word: `1.0, 24 November 2026`."""
        return f"{self.config['extra']['edition_number']}, {day_of(self.edition)}"

    @cached_property
    def guides(self) -> list[Guide]:
        found = []
        for number, (slug, about) in enumerate(self.config["extra"]["guides"].items(), 1):
            pages = tuple(
                self.by_path[path] for path in self.nav if path.startswith(f"{slug}/") and path in self.by_path
            )
            if pages:
                found.append(
                    Guide(slug, about["prefix"], about.get("number", number), about["title"], about["short_title"], pages)
                )
        return found

    @cached_property
    def whole(self) -> Guide:
        """All guides as one document: their pages one after another, in a guide's clothes."""
        pages = tuple(page for guide in self.guides for page in guide.pages)
        return Guide("series", "", 0, "The guides in one volume", "Series", pages)

    def guide_of(self, page: SourcePage) -> Guide | None:
        return next((guide for guide in self.guides if page.path.parts[0] == guide.slug), None)

    @cached_property
    def coded(self) -> dict[str, Coded]:
        """Every code of the guides: chapters and their blocks, in the order of the nav."""
        found: dict[str, Coded] = {}
        for page in (page for guide in self.guides for page in guide.chapters):
            found[page.code] = Coded(page.code, page)
            for block in page.blocks:
                if block.name in CODED_BLOCKS and block.id:
                    found[block.id.upper()] = Coded(block.id.upper(), page, block)
        return found

    def addresses(self) -> dict[str, str]:
        """Every code in the sources and the address it has now, in the order of the nav."""
        order = {path: position for position, path in enumerate(self.nav)}
        found: dict[str, str] = {}
        for page in sorted(self.pages, key=lambda p: order.get(p.path.as_posix(), len(order))):
            if not page.code:
                continue
            found[page.code] = url_of(page.path)
            for block in page.blocks:
                if block.name in CODED_BLOCKS and block.id:
                    found[block.id.upper()] = f"{url_of(page.path)}#{block.id}"
        return found

    def cited(self, pages: list[SourcePage] | tuple[SourcePage, ...] | None = None) -> dict[str, list[SourcePage]]:
        """Citation keys and the pages that use each, in nav order; of all pages, or of `pages`."""
        order = {path: position for position, path in enumerate(self.nav)}
        uses: dict[str, list[SourcePage]] = {}
        for page in sorted(pages or self.pages, key=lambda p: order.get(p.path.as_posix(), len(order))):
            for citation in page.citations:
                users = uses.setdefault(citation.value, [])
                if page not in users:
                    users.append(page)
        return uses


def blocks_of(page: SourcePage, name: str) -> list[SourceBlock]:
    return [block for block in page.blocks if block.name == name]


def notes_index(series: Series) -> list[dict]:
    """What a reader can write in, guide by guide in reading order: for the page that gathers the notes.

    Each guide: `slug`, `title`, the codes of its `chapters` and `exercises`, and `blocks` (notepads, checklists
    and exercises) with `id`, `code`, `title` and `url` below the site's root.
    """
    found = []
    for guide in series.guides:
        blocks = [
            {"id": block.id, "code": block.id.upper(), "title": plain(block.title), "url": f"{url_of(page.path)}#{block.id}"}
            for page in guide.chapters
            for block in page.blocks
            if block.name in ("notepad", "checklist", "exercise")
        ]
        exercises = [block["code"] for block in blocks if "-e" in block["id"]]
        chapters = [page.code for page in guide.chapters]
        found.append({"slug": guide.slug, "title": guide.title, "chapters": chapters, "exercises": exercises, "blocks": blocks})
    return found


def plain(title: str) -> str:
    """A title without the marks of emphasis, terms and code: `The *first* talk` -> `The first talk`."""
    return MARKUP.sub("", TERM.sub(lambda m: m["text"], title)).strip()
