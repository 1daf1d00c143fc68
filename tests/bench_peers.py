"""`make bench-peers`: what a reader's phone fetches and how Lighthouse judges it, ours beside six other builders.

One run, one table: the same 51 chapters as each builder makes them out of the box, served with gzip, opened in a real
Chromium 360 px wide, each time until the network is idle. tests/peers/README.md says what each holds, what was left
out in their favour, and the last table. Nothing here passes or fails.

Needs npm besides what `make bench` needs. Builders and what they build are kept outside the project (in the folder
BENCH_PEERS, else below the system's folder for temporary files): a second run installs nothing. Names of peers as
arguments measure only these, beside ours; `--runs 1` asks Lighthouse once instead of three times.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urljoin

import yaml
from bench import NOTES, ROOT, Gzip, hosted, run, weight
from lxml import html
from playwright.sync_api import Browser, Page, sync_playwright

from guidebook.series import Series, url_of
from guidebook.source import SourcePage

CHAPTER = "identification/the-conversation/"
FURTHER = ("identification/after-identification/", "identification/into-practice/", "identification/who-is-missed/")
QUERY = "interpreter"
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
OURS = "ours"
JUDGED = {"home": "", "chapter": CHAPTER, "evidence library": "evidence/", "my notes": "my-notes/"}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PEERS = Path(__file__).parent / "peers"
KEPT = Path(os.environ.get("BENCH_PEERS") or Path(tempfile.gettempdir()) / "practitioner-guides-peers")
NPM = KEPT / "npm"  # the JavaScript builders' projects stand below it, and so find its node_modules
NAME = "Practitioner Guides"


# ---------------------------------------------------------------- the same content as plain Markdown


def plain(text: str) -> str:
    """Words as Markdown that no builder reads as markup."""
    return re.sub(r"([\\`*_\[\]<>|#{}])", r"\\\1", re.sub(r"\s+", " ", text))


def inline(element) -> str:
    """The words of an element with their emphasis; links within the site become words, notes at citations go."""
    parts = [plain(element.text or "")]
    for child in element:
        if isinstance(child.tag, str) and child.tag != "svg" and "note" not in child.get("class", "").split():
            words = inline(child)
            mark = {"strong": "**", "b": "**", "em": "*", "i": "*"}.get(child.tag, "")
            if child.tag == "a" and child.get("href", "").startswith("http"):
                words = f"[{words.strip()}]({child.get('href')})"
            parts.append(f"{mark}{words.strip()}{mark}" if mark and words.strip() else words)
        parts.append(plain(child.tail or ""))
    return "".join(parts)


INLINE = {"a", "span", "strong", "em", "b", "i", "br", "abbr", "code", "input", "label"}


def markdown(element, indent: str = "") -> list[str]:
    """The paragraphs, headings, lists and tables of an element as blocks of plain Markdown."""
    blocks: list[str] = []
    for child in element:
        if not isinstance(child.tag, str) or child.tag in ("svg", "script") or child.get("aria-hidden") == "true":
            continue
        if child.tag in ("h2", "h3", "h4", "h5"):
            blocks.append("#" * int(child.tag[1]) + " " + inline(child).strip())
        elif child.tag in ("ul", "ol"):
            for number, item in enumerate(child.findall("li"), 1):
                mark = "- " if child.tag == "ul" else f"{number}. "
                inner = markdown(item) if any(part.tag not in INLINE for part in item) else [inline(item).strip()]
                lines = "\n\n".join(inner).split("\n")
                blocks.append("\n".join([mark + lines[0], *(" " * len(mark) + line if line else "" for line in lines[1:])]))
        elif child.tag == "table":
            rows = [[inline(cell).strip() for cell in row if cell.tag in ("th", "td")] for row in child.iter("tr")]
            blocks.append("\n".join(f"| {' | '.join(row)} |" for row in [rows[0], ["---"] * len(rows[0]), *rows[1:]]))
        elif child.tag == "p" or all(part.tag in INLINE for part in child):
            words = inline(child).strip()
            title = "block-title" in child.get("class", "").split()
            if words:
                blocks.append(f"**{words}**" if title else words)
        else:
            blocks += markdown(child)
    return blocks


def flattened(site: Path, page: SourcePage) -> str:
    """A chapter's article, as built, without its heading: our blocks are a bold title and what stands in them."""
    article = html.parse(str(site / url_of(page.path) / "index.html"), html.HTMLParser(encoding="utf-8")).find(".//article")
    for extra in article.xpath('.//*[contains(@class, "chapter-eyebrow") or contains(@class, "opener-tools") or self::h1]'):
        extra.drop_tree()
    return "\n\n".join(markdown(article)) + "\n"


# ---------------------------------------------------------------- the builders


@dataclass
class Peer:
    """A builder's output and how a reader opens its search."""

    name: str
    release: str
    site: Path
    opener: str = ""  # what a reader presses to search, on a phone
    drawer: str = ""  # what has to be opened before that
    field: str = "input[type=search]"
    leaves: bool = False  # results stand on a page of their own


@dataclass
class Guides:
    """The chapters as every peer gets them: guide -> pages in order, and each page's flattened text."""

    series: Series
    texts: dict[Path, str] = field(default_factory=dict)

    def write(self, folder: Path, front, heading: bool = True) -> None:
        """All chapters below `folder`; `front(page, place)` gives a page's front matter."""
        shutil.rmtree(folder, ignore_errors=True)
        for guide in self.series.guides:
            for place, page in enumerate(guide.chapters):
                file = folder / page.path
                file.parent.mkdir(parents=True, exist_ok=True)
                head = f"---\n{yaml.safe_dump(front(page, place), allow_unicode=True)}---\n\n" if front(page, place) else ""
                file.write_text(head + (f"# {page.title}\n\n" if heading else "") + self.texts[page.path], encoding="utf-8")

    def sidebar(self, make) -> list:
        return [make(guide.title, [(page.title, url_of(page.path)) for page in guide.chapters]) for guide in self.series.guides]


WELCOME = "Four guides for those who protect people who were trafficked.\n"


def node(*command: str, cwd: Path) -> None:
    """Run a builder of node_modules with the Node that stands there."""
    path = f"{NPM / 'node_modules' / '.bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False,
        env=os.environ | {"PATH": path, "CI": "1", "ASTRO_TELEMETRY_DISABLED": "1", "DO_NOT_TRACK": "1", "NO_UPDATE_NOTIFIER": "1"},
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def installed(package: str) -> str:
    return json.loads((NPM / "node_modules" / package / "package.json").read_text(encoding="utf-8"))["version"]


def declare(project: Path, *packages: str) -> None:
    """A project's package.json: Astro bundles a theme only if it is named there."""
    project.mkdir(parents=True, exist_ok=True)
    content = {"private": True, "dependencies": {name: installed(name) for name in packages}}
    (project / "package.json").write_text(json.dumps(content), encoding="utf-8")


def mkdocs_project(guides: Guides, folder: Path) -> Path:
    """Our own Markdown and extension, with the theme's own templates and the chapters alone."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".venv", ".git", "site", ".cache", "tests"))
    config = yaml.safe_load((folder / "mkdocs.yml").read_text(encoding="utf-8"))
    for key in ("extra_css", "extra_javascript", "hooks", "validation"):
        config.pop(key, None)
    config["theme"] = {"name": "material", "language": "en", "font": False}
    config["plugins"] = ["search"]
    config["strict"] = False
    config["nav"] = [{"Home": "index.md"}] + [
        {guide.title: [page.path.as_posix() for page in guide.chapters]} for guide in guides.series.guides
    ]
    # Our extension looks terms up in the glossary: it stays as a file, and is not built.
    wanted = {page.path for guide in guides.series.guides for page in guide.chapters} | {Path("glossary.md")}
    for file in (folder / "docs").rglob("*.md"):
        if file.relative_to(folder / "docs") not in wanted:
            file.unlink()
    (folder / "docs" / "index.md").write_text(f"# {NAME}\n\n{WELCOME}", encoding="utf-8")
    for unused in ("assets", "calendar"):
        shutil.rmtree(folder / "docs" / unused, ignore_errors=True)
    config["exclude_docs"] = "glossary.md\n"
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return folder


def material(guides: Guides) -> Peer:
    project = mkdocs_project(guides, KEPT / "material")
    run(sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(project / "site"), cwd=project)
    return Peer("Material for MkDocs", version("mkdocs-material"), project / "site", "label[for=__search] >> visible=true", field=".md-search__input")


def zensical(guides: Guides) -> Peer:
    project = mkdocs_project(guides, KEPT / "zensical")
    command = shutil.which("zensical", path=str(Path(sys.executable).parent))
    if not command:
        raise SystemExit("Zensical is not installed: run `make bench-peers`, which installs it.")
    run(command, "build", cwd=project)
    opener, box = ".md-search__button, label[for=__search] >> visible=true", "[role=search] input, .md-search__input, input[role=combobox]"
    return Peer("Zensical", version("zensical"), project / "site", opener, field=box)


def starlight(guides: Guides) -> Peer:
    project = NPM / "starlight"
    docs = project / "src" / "content" / "docs"
    guides.write(docs, lambda page, place: {"title": page.title, "description": page.meta["summary"]}, heading=False)
    (docs / "index.md").write_text(f"---\ntitle: {NAME}\n---\n\n{WELCOME}", encoding="utf-8")
    bar = guides.sidebar(lambda title, pages: {"label": title, "items": [{"label": name, "link": f"/{url}"} for name, url in pages]})
    declare(project, "astro", "@astrojs/starlight")
    (project / "astro.config.mjs").write_text(
        'import { defineConfig } from "astro/config";\nimport starlight from "@astrojs/starlight";\n'
        f"export default defineConfig({{ site: {json.dumps(guides.series.site_url)}, integrations: [starlight({{ title: {json.dumps(NAME)}, sidebar: {json.dumps(bar)} }})] }});\n",
        encoding="utf-8",
    )
    (project / "src" / "content.config.ts").write_text(
        'import { defineCollection } from "astro:content";\nimport { docsLoader } from "@astrojs/starlight/loaders";\n'
        'import { docsSchema } from "@astrojs/starlight/schema";\n'
        "export const collections = { docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }) };\n",
        encoding="utf-8",
    )
    node("astro", "build", cwd=project)
    release = f"{installed('@astrojs/starlight')} (Astro {installed('astro')})"
    return Peer("Starlight", release, project / "dist", "button[data-open-modal]", field="site-search dialog input")


def vitepress(guides: Guides) -> Peer:
    project = NPM / "vitepress"
    guides.write(project, lambda page, place: {"description": page.meta["summary"]})
    (project / "index.md").write_text(f"# {NAME}\n\n{WELCOME}", encoding="utf-8")
    bar = guides.sidebar(lambda title, pages: {"text": title, "items": [{"text": name, "link": f"/{url}"} for name, url in pages]})
    # Addresses that end in a slash, as with the others.
    config = {
        "title": NAME, "lang": "en", "themeConfig": {"sidebar": bar, "search": {"provider": "local"}},
        "rewrites": {
            page.path.as_posix(): f"{url_of(page.path)}index.md" for guide in guides.series.guides for page in guide.chapters
        },
    }  # fmt: skip
    (project / ".vitepress").mkdir(parents=True)
    (project / ".vitepress" / "config.mjs").write_text(f"export default {json.dumps(config)};\n", encoding="utf-8")
    declare(project, "vitepress")
    node("vitepress", "build", cwd=project)
    return Peer("VitePress", installed("vitepress"), project / ".vitepress" / "dist", ".VPNavBarSearch button", field=".VPLocalSearchBox input")


def docusaurus(guides: Guides) -> Peer:
    project = NPM / "docusaurus"
    guides.write(project / "docs", lambda page, place: {"title": page.title, "description": page.meta["summary"]}, heading=False)
    (project / "docs" / "index.md").write_text(f"---\ntitle: {NAME}\nslug: /\n---\n\n{WELCOME}", encoding="utf-8")
    bar = ["index", *guides.sidebar(lambda title, pages: {"type": "category", "label": title, "items": [
        url.rstrip("/") if url.count("/") > 1 else f"{url}index" for _, url in pages
    ]})]  # fmt: skip
    (project / "sidebars.js").write_text(f"export default {{ docs: {json.dumps(bar)} }};\n", encoding="utf-8")
    config = {
        "title": NAME, "url": guides.series.site_url.rstrip("/"), "baseUrl": "/", "trailingSlash": True, "onBrokenLinks": "warn",
        "markdown": {"format": "detect"}, "themeConfig": {"navbar": {"title": NAME}},
        "presets": [["classic", {"docs": {"routeBasePath": "/", "sidebarPath": "./sidebars.js"}, "blog": False}]],
        "themes": [["@easyops-cn/docusaurus-search-local", {"hashed": True, "docsRouteBasePath": "/", "indexBlog": False}]],
    }  # fmt: skip
    (project / "docusaurus.config.js").write_text(f"export default {json.dumps(config)};\n", encoding="utf-8")
    declare(project, "@docusaurus/core")
    node("docusaurus", "build", cwd=project)
    release = f"{installed('@docusaurus/core')} (docusaurus-search-local {installed('@easyops-cn/docusaurus-search-local')})"
    return Peer("Docusaurus", release, project / "build", field=".navbar input.navbar__search-input")


def furo(guides: Guides) -> Peer:
    project, env = KEPT / "furo", KEPT / "python"
    guides.write(project, lambda page, place: {})
    bars = guides.sidebar(lambda title, pages: (title, [url if url.count("/") > 1 else f"{url}index" for _, url in pages]))
    tree = "\n".join(f"```{{toctree}}\n:caption: {title}\n{chr(10).join('/' + url.rstrip('/') for url in pages)}\n```\n" for title, pages in bars)
    (project / "index.md").write_text(f"# {NAME}\n\n{WELCOME}\n{tree}", encoding="utf-8")
    (project / "conf.py").write_text(
        f'project = {NAME!r}\nextensions = ["myst_parser"]\nhtml_theme = "furo"\nlanguage = "en"\nexclude_patterns = ["out"]\n', encoding="utf-8"
    )
    python = str(env / "bin" / "python")
    run(python, "-m", "sphinx", "-q", "-b", "dirhtml", ".", "out", cwd=project)
    releases = json.loads(subprocess.run(
        [python, "-c", "import json, importlib.metadata as m; print(json.dumps([m.version(n) for n in ('furo', 'sphinx', 'myst-parser')]))"],
        capture_output=True, text=True, check=True,
    ).stdout)  # fmt: skip
    release = "{} (Sphinx {}, MyST {})".format(*releases)
    return Peer("Furo", release, project / "out", drawer="label.nav-overlay-icon >> visible=true", field=".sidebar-search", leaves=True)


BUILDERS = {builder.__name__: builder for builder in (material, zensical, starlight, vitepress, docusaurus, furo)}


def install() -> None:
    """What tests/peers/ pins, once: again only when its files change."""
    if not shutil.which("npm"):
        raise SystemExit("npm is missing. Install Node 20 or later with npm (https://nodejs.org), then run this again.")
    for file, folder, commands in (
        ("package.json", NPM, [["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]]),
        ("requirements.txt", KEPT / "python", [
            [sys.executable, "-m", "venv", "."],
            ["bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"],
        ]),
    ):  # fmt: skip
        wanted, stamp = (PEERS / file).read_text(encoding="utf-8"), folder / "installed"
        if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
            continue
        print(f"Installing what tests/peers/{file} names ...", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(wanted, encoding="utf-8")
        for command in commands:
            run(*command, cwd=folder)
        stamp.write_text(wanted, encoding="utf-8")


# ---------------------------------------------------------------- the scales


@dataclass
class Weights:
    """Bytes, and requests of the first view."""

    first: int
    requests: int
    read: int  # more, by the time the chapter is scrolled to its end
    further: int  # the mean of three chapters opened by a link after it
    search: int  # on top of the first view


def fetched(page: Page) -> int:
    """Wait until nothing more comes; the bytes sent since the last call."""
    page.wait_for_timeout(700)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(700)
    total = sum(size for _, size in Gzip.sent)
    if os.environ.get("BENCH_VERBOSE"):
        print("\n".join(f"    {size:>8} {path}" for path, size in Gzip.sent))
    Gzip.sent.clear()
    return total


def opened(browser: Browser, address: str) -> tuple[Page, int, int]:
    """A reader who comes for the first time: the page, bytes, requests."""
    # No worker: what it stores for later comes seconds after the page, and would count by chance.
    page = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block").new_page()
    Gzip.sent.clear()
    page.goto(address + CHAPTER, wait_until="networkidle")
    page.wait_for_timeout(700)
    requests = len(Gzip.sent)
    return page, fetched(page), requests


def follow(page: Page, address: str) -> None:
    """Open a page by the site's own link to it, wherever that stands."""
    found = page.evaluate(
        "(to) => { const link = [...document.links].find((link) => link.href.split('#')[0] === to); if (link) link.click(); return Boolean(link) }", address
    )
    if not found:
        raise SystemExit(f"{page.url} has no link to {address}: mend the benchmark")
    page.wait_for_url(address + "*")


def search(page: Page, peer: Peer) -> None:
    """Open the search as a reader does and type, a letter at a time."""
    if peer.drawer:
        page.locator(peer.drawer).first.click()
    if peer.opener:
        page.locator(peer.opener).first.click()
    box = page.locator(peer.field).first
    box.click()
    box.press_sequentially(QUERY, delay=60)
    if peer.leaves:
        box.press("Enter")
    page.wait_for_timeout(2500)


def weigh(peer: Peer, browser: Browser, shots: Path) -> Weights:
    """All that the table says of bytes, in two fresh visits."""
    with hosted(peer.site) as address:
        page, first, requests = opened(browser, address)
        for _ in range(60):
            page.mouse.wheel(0, 700)
            page.wait_for_timeout(40)
        read = fetched(page)
        further = []
        for url in FURTHER:
            follow(page, urljoin(address, url))
            further.append(fetched(page))
        page.context.close()
        page, _, _ = opened(browser, address)
        page.screenshot(path=str(shots / f"{peer.name}.png"))
        search(page, peer)
        found = fetched(page)
        page.screenshot(path=str(shots / f"{peer.name} search.png"))
        page.context.close()
    return Weights(first, requests, read, round(statistics.mean(further)), found)


def judge(address: str, report: Path) -> dict[str, float]:
    """One Lighthouse visit as a phone on a slow network; the report is kept."""
    node(
        str(NPM / "node_modules" / ".bin" / "lighthouse"), address, "--quiet", "--output=json", f"--output-path={report}",
        f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={FLAGS}", cwd=KEPT,
    )  # fmt: skip
    found = json.loads(report.read_text(encoding="utf-8"))
    if found.get("runtimeError"):
        raise SystemExit(f"Lighthouse could not open {address}: {found['runtimeError'].get('message')}")
    numbers = {name: (found["categories"][name]["score"] or 0) * 100 for name in CATEGORIES}
    for short, audit in (("FCP", "first-contentful-paint"), ("LCP", "largest-contentful-paint"), ("TBT", "total-blocking-time"), ("CLS", "cumulative-layout-shift")):
        numbers[short] = found["audits"][audit]["numericValue"]
    return numbers


def faults(report: Path) -> list[str]:
    """What a report of a page of ours takes points for."""
    found = json.loads(report.read_text(encoding="utf-8"))
    weighed = {ref["id"] for category in found["categories"].values() for ref in category["auditRefs"] if ref["weight"]}
    return [
        f"{audit['id']}: {audit['title']}" for audit in found["audits"].values()
        if audit["id"] in weighed and audit["score"] is not None and audit["score"] < 0.9
    ]  # fmt: skip


# ---------------------------------------------------------------- the table


def kb(size: int) -> str:
    return f"{size / 1000:.1f}"


def machine() -> str:
    info = Path("/proc/cpuinfo")
    named = re.search(r"^model name\s*: (.+)$", info.read_text(), re.M) if info.exists() else None
    cpu = named[1].strip() if named else platform.machine()
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}"


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ask.add_argument("peers", nargs="*", choices=[*BUILDERS, []], help="only these")
    ask.add_argument("--runs", type=int, default=3, help="visits of Lighthouse to each page")
    wanted = ask.parse_args()
    chromium = shutil.which("chromium")
    os.environ |= {"CHROME_PATH": chromium or "", "PYTHONPATH": str(ROOT)}
    install()
    series = Series(ROOT)
    reports = KEPT / "reports"
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir(parents=True)
    site = KEPT / "ours"
    print("Building ours ...", flush=True)
    run(sys.executable, "-m", "guidebook", "site", "--no-pdfs", "--out", str(site))  # as published: with its policy
    chapters = [page for guide in series.guides for page in guide.chapters]
    guides = Guides(series, {page.path: flattened(site, page) for page in chapters})
    peers = [Peer(OURS, f"edition {series.edition}", site, ".search-open", field=".search input")]
    for name in wanted.peers or BUILDERS:
        print(f"Building {name} ...", flush=True)
        peers.append(BUILDERS[name](guides))

    print("Weighing ...", flush=True)
    weights: dict[str, Weights] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        release = browser.version
        for peer in peers:
            weights[peer.name] = weigh(peer, browser, reports)
        browser.close()

    # Round by round, so that a busy minute of the machine does not fall on one of them alone.
    visits = [(peer, page, url) for peer in peers for page, url in (JUDGED.items() if peer.name == OURS else [("chapter", CHAPTER)])]
    scores: dict[tuple[str, str], list[dict[str, float]]] = {}
    for number in range(wanted.runs):
        print(f"Lighthouse, round {number + 1} of {wanted.runs} ...", flush=True)
        for peer, page, url in visits:
            with hosted(peer.site) as address:
                scores.setdefault((peer.name, page), []).append(judge(address + url, reports / f"{peer.name} {page} {number}.json"))

    print(f"\n{datetime.now(UTC):%Y-%m-%d}; {machine()}; Chromium {release}; Lighthouse {installed('lighthouse')}, mobile, median of {wanted.runs}")
    print(f"kB are gzip, 360 px, to network idle. {len(chapters)} chapters each.\n")
    print("| | first view, kB | requests | read to the end, kB more | a further chapter, kB | first search, kB more |")
    print("|---|---|---|---|---|---|")
    for peer in peers:
        w = weights[peer.name]
        print(f"| {peer.name} {peer.release} | {kb(w.first)} | {w.requests} | {kb(w.read)} | {kb(w.further)} | {kb(w.search)} |")
    print(f"\nOur script for notes: {kb(weight(site, *NOTES))} kB.\n")
    print("| | performance | accessibility | best practices | SEO | FCP, s | LCP, s | TBT, ms | CLS |")
    print("|---|---|---|---|---|---|---|---|---|")
    middle = {key: {name: statistics.median(one[name] for one in found) for name in found[0]} for key, found in scores.items()}
    for (name, page), m in middle.items():
        cells = [f"{m[category]:.0f}" for category in CATEGORIES]
        print(f"| {name}, {page} | {' | '.join(cells)} | {m['FCP'] / 1000:.2f} | {m['LCP'] / 1000:.2f} | {m['TBT']:.0f} | {m['CLS']:.3f} |")
    stock = middle.get(("Material for MkDocs", "chapter"))
    if stock:
        mine = middle[(OURS, "chapter")]
        print(f"\nOurs to stock Material, chapter: FCP {mine['FCP'] / stock['FCP']:.2f}, LCP {mine['LCP'] / stock['LCP']:.2f}.")
    for page in JUDGED:
        for number in range(wanted.runs):
            for fault in faults(reports / f"{OURS} {page} {number}.json"):
                print(f"Ours, {page}, round {number + 1}: {fault}")
    print(f"Reports and pictures: {reports}")


if __name__ == "__main__":
    main()
