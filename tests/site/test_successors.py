"""When MkDocs ends: the same Markdown through ProperDocs, its fork, and Zensical, Material's successor, loses nothing.

Both are test requirements for this file alone; maintaining.md says how one would move to either.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from guidebook.compose import SCREEN_ONLY, article_of
from guidebook.series import url_of

ROOT = Path(__file__).parents[2]
# What a builder's own theme adds to a page; the notes at citations are ours, and compared.
OURS = re.compile(r'" note "|reference-library|self::(form|aside)')
THEMES = [f".//*[{condition}]" for condition in SCREEN_ONLY if not OURS.search(condition)]


@pytest.fixture(scope="module", params=["properdocs", "zensical"])
def other(request, tmp_path_factory) -> Path:
    """The site as another builder makes it: with hooks and templates where it knows them, else with its own."""
    project = tmp_path_factory.mktemp(request.param)
    ignore = shutil.ignore_patterns(".venv", ".git", "site", ".site.*", "dist", "tests", "__pycache__")
    shutil.copytree(ROOT, project, ignore=ignore, dirs_exist_ok=True)
    command = ["build", "--strict", "-f", "mkdocs.yml"]
    if request.param == "zensical":
        # Its template language is another and knows no page.url: the theme's own templates, our Markdown.
        for file, line in ((project / "mkdocs.yml", "  custom_dir: overrides\n"), (project / "docs" / "index.md", "template: home.html\n")):
            text = file.read_text(encoding="utf-8")
            assert line in text, f"{file.name} has no line {line!r}: mend this test"
            file.write_text(text.replace(line, ""), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", request.param, *command], cwd=project, capture_output=True, text=True, check=False,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return project / "site"


def what_is_said(site: Path, page) -> html.HtmlElement:
    article = article_of(site, page)
    if apart := article.get("data-cited"):  # the findings behind citations: we send them in a file of their own
        text = (site / f"assets/cited/{apart}.js").read_text(encoding="utf-8")
        for cite, note in zip(article.xpath('.//*[@class="cite"]'), json.loads(text.removeprefix("guidebookCited(").removesuffix(")\n")), strict=True):
            cite.append(html.fromstring(f'<span class="note">{"".join(f"<span>{escape(part)}</span>" for part in note)}</span>'))
    for filled in article.xpath(".//*[@data-size-of]"):  # sizes of files that only a whole build makes
        filled.text = ""
    for path in (*THEMES, ".//h1"):
        for element in article.xpath(path):
            element.drop_tree()
    return article


def words(article) -> str:
    return re.sub(r"\s+", " ", " ".join(article.itertext())).strip()


def parts(article) -> dict[str, list]:
    """What a page consists of, in its order: blocks with their codes, citations, drawings, fields, tables, headings."""
    return {
        "blocks": [(e.get("id"), e.get("data-code"), e.get("class"), e.get("aria-label")) for e in article.xpath(".//section[@class] | .//figure | .//details")],
        "citations": [e.text_content() for e in article.xpath('.//span[@class="cites"]')],
        "notes": [e.text_content() for e in article.xpath('.//span[@class="note"]')],
        "drawings": [len(list(e.iter())) for e in article.xpath(".//figure//svg")],
        "fields": [(e.tag, e.get("id")) for e in article.xpath(".//input | .//textarea")],
        "tables": [len(e.xpath(".//tr")) for e in article.xpath(".//table")],
        "headings": [(e.tag, e.get("id")) for e in article.xpath(".//h2 | .//h3")],
    }


def test_every_page_says_the_same(series, site, other):
    differ = [page.path.as_posix() for page in series.pages if words(what_is_said(site, page)) != words(what_is_said(other, page))]
    assert not differ, f"these pages lose or gain words: {differ}"


def test_every_page_has_the_same_parts(series, site, other):
    cited = 0
    for page in series.pages:
        ours, theirs = parts(what_is_said(site, page)), parts(what_is_said(other, page))
        for name in ours:
            assert theirs[name] == ours[name], f"{page.path}: {name}"
        cited += len(ours["citations"])
    assert cited > 1000, "citations were not found at all: did their markup change?"


def test_every_code_stands_at_its_address(series, other):
    for code, address in series.addresses().items():
        path, _, anchor = address.partition("#")
        tree = html.parse(str(other / path / "index.html"), parser=html.HTMLParser(encoding="utf-8"))
        if anchor:
            assert tree.xpath("//*[@id=$id]/@data-code", id=anchor) == [code], address


def leads_to(article, at: Path, site: Path) -> list[str]:
    """Where each link of an article leads, below the site's root, whichever way its builder writes the address."""
    found = []
    for href in article.xpath(".//a/@href"):
        link = urlsplit(href)
        path = os.path.relpath(at / unquote(link.path), site) if link.path else "."
        found.append(href if link.scheme else f"{path}#{link.fragment}" if link.path else f"#{link.fragment}")
    return found


def test_every_link_in_the_text_leads_where_it_did(series, site, other):
    seen = 0
    for page in series.pages:
        address = url_of(page.path)
        ours, theirs = (leads_to(what_is_said(built, page), built / address, built) for built in (site, other))
        assert theirs == ours, page.path
        seen += len(ours)
    assert seen > 5000, "links were not found at all"
