"""The glossary: `docs/glossary.md` is its only home, a Markdown definition list.

    Presumed victim
    :   A person who may have been trafficked and has not been identified yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown.extensions.toc import slugify

from guidebook.source import CITATION, LINK, TERM


@dataclass(frozen=True)
class Term:
    name: str
    id: str
    definition: str  # plain text, for the note shown on hover and focus


def term_id(name: str) -> str:
    """The anchor of a term on the glossary page."""
    return slugify(re.sub(r"\s*\(.*?\)", "", name), "-")


def parse(text: str) -> dict[str, Term]:
    """Terms by lower-case name, from the Markdown of the glossary page."""
    terms: dict[str, Term] = {}
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if not line.startswith(":   ") or not number:
            continue
        name = lines[number - 1].strip()
        if not name or name.startswith(":"):
            continue
        definition = [line[4:]]
        for more in lines[number + 1 :]:
            if not more.startswith("    "):
                break
            definition.append(more.strip())
        plain = " ".join(definition)
        plain = LINK.sub(lambda m: m["text"], TERM.sub(lambda m: m["text"], CITATION.sub("", plain)))
        plain = re.sub(r"[*_`]", "", re.sub(r"\s+([.,;])", r"\1", plain)).strip()
        short = re.sub(r"\s*\(.*?\)", "", name).strip()
        terms[short.lower()] = Term(name, term_id(name), plain)
    return terms


def load(docs: Path) -> dict[str, Term]:
    """Read `docs/glossary.md`; an empty glossary if there is none. Parsed once for an unchanged file."""
    file = docs / "glossary.md"
    return _load(file, file.stat().st_mtime_ns) if file.exists() else {}


@lru_cache(maxsize=4)
def _load(file: Path, stamp: int) -> dict[str, Term]:
    return parse(file.read_text(encoding="utf-8"))
