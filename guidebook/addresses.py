"""Addresses that never break: the ledger `addresses.yml` and the short addresses `go/<code>/`.

The ledger lists every code ever published and where it leads now, and every address that has moved. Codes are
never reused and lines are never deleted: somebody's slide or printed page still points there.
"""

from __future__ import annotations

import html
import os
import re
from pathlib import Path

import yaml

from guidebook.preview import preview_tags
from guidebook.problems import Problem
from guidebook.series import Series

NAME = "addresses.yml"
HEADER = """\
# Every code and address ever published. Written by `make ledger`, committed, and never shortened:
# printed pages and training slides point at these. A code is never given to something else.
# codes: code -> where it leads now.   moved: an old address -> the code that took its place.
"""

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{code} · {title}</title>
<meta http-equiv="refresh" content="0; url={target}">
<link rel="canonical" href="{canonical}">
{preview}
</head>
<body>
<main>
<h1>{code}</h1>
<p>This short address leads to <a href="{target}">{title}</a>.</p>
</main>
</body>
</html>
"""


def read(root: Path) -> dict:
    """The ledger as `{"codes": {...}, "moved": {...}}`; empty if the file does not exist."""
    file = root / NAME
    ledger = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else None
    return {"codes": {}, "moved": {}} | (ledger or {})


def update(series: Series) -> list[str]:
    """Add codes that are new to the ledger and write it; returns them. Existing lines are left as they are."""
    ledger = read(series.root)
    new = {code: address for code, address in series.addresses().items() if code not in ledger["codes"]}
    ledger["codes"] |= new
    text = HEADER + yaml.safe_dump(
        {"codes": ledger["codes"], "moved": ledger["moved"]}, sort_keys=False, allow_unicode=True, width=200
    )
    (series.root / NAME).write_text(text, encoding="utf-8")
    return list(new)


def problems(series: Series) -> list[Problem]:
    """Where the sources and the ledger disagree."""
    ledger, now = read(series.root), series.addresses()
    lines = (series.root / NAME).read_text(encoding="utf-8").splitlines() if (series.root / NAME).exists() else []

    def line_of(code: str) -> int:
        return next((n for n, line in enumerate(lines, 1) if re.match(rf"\s*'?{re.escape(code)}'?:", line)), 1)

    found = []
    for code, address in now.items():
        known = ledger["codes"].get(code)
        if known is None:
            found.append(Problem(NAME, 1, f"{code} ({address}) is not in the ledger.", "Run `make ledger` and commit the change."))
        elif known != address:
            found.append(
                Problem(
                    NAME, line_of(code), f"{code} leads to {known} here, but the sources put it at {address}.",
                    f'If it moved, write the new address here and add "{known}: {code}" under moved.',
                )
            )  # fmt: skip
    for code, address in ledger["codes"].items():
        if code not in now:
            found.append(
                Problem(
                    NAME, line_of(code), f"{code} ({address}) was published and is gone from the sources.",
                    "Put it back: a printed page may point there.",
                )
            )  # fmt: skip
    for old, code in ledger["moved"].items():
        if code not in now:
            found.append(Problem(NAME, line_of(old), f"the moved address {old} leads to {code}, which is not there.", "Name a code that is."))
    return found


def _titles(series: Series) -> dict[str, str]:
    titles = {}
    for page in series.pages:
        if page.code:
            titles[page.code] = page.title
        titles |= {block.id.upper(): block.title or page.title for block in page.blocks if block.id}
    return titles


def write_pages(series: Series, site: Path) -> int:
    """Write `go/<code>/index.html` for every code, and a page at every moved address; returns how many.

    Static pages that forward with and without script and say where they go, with relative links, so that
    they work from any base path and from a USB stick.
    """
    titles, count = _titles(series), 0
    preview = preview_tags(series)
    codes = read(series.root)["codes"] | series.addresses()

    def write(folder: str, code: str) -> None:
        address = codes[code]
        path, _, fragment = address.partition("#")
        target = os.path.relpath(path or ".", folder.rstrip("/")).replace(os.sep, "/") + "/index.html"
        if fragment:
            target += f"#{fragment}"
        place = site / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / "index.html").write_text(
            PAGE.format(
                code=html.escape(code),
                title=html.escape(titles.get(code, code)),
                target=html.escape(target),
                canonical=html.escape(series.site_url + address),
                preview=preview(code, titles.get(code, code), address),
            ),
            encoding="utf-8",
        )

    for code in codes:
        write(f"go/{code.lower()}/", code)
        count += 1
    for old, code in read(series.root)["moved"].items():
        if code in codes and not (site / old.partition("#")[0] / "index.html").exists():
            write(old.partition("#")[0], code)
            count += 1
    return count
