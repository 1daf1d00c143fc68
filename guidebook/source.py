"""Read a page's Markdown as its author wrote it, keeping line numbers.

The site is rendered by Python-Markdown (see :mod:`guidebook.markdown`); this module only finds what the
content rules, the address ledger and the evidence library need to know before anything is rendered:
front matter, headings, blocks, citations, glossary terms, links and images, each with its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml
from markdown.extensions.toc import slugify, unique

FENCE = re.compile(r"^(?P<slashes>/{3,})[ \t]*(?P<name>[\w-]+)?[ \t]*(?:\|[ \t]*(?P<title>.*?))?[ \t]*$")
HEADING = re.compile(r"^(?P<marks>#{1,6})[ \t]+(?P<text>.+?)[ \t]*#*[ \t]*$")
HEADING_ID = re.compile(r"[ \t]*\{:?[^}]*#(?P<id>[\w-]+)[^}]*\}[ \t]*$")
# One citation group, Pandoc's syntax: [@surtees2013trapped-2; @who2003ethical]
CITATION = re.compile(r"\[(?P<keys>@[\w-]+(?:\s*;\s*@[\w-]+)*)\]")
# A glossary term at its first use: [[presumed victim]] or [[presumed victims|presumed victim]]
TERM = re.compile(r"\[\[(?P<text>[^\]|]+)(?:\|(?P<term>[^\]]+))?\]\]")
IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<src>[^)\s]*)[^)]*\)")
LINK = re.compile(r"(?<!!)\[(?P<text>[^\[\]]*(?:\[[^\]]*\][^\[\]]*)*)\]\((?P<target>[^)\s]+)[^)]*\)")
INLINE_CODE = re.compile(r"(`+)(?:.+?)\1")
MARKUP = re.compile(r"[*_`]|\{[^}]*\}$")
# libyaml where PyYAML was built with it, as its wheels are: ten times as fast.
YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Heading:
    line: int
    level: int
    text: str
    id: str


@dataclass
class SourceBlock:
    """A fenced block (`/// name | title`) with its options, and the block it stands in."""

    name: str
    title: str
    line: int
    options: dict = field(default_factory=dict)
    options_fault: str = ""
    parent: SourceBlock | None = None
    end: int = 0  # line of the closing fence; 0 when it is never closed

    @property
    def id(self) -> str:
        return str(self.options.get("id", ""))


@dataclass
class Found:
    """Something found on a line: a citation key, a term, a link's target or an image's source."""

    line: int
    value: str
    text: str = ""


@dataclass(eq=False)  # looked for in lists of pages, many times: each is itself only
class SourcePage:
    """One Markdown file, read but not rendered. `path` is relative to the docs folder."""

    path: Path
    meta: dict
    meta_fault: str
    meta_lines: dict[str, int]
    lines: list[str]
    body_line: int  # number of the first line after the front matter
    headings: list[Heading] = field(default_factory=list)
    blocks: list[SourceBlock] = field(default_factory=list)
    citations: list[Found] = field(default_factory=list)
    terms: list[Found] = field(default_factory=list)
    links: list[Found] = field(default_factory=list)
    images: list[Found] = field(default_factory=list)

    @property
    def title(self) -> str:
        return next((h.text for h in self.headings if h.level == 1), "")

    @property
    def code(self) -> str:
        return str(self.meta.get("code", ""))

    def ids(self) -> set[str]:
        """All anchors that the rendered page will have for its headings and blocks."""
        return {h.id for h in self.headings} | {b.id for b in self.blocks if b.id}

    def line_of(self, text: str) -> int:
        """The first line that holds `text`, or 1: to point an author at a fault found after rendering."""
        return next((n for n, line in enumerate(self.lines, 1) if text in line), 1)


def _front_matter(lines: list[str]) -> tuple[dict, str, dict[str, int], int]:
    if not lines or lines[0].strip() != "---":
        return {}, "", {}, 1
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        return {}, "the front matter is opened with --- and never closed", {}, 1
    where = {m.group(1): n for n, line in enumerate(lines[1:end], 2) if (m := re.match(r"([\w-]+)\s*:", line))}
    try:
        meta = yaml.load("\n".join(lines[1:end]), Loader=YAML) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = f" (line {mark.line + 2})" if mark else ""
        return {}, f"the front matter is not valid YAML{at}: {getattr(error, 'problem', error)}", where, end + 2
    if not isinstance(meta, dict):
        return {}, "the front matter is not a list of `name: value` lines", where, end + 2
    return meta, "", where, end + 2


def _options(lines: list[str], start: int) -> tuple[dict, str, int]:
    """The indented YAML lines right under an opening fence; returns options, fault, lines used."""
    used = []
    for line in lines[start:]:
        if not line.startswith("    ") or not line.strip():
            break
        used.append(line)
    if not used or not re.match(r"\s+[\w-]+\s*:", used[0]):
        return {}, "", 0
    try:
        options = yaml.load("\n".join(used), Loader=YAML)
    except yaml.YAMLError as error:
        return {}, f"its options are not valid YAML: {getattr(error, 'problem', error)}", len(used)
    if not isinstance(options, dict):
        return {}, "its options are not `name: value` lines", len(used)
    return options, "", len(used)


def parse(text: str, path: Path) -> SourcePage:
    """Parse one page's Markdown text. `path` is only carried along, nothing is read from disk."""
    lines = text.splitlines()
    meta, fault, where, body = _front_matter(lines)
    page = SourcePage(path, meta, fault, where, lines, body)
    seen_ids: set[str] = set()
    stack: list[tuple[int, SourceBlock]] = []
    code_fence = ""
    skip_until = 0
    for number, raw in enumerate(lines, 1):
        if number < body or number <= skip_until:
            continue
        stripped = raw.strip()
        if code_fence:
            if stripped.startswith(code_fence):
                code_fence = ""
            continue
        if stripped.startswith(("```", "~~~")):
            code_fence = stripped[:3]
            continue
        fence = FENCE.match(raw)
        if fence:
            length = len(fence["slashes"])
            if fence["name"]:
                options, options_fault, used = _options(lines, number)
                block = SourceBlock(
                    fence["name"], fence["title"] or "", number, options, options_fault, stack[-1][1] if stack else None
                )
                page.blocks.append(block)
                stack.append((length, block))
                skip_until = number + used
                _inline(page, number, block.title)
                continue
            if stack and stack[-1][0] == length:
                stack.pop()[1].end = number
                continue
        heading = HEADING.match(raw)
        if heading:
            label = heading["text"]
            explicit = HEADING_ID.search(label)
            if explicit:
                label = label[: explicit.start()]
            plain = MARKUP.sub("", LINK.sub(lambda m: m["text"], TERM.sub(lambda m: m["text"], label))).strip()
            anchor = explicit["id"] if explicit else unique(slugify(plain, "-"), seen_ids)
            seen_ids.add(anchor)
            page.headings.append(Heading(number, len(heading["marks"]), plain, anchor))
        _inline(page, number, raw)
    return page


def _inline(page: SourcePage, number: int, raw: str) -> None:
    text = INLINE_CODE.sub(lambda m: " " * len(m[0]), raw)
    for match in CITATION.finditer(text):
        page.citations += [Found(number, key.strip()[1:]) for key in match["keys"].split(";")]
    for match in TERM.finditer(text):
        page.terms.append(Found(number, (match["term"] or match["text"]).strip(), match["text"]))
    for match in IMAGE.finditer(text):
        page.images.append(Found(number, match["src"], match["alt"]))
    for match in LINK.finditer(text):
        page.links.append(Found(number, match["target"], match["text"]))


@cache
def _read(docs: Path, path: Path, stamp: tuple[int, int]) -> SourcePage:
    return parse((docs / path).read_text(encoding="utf-8"), path)


def read_pages(docs: Path) -> list[SourcePage]:
    """Every Markdown page below `docs`, in path order; unchanged files are parsed once per process."""
    pages = []
    for file in sorted(docs.rglob("*.md")):
        status = file.stat()
        pages.append(_read(docs, file.relative_to(docs), (status.st_mtime_ns, status.st_size)))
    return pages
