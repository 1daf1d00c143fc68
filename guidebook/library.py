"""The evidence library: every source with a checked finding, and where each finding is used.

Only checked findings are shown, and a source links by its DOI or own address only. The list is complete
without script; `assets/scripts/library.js` fills the filters, which read the `data-` attributes set here. Their
fields stand in the page so that nothing jumps when the script comes; without script they are not shown.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree

from guidebook.elements import add, add_links, append_html
from guidebook.register import SEEN

KIND_NAMES = {
    "article": "Journal article", "book": "Book or chapter", "guideline": "Guideline", "law": "Law",
    "report": "Report", "thesis": "Thesis", "toolkit": "Toolkit", "treaty": "Treaty", "webpage": "Web page",
}  # fmt: skip

# The filters: the data attribute of a source that each reads ("text" searches the words), and its label.
FILTERS = {
    "text": "Words", "guides": "Used in guide", "countries": "Country", "groups": "Who was studied", "kind": "Kind of source", "year": "Year",
}  # fmt: skip


def build(parent: etree.Element, project) -> etree.Element:
    """The whole list under `parent`, in the order of the references; returns its element."""
    box = add(parent, "div", "library", data_search_exclude="")
    uses = project.series.cited()
    guides = {guide.slug: guide for guide in project.series.guides}
    shown = [project.register.sources[key] for key in project.references]
    findings = sum(len(source.checked_findings) for source in shown)
    form = add(box, "form", "library-filters", aria_label="Filter the sources")
    for name, label in FILTERS.items():
        wrap = add(form, "label", "", label)
        if name == "text":
            add(wrap, "input", type="search", name=name)
        else:
            add(wrap, "select", name=name)
    add(form, "button", "", "Show all", type="reset")
    add(box, "p", "library-count", f"{len(shown)} sources, {findings} findings read again at their source.")
    for source in shown:
        reference = project.references[source.key]
        pages = list(uses.get(source.key, []))
        for finding in source.checked_findings:
            pages += [page for page in uses.get(finding.id, []) if page not in pages]
        used_in = sorted({page.path.parts[0] for page in pages} & set(guides))
        item = add(
            box, "article", "source", id=source.key, aria_label=reference.label,
            data_guides="|".join(used_in), data_countries="|".join(source.study.countries),
            data_groups="|".join(source.study.groups), data_kind=KIND_NAMES[source.type],
            data_year=str(source.year or ""),
        )  # fmt: skip
        head = add(item, "p", "source-reference")
        append_html(head, reference.entry)
        facts = add(item, "dl", "source-study")
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
                add(facts, "dt", text=name)
                add(facts, "dd", text=str(value))
        listing = add(item, "ul", "source-findings")
        for finding in source.checked_findings:
            entry = add(listing, "li", id=finding.id)
            add(entry, "p", "finding-fact", finding.fact)
            users = uses.get(finding.id, [])
            if users:
                where = add(entry, "p", "finding-uses", "Used in ")
                add_links(where, ({"text": f"{page.code} {page.title}", "href": f"{page.path.as_posix()}#cite-{finding.id}"} for page in users))
    return box
