"""What a reader meets on the built site: links, addresses, references, the evidence library."""

from __future__ import annotations

import gzip
import json
import os
import re
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from guidebook import addresses, crosswalk, library, register, rules
from guidebook.series import url_of


def tree_of(file):
    return html.parse(str(file), parser=html.HTMLParser(encoding="utf-8")).getroot()


@pytest.fixture(scope="module")
def pages(site):
    return {file: tree_of(file) for file in sorted(site.rglob("*.html"))}


def test_every_internal_link_and_anchor_resolves(site, pages):
    dead = []
    ids = {file: set(tree.xpath("//@id")) for file, tree in pages.items()}
    for file, tree in pages.items():
        if file.name == "404.html":  # served at any depth: its links begin at the site's own address
            continue
        for href in tree.xpath("//a/@href | //link[@rel='stylesheet']/@href | //script/@src | //img/@src"):
            parts = urlsplit(href)
            if parts.scheme or href.startswith("//"):
                continue
            target = file if not parts.path else (file.parent / unquote(parts.path)).resolve()
            if target.is_dir():
                target = target / "index.html"
            if not target.exists():
                dead.append(f"{file.relative_to(site)}: {href}")
            elif parts.fragment and target in ids and unquote(parts.fragment) not in ids[target]:
                if not parts.fragment.startswith("__"):  # Material's own toggles
                    dead.append(f"{file.relative_to(site)}: {href}")
    assert not dead, "\n".join(dead[:20])


def test_ids_are_unique_on_each_page(pages, site):
    doubled = {}
    for file, tree in pages.items():
        ids = tree.xpath("//@id")
        extra = {i for i in ids if ids.count(i) > 1}
        if extra:
            doubled[str(file.relative_to(site))] = extra
    assert not doubled


def test_quotation_marks_are_typographic_wherever_they_come_from(pages, site):
    """Sources are checked by a rule; templates, messages and references are not."""
    straight = {
        f"{file.relative_to(site)}: {text.strip()[:60]}"
        for file, tree in pages.items()
        for text in tree.xpath("//body//text()[not(ancestor::script or ancestor::style or ancestor::pre or ancestor::code)]")
        if re.search("[\"']", text)
    }
    assert not straight, "\n".join(sorted(straight)[:20])


def test_each_code_of_the_ledger_leads_to_a_page_and_an_element(site, series):
    ledger = addresses.read(series.root)
    for code, address in ledger["codes"].items():
        if code in ledger["retired"]:  # test_links.py looks at what was withdrawn
            continue
        page = site / "go" / code.lower() / "index.html"
        assert page.exists(), code
        tree = tree_of(page)
        target = tree.xpath("//main//a/@href")[0]
        refresh = tree.xpath("//meta[@http-equiv='refresh']/@content")[0]
        assert refresh.endswith(f"url={target}")
        path, _, fragment = target.partition("#")
        landed = (page.parent / path).resolve()
        assert landed.exists(), (code, target)
        assert os.path.relpath(landed.parent, site).replace(".", "") == address.partition("#")[0].rstrip("/")
        if fragment:
            assert tree_of(landed).xpath(f"//*[@id='{fragment}']"), (code, fragment)


def test_references_list_each_cited_source_once_and_in_order(site, series, guide):
    evidence = register.load(series.root / "evidence")
    cited = {evidence.resolve(key)[0].key for key in series.cited(guide.chapters)}
    items = tree_of(site / guide.slug / "references" / "index.html").xpath("//ul[@class='reference-list']/li")
    assert sorted(item.get("id") for item in items) == sorted(f"ref-{key}" for key in cited)
    words = [" ".join(re.sub(r"[^\w\s]", "", item.text_content()).split()).casefold() for item in items]
    assert words == sorted(words)


def test_library_shows_checked_findings_and_nothing_else(site, series):
    evidence = register.load(series.root / "evidence")
    files = [site / url_of(part.page.path) / "index.html" for part in library.parts(series)]
    shown = [item for file in files for item in tree_of(file).xpath("//ul[@class='source-findings']/li/@id")]
    assert sorted(shown) == sorted(finding.id for finding in evidence.findings.values() if finding.checked)
    own = {source.link for source in evidence.sources.values()}
    for file in files:
        for link in tree_of(file).xpath("//article[@class='source']//a/@href"):
            assert not link.startswith("http") or link in own, f"{link} is no source's own address"
        for fact in tree_of(file).xpath("//dl[@class='source-study']/dd"):
            assert not fact.text_content()[:1].islower(), fact.text_content()
        assert "seen_at" not in file.read_text(encoding="utf-8")


def test_library_leads_from_the_list_of_all_to_each_source(site, series):
    """Every address that the library ever had is still there: a source's on the list, which leads to its page."""
    evidence = register.load(series.root / "evidence")
    door = site / "evidence" / "index.html"
    entries = tree_of(door).xpath("//ul[@class='library-list']/li")
    assert sorted(entry.get("id") for entry in entries) == sorted(source.key for source in evidence.published)
    holds: dict[str, set] = {}
    for entry in entries:
        page, _, fragment = entry.xpath("./a/@href")[0].partition("#")
        known = holds.setdefault(page, set(tree_of(door.parent / page / "index.html").xpath("//article[@class='source']/@id")))
        assert fragment == entry.get("id") and fragment in known
        words = " ".join(entry.text_content().split())
        assert " ".join(evidence.sources[fragment].title.split()) in words


def test_no_page_of_the_library_is_heavy(site, series):
    assert len(gzip.compress((site / "evidence" / "index.html").read_bytes(), 6)) < 60_000
    for part in library.parts(series):
        assert len(gzip.compress((site / url_of(part.page.path) / "index.html").read_bytes(), 6)) < 45_000, f"{part.name}: part it"


def test_crosswalk_leads_from_each_text_to_chapters_and_back(site, series):
    tree = tree_of(site / "crosswalk" / "index.html")
    rows = tree.xpath("//div[@class='crosswalk']//tr[@id]")
    assert len(rows) == len(crosswalk.DUTIES)
    assert all(row.xpath("./td[3]//a[@href]") for row in rows), "a theme or article without a chapter"
    back = {link.text_content().split()[0] for link in tree.xpath("//h2[@id='from-each-chapter']/following::table[1]//td[1]//a")}
    chapters = {page.code for guide in series.guides for page in guide.chapters if not rules.is_about(page, series)}
    assert back == chapters


def test_every_citation_has_the_findings_it_cites_at_hand(site, series, guide):
    """In the file beside its page, in the order of the page, each with who found it and how much of that was read."""
    evidence = register.load(series.root / "evidence")
    for page in (page for page in guide.chapters if page.citations):
        article = tree_of(site / url_of(page.path) / "index.html").xpath("//article[@data-cited]")[0]
        text = (site / f"assets/cited/{article.get('data-cited')}.js").read_text(encoding="utf-8")
        notes = json.loads(text.removeprefix("guidebookCited(").removesuffix(")\n"))
        links = article.xpath('.//a[@class="cite-link"]')
        assert len(notes) == len(links) and not article.xpath('.//*[@class="cite"]/*[@class="note"]'), page.path
        behind: list[str] = []
        for (*facts, known), link in zip(notes, links, strict=True):
            source = evidence.sources[link.get("href").partition("references/#ref-")[2]]
            assert facts and set(facts) <= {source.title, *(finding.fact for finding in source.findings)}, f"{page.path}: {facts}"
            assert known.endswith(register.SEEN[source.seen])
            if own := link.getparent().get("id"):
                assert evidence.findings[own.removeprefix("cite-")].fact in facts
            behind += facts
        keys = {citation.value for citation in page.citations}
        assert {evidence.findings[key].fact for key in keys if key in evidence.findings} <= set(behind)


def test_pages_ask_nothing_of_other_sites(pages, site):
    for file, tree in pages.items():
        loaded = tree.xpath("//script/@src | //img/@src | //link[@rel='stylesheet' or @rel='preconnect' or @rel='preload' or @rel='icon']/@href | //iframe/@src")
        assert not [address for address in loaded if "//" in address], file.relative_to(site)


def test_nothing_in_the_head_waits_for_the_sheet(pages, site):
    """A script behind a sheet waits until the sheet has come, and all that follows it waits too."""
    for file, tree in pages.items():
        for sheet in tree.xpath("//head/link[@rel='stylesheet']"):
            late = sheet.xpath("following-sibling::script[not(@src) and not(@type)] | following-sibling::link[@rel='preload']")
            assert not late, file.relative_to(site)


def test_notes_for_facilitators_and_figures_are_there_without_script(site, guide):
    for page in guide.chapters:
        tree = tree_of(site / url_of(page.path) / "index.html")
        exercises = [b for b in page.blocks if b.name == "exercise"]
        assert len(tree.xpath("//section[@class='exercise']//details[@class='facilitation']")) == len(exercises)
        for figure in tree.xpath("//figure[@class='figure']"):
            assert figure.xpath(".//svg[@role='img'][@aria-label]") and figure.xpath("./details//*[normalize-space()]")


def test_two_builds_are_byte_identical(site, series, tmp_path):
    from guidebook.__main__ import site as build

    again = tmp_path / "site"
    assert build(series.root, again, pdfs=False) == 0
    last = {again / "sw.js", again / "offline" / "index.html"}  # they say what is in the PDFs too, which were not made again
    for file in sorted(again.rglob("*")):
        if file.is_file() and file not in last:
            assert file.read_bytes() == (site / file.relative_to(again)).read_bytes(), file.relative_to(again)


def test_every_page_names_its_edition_and_leads_to_what_is_new(site, pages, series):
    for page in series.pages:
        tree = pages[site / url_of(page.path) / "index.html"]
        (link,) = tree.xpath('//div[@class="site-foot"]/p[1]/a')
        assert link.text_content() == f"edition {series.edition_words}", page.path
        assert (site / url_of(page.path) / link.get("href")).resolve() == site.resolve() / "changes"
