"""All codes, folded by guide, and the field in which a reader types one: the page `go.md`.

The list is whole without script. `assets/scripts/codes.js` adds the field, and reads the codes from the list itself.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Callable

from guidebook import addresses, linkkit
from guidebook.elements import add
from guidebook.series import Series


def build(parent: etree.Element, series: Series, raw: Callable[[str], str]) -> etree.Element:
    """The field and the lists under `parent`; returns their element. The page that holds it stands at `go/`.

    Short addresses exist only after the build: `raw` keeps them from the builder's search for sources.
    """
    box = add(parent, "div", "code-finder", data_search_exclude="")
    made = etree.Element("div")
    form = add(made, "form", "code-form", hidden="hidden")
    add(form, "label", "", "The code on your slide or page", **{"for": "code"})
    add(form, "input", id="code", name="code", type="text", maxlength="60", autocomplete="off", autocapitalize="characters", spellcheck="false")
    add(form, "button", "", "Find", type="submit")
    add(made, "p", "code-status", role="status")
    add(made, "ul", "code-results")
    for guide in series.guides:
        chapters = linkkit.entries(guide)
        details = add(made, "details", "code-list")
        add(details, "summary", "", f"{guide.title}: {chapters[0][0].code} to {chapters[-1][0].code}")
        items = add(details, "ul")
        for chapter in chapters:
            for entry in chapter:
                _link(items, entry.code, entry.title, "" if entry.kind == "chapter" else entry.kind)
    names = addresses.titles(series)
    coded = {entry.code for guide in series.guides for chapter in linkkit.entries(guide) for entry in chapter}
    _listing(made, "Other pages", {code: names[code] for code in series.addresses() if code not in coded})
    retired = addresses.read(series.root)["retired"]
    _listing(made, "Withdrawn", {code: f"withdrawn; {by} took its place" for code, by in retired.items()})
    add(box, "div", "", raw(etree.tostring(made, encoding="unicode", method="html")))
    return box


def _listing(parent: etree.Element, summary: str, named: dict[str, str]) -> None:
    if not named:
        return
    details = add(parent, "details", "code-list")
    add(details, "summary", "", summary)
    items = add(details, "ul")
    for code, title in named.items():
        _link(items, code, title)


def _link(items: etree.Element, code: str, title: str, kind: str = "") -> None:
    item = add(items, "li", "" if kind else "code-chapter")
    link = add(item, "a", "", href=f"{code.lower()}/index.html", data_code=code)
    add(link, "strong", "", code).tail = f" {title}"
    if kind:
        add(link, "span", "kit-kind", f" {kind}")
