"""Quotation marks and apostrophes as a printer sets them: “so”, ‘so’, isn’t.

Keyboards give straight ones. `make quotes` mends what an author typed, in pages, drawings and the register, and leaves
alone what is not read: code, HTML tags, targets of links, attributes, addresses and the quotes of YAML itself. The rules find what
was not mended. Sources hold what readers see, so that every builder and every edition shows the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

STRAIGHT = re.compile("([\"'])")
QUOTES = {'"': "“”", "'": "‘’"}
TAG = "\x01"  # stands for one while a line is mended
MARKUP = f"*_{TAG}"  # not seen: what stands before it tells whether a quote opens
# Of Markdown: code, tags, the target and title of a link, attributes in braces.
NOT_READ = re.compile(r"(`+)(?:.+?)\1|<[^>]*>|(?<=\])\([^)]*\)|\{:?[^}]*\}")
OPENS_AFTER = " \t\n([{—–|/>“‘"
# A line of YAML whose value its author put in quotes: those two are syntax.
QUOTED = re.compile(r"^(?P<before>\s*(?:- )*(?:[\w-]+:\s+)?)(?P<value>'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\")(?P<after>\s*(?:#.*)?)$")
FENCE = re.compile(r"\s*(```|~~~)")  # of code
OPTION = re.compile(r"    [a-z]+: ")
# Values that are no running text: addresses, names of files and lists in brackets, whose quotes are syntax.
NO_TEXT = re.compile(r"^\s*(?:- )*(?:(?:doi|url|key|id|src):|https?:|[\w-]+:\s*[\[{])")


def curl(text: str) -> str:
    """Text with its straight quotes made typographic: opening after a space, a bracket or another that opens, else closing."""
    done = ""
    for part in STRAIGHT.split(text):
        if part in QUOTES:
            before = done.rstrip(MARKUP)[-1:]
            part = QUOTES[part][0 if not before or before in OPENS_AFTER else 1]
        done += part
    return done


def curl_markdown(line: str) -> str:
    """A line of Markdown, or of a drawing, mended where it is read."""
    kept: list[str] = []

    def keep(match: re.Match) -> str:
        kept.append(match[0])
        return TAG if match[0].startswith("<") else "\x00"

    return re.sub(f"[{TAG}\x00]", lambda _: kept.pop(0), curl(NOT_READ.sub(keep, line)))


def curl_yaml(line: str) -> str:
    """A line of YAML, front matter or a block's options, mended in its value."""
    if NO_TEXT.match(line):
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
    front = re.match(r"---\n.*?\n---\n", text, re.S) if file.suffix == ".md" else None
    front_ends, fence = front[0].count("\n") if front else 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if file.suffix == ".md" and (opened := FENCE.match(line)):
            fence = "" if fence == opened[1] else fence or opened[1]
        if fence or not STRAIGHT.search(line):
            continue
        # YAML: the register, front matter, a block's options.
        mended = (curl_yaml if file.suffix == ".yaml" or number <= front_ends or OPTION.match(line) else curl_markdown)(line)
        if mended != line:
            yield number, mended


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
