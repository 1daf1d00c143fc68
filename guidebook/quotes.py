"""Quotation marks and apostrophes as a printer sets them: “so”, ‘so’, isn’t.

Keyboards give straight ones. `make quotes` mends what an author typed, in pages, drawings and the register, and leaves
alone what is not read: code, HTML tags, targets of links, attributes and the quotes of YAML itself. The rules find what
was not mended. Sources hold what readers see, so that every builder and every edition shows the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

STRAIGHT = re.compile("[\"']")
# Of Markdown: code, tags, the target and title of a link, attributes in braces.
NOT_READ = re.compile(r"(`+)(?:.+?)\1|<[^>]*>|(?<=\])\([^)]*\)|\{:?[^}]*\}")
OPENS_AFTER = " \t\n([{—–|/>“‘"
# A line of YAML whose value its author put in quotes: those two are syntax.
QUOTED = re.compile(r"^(?P<before>\s*(?:- )*(?:[\w-]+:\s+)?)(?P<value>'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\")(?P<after>\s*(?:#.*)?)$")
# Values that are no running text: addresses, names of files and lists in brackets, whose quotes are syntax.
NO_TEXT = re.compile(r"^\s*(?:- )*(?:(?:doi|url|key|id|src):|https?:|[\w-]+:\s*[\[{])")


def curl(text: str) -> str:
    """Text with its straight quotes made typographic: opening after a space or a bracket, else closing."""

    def mark(match: re.Match) -> str:
        before = text[: match.start()].rstrip("*_")[-1:]
        opens = not before or before in OPENS_AFTER or (before in "\"'" and _opens(text, match.start() - 1))
        return ("“" if opens else "”") if match[0] == '"' else ("‘" if opens else "’")

    return STRAIGHT.sub(mark, text)


def _opens(text: str, place: int) -> bool:
    """Whether the straight quote at `place` is an opening one."""
    before = text[:place].rstrip("*_")[-1:]
    return not before or before in OPENS_AFTER


def curl_markdown(line: str) -> str:
    """A line of Markdown, or of a drawing, mended where it is read."""
    if not STRAIGHT.search(line):
        return line
    kept: list[str] = []

    def keep(match: re.Match) -> str:
        kept.append(match[0])
        return "\x00"

    return re.sub("\x00", lambda _: kept.pop(0), curl(NOT_READ.sub(keep, line)))


def curl_yaml(line: str) -> str:
    """A line of YAML, front matter or a block's options, mended in its value."""
    if not STRAIGHT.search(line) or NO_TEXT.match(line):
        return line
    found = QUOTED.match(line)
    if not found:
        return curl(line)
    quote, inner = found["value"][0], found["value"][1:-1]
    if not STRAIGHT.search(inner):
        return line
    mended = curl(inner.replace("''", "'") if quote == "'" else yaml.safe_load(found["value"]))
    return found["before"] + (f"'{mended}'" if quote == "'" else json.dumps(mended, ensure_ascii=False)) + found["after"]


def faults(file: Path, text: str) -> Iterator[tuple[int, str]]:
    """Line number and mended line, for each line of a page, a drawing or a register file whose text has straight quotes."""
    for number, line in enumerate(text.split("\n"), 1):
        if STRAIGHT.search(line):
            mended = _way(file, text, number, line)(line)
            if mended != line:
                yield number, mended


def _way(file: Path, text: str, number: int, line: str) -> Callable[[str], str]:
    """How a line of `file` is mended: as YAML in the register, in front matter and in a block's options."""
    if file.suffix == ".yaml" or re.match(r"    [a-z]+: ", line):
        return curl_yaml
    front = re.match(r"---\n.*?\n---\n", text, re.S) if file.suffix == ".md" else None
    return curl_yaml if front and number <= front[0].count("\n") else curl_markdown


def files(root: Path) -> list[Path]:
    """What readers read, of the project at `root`: pages, drawings, the register, and what new pages are copied from."""
    return [file for pattern in ("docs/**/*.md", "docs/*/images/*.svg", "evidence/*.yaml", "skeletons/*.md") for file in sorted(root.glob(pattern))]


def mend(root: Path) -> list[tuple[Path, int]]:
    """Mend the files of the project at `root`; returns those that changed, each with how many lines."""
    changed = []
    for file in files(root):
        text = file.read_text(encoding="utf-8")
        if mended := dict(faults(file, text)):
            lines = [mended.get(number, line) for number, line in enumerate(text.split("\n"), 1)]
            file.write_text("\n".join(lines), encoding="utf-8")
            changed.append((file.relative_to(root), len(mended)))
    return changed
