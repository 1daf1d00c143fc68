"""Addresses that never break: the ledger `addresses.yml` and the short addresses `go/<code>/`.

The ledger lists every code ever published and where it leads now, every address that has moved, and every code
whose content was withdrawn with the code that took its place. Codes are never reused and lines are never
deleted: somebody's slide or printed page still points there.
"""

from __future__ import annotations

import html
import os
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

from guidebook.preview import preview_tags
from guidebook.problems import Problem
from guidebook.series import Series, url_of
from guidebook.source import YAML

NAME = "addresses.yml"
HEADER = """\
# Every code and address ever published. Written by `make ledger`, committed, and never shortened:
# printed pages and training slides point at these. A code is never given to something else.
# codes: code -> where it leads now.   moved: an old address -> the code that took its place.
# retired: a code whose content was withdrawn -> the code that took its place.
"""
# A refresh loses what stands behind ? (a slide's ?view=project) and #: the script takes it along, and the refresh is
# for those without script.
FORWARD = """\
<noscript><meta http-equiv="refresh" content="0; url={target}"></noscript>
<script src="{root}assets/scripts/forward.js" defer></script>"""
# A page that is read, and not passed through, wears the site's type and colours.
STYLES = '<link rel="stylesheet" href="{root}assets/styles/tokens.css">\n<link rel="stylesheet" href="{root}assets/styles/plain.css">'

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{code} · {title}</title>
{head}
<link rel="canonical" href="{canonical}">
{preview}
</head>
<body>
<main>
<h1>{code}</h1>
<p>{says} <a href="{target}">{title}</a>.</p>
</main>
</body>
</html>
"""


@dataclass
class Change:
    """What :func:`update` wrote, and what it leaves to a person."""

    new: list[str] = field(default_factory=list)  # codes added
    moved: dict[str, str] = field(default_factory=dict)  # an old address -> the code of the page that left it
    gone: list[str] = field(default_factory=list)  # codes neither in the sources nor retired


@lru_cache(maxsize=8)
def _read(file: Path, stamp: tuple[int, int]) -> dict:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=YAML) or {}


def read(root: Path) -> dict:
    """The ledger as `{"codes": {...}, "moved": {...}, "retired": {...}}`; empty if the file does not exist."""
    file = root / NAME
    found: dict = {}
    if file.exists():
        status = file.stat()
        found = _read(file, (status.st_mtime_ns, status.st_size))
    return {name: dict(found.get(name) or {}) for name in ("codes", "moved", "retired")}


def _path(address: str) -> str:
    return address.partition("#")[0]


def update(series: Series) -> Change:
    """Add new codes to the ledger, follow pages that moved, and write it; returns what was changed.

    A page has moved when its code stands on a page with another address and nothing stands at the old one, which
    from then on is listed under `moved`. Where a page still stands there a code was given to something else: that
    is never recorded here, and :func:`problems` tells of it.
    """
    ledger, now = read(series.root), series.addresses()
    pages = {url_of(page.path) for page in series.pages}
    change = Change(new=[code for code in now if code not in ledger["codes"]])
    for code, address in now.items():
        known = ledger["codes"].setdefault(code, address)
        if known == address or _path(known) == _path(address) or _path(known) in pages:
            continue
        ledger["codes"][code] = address
        if "#" not in address and known not in ledger["moved"]:
            ledger["moved"][known] = change.moved[known] = code
    change.gone = [code for code in ledger["codes"] if code not in now and code not in ledger["retired"]]
    text = HEADER + yaml.safe_dump(ledger, sort_keys=False, allow_unicode=True, width=200)
    (series.root / NAME).write_text(text, encoding="utf-8")
    return change


def problems(series: Series) -> list[Problem]:
    """Where the sources and the ledger disagree."""
    ledger, now = read(series.root), series.addresses()
    pages = {url_of(page.path) for page in series.pages}
    lines = (series.root / NAME).read_text(encoding="utf-8").splitlines() if (series.root / NAME).exists() else []

    def line_of(key: str, part: str = "codes") -> int:
        start = next((n for n, line in enumerate(lines) if line.startswith(f"{part}:")), 0)
        entry = re.compile(rf"\s*['\"]?{re.escape(key)}['\"]?:")
        return next((n for n, line in enumerate(lines[start:], start + 1) if entry.match(line)), start + 1)

    found = []
    for code, address in now.items():
        known = ledger["codes"].get(code)
        if known is None:
            found.append(Problem(NAME, 1, f"{code} ({address}) is not in the ledger.", "Run `make ledger` and commit the change."))
        elif known != address:
            if _path(known) in pages and _path(known) != _path(address):
                cure = f"Another page stands at {_path(known)}: a code is never given to something else. Put {code} back there and give this a code never used."
            else:
                cure = f'If the page moved, run `make ledger`: it writes the new address here and "{_path(known)}: {code.partition("-")[0]}" under moved.'
            found.append(Problem(NAME, line_of(code), f"{code} leads to {known} here, but the sources put it at {address}.", cure))
    for code, address in ledger["codes"].items():
        if code not in now and code not in ledger["retired"]:
            found.append(
                Problem(
                    NAME, line_of(code), f"{code} ({address}) was published and is gone from the sources.",
                    f"Put it back: a printed page may point there. If its content was withdrawn, write `{code}: ` and the code that took its place under retired.",
                )
            )  # fmt: skip
    for old, code in ledger["moved"].items():
        if code not in now:
            found.append(Problem(NAME, line_of(old, "moved"), f"the moved address {old} leads to {code}, which is not there.", "Name a code that is."))
        elif _path(old) in pages and _path(now[code]) != _path(old):
            found.append(
                Problem(
                    NAME, line_of(old, "moved"), f"a page stands again at the moved address {old}: who follows an old link to {code} lands on something else.",
                    "Give that page's file another name.",
                )
            )  # fmt: skip
    for old, code in ledger["retired"].items():
        line = line_of(old, "retired")
        if old not in ledger["codes"]:
            found.append(Problem(NAME, line, f"{old} is retired, but was never published.", "Check its spelling; its line under codes stays as it was."))
        if old in now:
            found.append(Problem(NAME, line, f"{old} is retired, and the sources use it.", "Give what is new a code never used, or take this line out if nothing was withdrawn."))
        if code not in now:
            found.append(Problem(NAME, line, f"{old} was retired in favour of {code}, which is not there.", "Name a code that is: the chapter, if nothing nearer took its place."))
    return found


def titles(series: Series) -> dict[str, str]:
    """What each code in the sources is called, as its author wrote it."""
    found = {}
    for page in series.pages:
        if page.code:
            found[page.code] = page.title
        found |= {block.id.upper(): block.title or page.title for block in page.blocks if block.id}
    return found


def write_pages(series: Series, site: Path) -> int:
    """Write `go/<code>/index.html` for every code, and a page at every address that was left; returns how many.

    Static pages that forward with and without script and say where they go, with relative links, so that
    they work from any base path and from a USB stick. The page of a retired code does not forward: it says that
    the content was withdrawn, and what took its place.
    """
    names, count = titles(series), 0
    preview = preview_tags(series)
    ledger, now = read(series.root), series.addresses()
    codes, retired = ledger["codes"] | now, ledger["retired"]

    def write(folder: str, code: str, head: str, says: str, heading: str = "") -> None:
        nonlocal count
        address = codes[code]
        path, _, fragment = address.partition("#")
        root = os.path.relpath(".", folder.rstrip("/")).replace(os.sep, "/") + "/"
        target = os.path.relpath(path or ".", folder.rstrip("/")).replace(os.sep, "/") + "/index.html"
        target = html.escape(target + (f"#{fragment}" if fragment else ""))
        place = site / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / "index.html").write_text(
            PAGE.format(
                code=html.escape(heading or code),
                title=html.escape(names.get(code, code)),
                target=target,
                head=head.format(target=target, root=root),
                says=html.escape(says),
                canonical=html.escape(series.site_url + address),
                preview=preview(code, names.get(code, code), address),
            ),
            encoding="utf-8",
        )
        count += 1

    def withdrawn(folder: str, code: str) -> None:
        by = retired[code]
        write(folder, by, STYLES, f"What stood under {code} was withdrawn. {by} took its place:", heading=code)

    for code in codes:
        if code in retired:
            withdrawn(f"go/{code.lower()}/", code)
        else:
            write(f"go/{code.lower()}/", code, FORWARD, "This short address leads to")
    for old, code in ledger["moved"].items():
        if code in codes and not (site / _path(old) / "index.html").exists():
            write(_path(old), code, FORWARD, "This page has moved to")
    # A whole page was withdrawn: its own address says so too, by the page's code and not by one of its blocks'.
    for code in sorted(retired, key=lambda code: "#" in codes.get(code, "#")):
        if code in codes and not (site / _path(codes[code]) / "index.html").exists():
            withdrawn(_path(codes[code]), code)
    return count
