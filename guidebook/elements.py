"""Elements of the pages that the project writes itself: finished text, which the inline parser leaves alone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterable

from markdown.util import AtomicString


def add(parent: etree.Element, tag: str, class_: str = "", text: str = "", **attributes: str) -> etree.Element:
    """Append `tag` under `parent` and return it; `data_id` among `attributes` becomes `data-id`."""
    attributes = {name.replace("_", "-"): value for name, value in attributes.items()}
    if class_:
        attributes["class"] = class_
    element = etree.SubElement(parent, tag, attributes)
    if text:
        element.text = AtomicString(text)
    return element


def add_links(parent: etree.Element, links: Iterable[dict[str, str]]) -> None:
    """Append links, parted by commas; each is `text`, `href` and any further attribute of its element."""
    before = None
    for link in links:
        if before is not None:
            before.tail = ", "
        before = add(parent, "a", **link)


def append_html(parent: etree.Element, markup: str) -> None:
    """Append the small HTML that the reference formatter makes (`<i>`, `<a>`, text) as elements.

    Kept as elements and not raw HTML so that every builder and the print composition see the same tree.
    """
    element = etree.fromstring(f"<span>{re.sub(r'&(?!amp;|lt;|gt;|quot;|#)', '&amp;', markup)}</span>")
    element.set("class", "reference-entry")
    for part in element.iter():
        if part.text:
            part.text = AtomicString(part.text)
        if part.tail:
            part.tail = AtomicString(part.tail)
    parent.append(element)
