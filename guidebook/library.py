"""The evidence library: every source with a checked finding, and where each finding is used.

Only checked findings are shown, and a source links by its DOI or own address only. The list is complete
without script; `assets/scripts/library.js` adds the filters, which read the `data-` attributes set here.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree

from guidebook.register import SEEN

KIND_NAMES = {
    "article": "Journal article", "book": "Book or chapter", "guideline": "Guideline", "law": "Law",
    "report": "Report", "thesis": "Thesis", "toolkit": "Toolkit", "treaty": "Treaty", "webpage": "Web page",
}  # fmt: skip


def append_html(parent: etree.Element, markup: str, md) -> None:
    """Append the small HTML that the reference formatter makes (`<i>`, `<a>`, text) as elements.

    Kept as elements and not raw HTML so that every builder and the print composition see the same tree.
    """
    element = etree.fromstring(f"<span>{re.sub(r'&(?!amp;|lt;|gt;|quot;|#)', '&amp;', markup)}</span>")
    element.set("class", "reference-entry")
    for part in element.iter():  # the text is finished: the inline parser must not read it as Markdown
        from markdown.util import AtomicString

        if part.text:
            part.text = AtomicString(part.text)
        if part.tail:
            part.tail = AtomicString(part.tail)
    parent.append(element)


def _add(parent: etree.Element, tag: str, class_: str = "", text: str = "", **attributes: str) -> etree.Element:
    from markdown.util import AtomicString

    attributes = {name.replace("_", "-"): value for name, value in attributes.items()}
    if class_:
        attributes["class"] = class_
    element = etree.SubElement(parent, tag, attributes)
    if text:
        element.text = AtomicString(text)
    return element


def build(parent: etree.Element, project, md) -> etree.Element:
    """The whole list under `parent`, in the order of the references; returns its element."""
    box = _add(parent, "div", "library", data_search_exclude="")
    uses = project.series.cited()
    guides = {guide.slug: guide for guide in project.series.guides}
    shown = [project.register.sources[key] for key in project.references]
    findings = sum(len(source.checked_findings) for source in shown)
    _add(box, "p", "library-count", f"{len(shown)} sources, {findings} findings read again at their source.")
    for source in shown:
        reference = project.references[source.key]
        pages = list(uses.get(source.key, []))
        for finding in source.checked_findings:
            pages += [page for page in uses.get(finding.id, []) if page not in pages]
        used_in = sorted({page.path.parts[0] for page in pages} & set(guides))
        item = _add(
            box, "article", "source", id=source.key, aria_label=reference.label,
            data_guides="|".join(used_in), data_countries="|".join(source.study.countries),
            data_groups="|".join(source.study.groups), data_kind=KIND_NAMES[source.type],
            data_year=str(source.year or ""),
        )  # fmt: skip
        head = _add(item, "p", "source-reference")
        append_html(head, reference.entry, md)
        facts = _add(item, "dl", "source-study")
        study = source.study
        for name, value in (
            ("Kind", KIND_NAMES[source.type]),
            ("Who was studied", study.population),
            ("Where", ", ".join(study.countries)),
            ("Sample", study.sample),
            ("Method", study.method),
            ("When", study.period),
            ("How much we read", SEEN[source.seen].capitalize()),
        ):
            if value:
                row = _add(facts, "div")
                _add(row, "dt", text=name)
                _add(row, "dd", text=str(value))
        listing = _add(item, "ul", "source-findings")
        for finding in source.checked_findings:
            entry = _add(listing, "li", id=finding.id)
            _add(entry, "p", "finding-fact", finding.fact)
            users = uses.get(finding.id, [])
            if users:
                where = _add(entry, "p", "finding-uses", "Used in ")
                for position, page in enumerate(users):
                    link = _add(where, "a", "", f"{page.code} {page.title}",
                                href=f"{page.path.as_posix()}#cite-{finding.id}")  # fmt: skip
                    if position < len(users) - 1:
                        link.tail = ", "
    return box
