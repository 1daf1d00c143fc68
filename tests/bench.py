"""`make bench`: measure the build and the weight of a page, beside other ways, in one run. Prints a table.

`make bench ONLY=growth` measures what many more guides cost, and nothing else.

Seconds depend on the machine, so ratios stand beside them; nothing here passes or fails.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import yaml
from playwright.sync_api import sync_playwright

from guidebook.compose import compose
from guidebook.pdf import render
from guidebook.series import Series

ROOT = Path(__file__).parent.parent
CHAPTER = "identification/the-conversation/"


def seconds(action) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def work_of(action) -> float:
    """Seconds of processor time that the commands in `action` take: the clock says more of what else the machine does."""
    before = os.times()
    action()
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def run(*command: str, cwd: Path = ROOT) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


class Gzip(http.server.SimpleHTTPRequestHandler):
    """Serves files compressed, to be kept for ten minutes, as the usual hosts do, and lists what it sends."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # real servers hold no answer back for 40 ms
    sent: list[tuple[str, int]] = []
    _bodies: dict[Path, bytes] = {}

    def do_GET(self):  # noqa: N802
        path = Path(self.translate_path(self.path.split("?")[0]))
        path = path / "index.html" if path.is_dir() else path
        found = path.is_file()
        packed = found and path.suffix not in (".woff2", ".png", ".pdf")
        if found and path not in self._bodies:
            raw = path.read_bytes()
            self._bodies[path] = gzip.compress(raw, 6, mtime=0) if packed else raw
        body = self._bodies[path] if found else b"not here"
        self.sent.append((self.path, len(body)))
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", self._type(path) if found else "text/plain")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _type(self, path: Path) -> str:
        kind = self.guess_type(str(path))
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    def log_message(self, *args):
        pass


@contextmanager
def hosted(folder: Path):
    """Serve `folder` as a host would; gives its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Gzip, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def weigh(site: Path, browser, query: str = "interpreter") -> tuple[int, int, int]:
    """Bytes and requests of a first view of one chapter, then the bytes of a first search, at 360 px."""
    Gzip.sent.clear()
    with hosted(site) as address:
        page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
        page.goto(address + CHAPTER, wait_until="networkidle")
        first, requests = sum(size for _, size in Gzip.sent), len(Gzip.sent)
        page.locator(".search-open").click()
        page.locator(".search input").fill(query)
        page.wait_for_timeout(1500)
        search = sum(size for _, size in Gzip.sent) - first
        page.context.close()
    return first, requests, search


def copy_project(to: Path) -> Path:
    """The sources alone: no environment, no built site, nothing kept from earlier builds."""
    shutil.copytree(ROOT, to, ignore=shutil.ignore_patterns(".venv", ".git", "site", ".site.*", ".cache", "dist"))
    return to


def grow(project: Path, times: int) -> None:
    """Make the guides of a copied project `times` as many: each chapter again, under new codes, in guides of its own."""
    config = yaml.safe_load((project / "mkdocs.yml").read_text(encoding="utf-8"))
    guides = config["extra"]["guides"]
    for letter, slug in zip("WXYZ", list(guides), strict=True):
        prefix = guides[slug]["prefix"]
        parts = next(part[name] for part in config["nav"] for name in part if isinstance(part[name], list) and part[name][0] == f"{slug}/index.md")
        for number in range(1, times):
            new, code = f"{slug}-{number:02}", f"{chr(ord('A') + number)}{letter}"
            shutil.copytree(project / "docs" / slug, project / "docs" / new)
            for file in (project / "docs" / new).glob("*.md"):
                text = file.read_text(encoding="utf-8").replace(f"/// references | {slug}", f"/// references | {new}")
                text = re.sub(rf"\b{prefix}(?=\d)", code, text)
                text = re.sub(rf"\b{prefix.lower()}(?=\d+-[cefn]\d|-references)", code.lower(), text)
                file.write_text(text, encoding="utf-8")
            guides[new] = guides[slug] | {"prefix": code, "number": len(guides) + 1}
            config["nav"].append({f"{slug} {number}": [part.replace(f"{slug}/", f"{new}/") for part in parts]})
    (project / "mkdocs.yml").write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True), encoding="utf-8")
    run(sys.executable, "-m", "guidebook", "ledger", cwd=project)


def build(project: Path, to: str = "site") -> None:
    run(sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(project / to), cwd=project)


def words_of(project: Path) -> int:
    return sum(len(page.lines) and sum(len(line.split()) for line in page.lines) for page in Series(project).pages)


def bare_project(to: Path) -> Path:
    """The project without what we add to MkDocs and Material: no hooks, no templates, the theme's own search.

    Our Markdown extension stays, without which the text cannot be read; the same pages come out.
    """
    copy_project(to)
    config = yaml.safe_load((to / "mkdocs.yml").read_text(encoding="utf-8"))
    config["plugins"] = ["search"]
    del config["hooks"], config["theme"]["custom_dir"]
    (to / "mkdocs.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    index = to / "docs" / "index.md"
    index.write_text(index.read_text(encoding="utf-8").replace("template: home.html\n", ""), encoding="utf-8")
    return to


def growth(work: Path, times: int = 16, turns: int = 3) -> list[tuple[str, str, str]]:
    """Ratios of processor time: ours to bare Material, one changed chapter to a first build, the guides `times` over to once.

    The builds take turns, and the least of each counts: other work on the machine makes a build slower, and none faster.
    """
    once, bare, many = copy_project(work / "once"), bare_project(work / "bare"), copy_project(work / "many")
    chapter = (once / "docs" / CHAPTER.rstrip("/")).with_suffix(".md")
    took: dict[str, list[float]] = {}

    def turn(name: str, project: Path) -> None:
        took.setdefault(name, []).append(work_of(lambda: build(project)))

    for _ in range(turns):
        for name, project in (("ours", once), ("bare", bare)):
            for made in ("site", ".cache"):
                shutil.rmtree(project / made, ignore_errors=True)
            turn(name, project)
        for name, project in (("ours", once), ("bare", bare)):
            turn(f"{name}, kept", project)
        text = chapter.read_text(encoding="utf-8")
        chapter.write_text(text.replace("\n## What you can do", "\nA new line.\n\n## What you can do", 1), encoding="utf-8")
        turn("changed", once)
    grow(many, times)
    turn("many", many)
    first, plain, kept, plain_kept, changed, more = (min(took[name]) for name in ("ours", "bare", "ours, kept", "bare, kept", "changed", "many"))
    content = words_of(many) / words_of(once)
    return [
        ("first build", f"{first:.1f} s", f"ratio {first / plain:.2f} to bare MkDocs with Material, {plain:.1f} s (at most 1.5); both with our Markdown extension, nothing kept"),
        ("the same, kept", f"{kept:.1f} s", f"ratio {kept / plain_kept:.2f} to bare MkDocs with Material, {plain_kept:.1f} s; both with what the first build kept"),
        ("one chapter changed", f"{changed:.1f} s", f"ratio {changed / first:.2f} to a first build (at most 0.6)"),
        (f"the guides {times} times over", f"{more:.1f} s", f"{content:.1f} times the words, {more / first:.1f} times the time: ratio {more / first / content * times:.1f} for {times} (at most 18)"),
    ]


def table(rows: list[tuple[str, str, str]]) -> None:
    width = max(len(row[0]) for row in rows)
    for name, value, note in rows:
        print(f"{name:<{width}}  {value:>9}  {note}", flush=True)


def weight(site: Path, *scripts: str) -> int:
    """Bytes of our scripts of these names, each compressed by itself."""
    return sum(len(gzip.compress((site / "assets" / "scripts" / f"{name}.js").read_bytes(), 9, mtime=0)) for name in scripts)


# What a reader fetches who writes in a chapter and then takes the notes along, in every format.
NOTES = ("writing", "my-notes", "docx", "print-notes")


# Each prints the user seconds of a rendering, without its imports, and the peak memory of its process in MB.
BY_DEFAULT = """
import logging, resource, sys, weasyprint
from pathlib import Path
logging.getLogger("weasyprint").setLevel(logging.ERROR)
document, styles, target = Path(sys.argv[1]).read_text(encoding="utf-8"), Path(sys.argv[2]) / "docs/assets/styles", sys.argv[3]
before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
weasyprint.HTML(string=document, base_url=styles.as_uri() + "/").write_pdf(
    target, stylesheets=[str(styles / "print.css")], pdf_variant="pdf/ua-1", pdf_forms=True)
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime - before, used.ru_maxrss / 1024)
"""
BY_US = """
import resource, sys
from pathlib import Path
from guidebook import engine, pdf
from guidebook.series import Series
document, series, target = Path(sys.argv[1]).read_text(encoding="utf-8"), Series(Path(sys.argv[2])), Path(sys.argv[3])
engine.engine()
before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
pdf.render(series, document, target)
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime - before, used.ru_maxrss / 1024)
"""


def rendering(code: str, document: Path, target: Path) -> tuple[float, float]:
    """User seconds and peak MB of one rendering in a process of its own: other work on the machine counts little."""
    command = [sys.executable, "-c", code, str(document), str(ROOT), str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    used, peak = done.stdout.split()[-2:]
    return float(used), float(peak)


def paper_rows(series: Series, site: Path, work: Path, runs: int = 3) -> list[tuple[str, str, str]]:
    """Each guide and the volume: our rendering beside WeasyPrint's default on the same document and sheet.

    Both give tags, bookmarks, page numbers in the contents, fields and embedded fonts; ours mends the fields too.
    They take turns, and the least of each counts. Our first run, not counted, unpacks the faces.
    """
    rows = []
    for guide in [*series.guides, series.whole]:
        document = work / f"{guide.slug}.html"
        document.write_text(compose(series, guide, site), encoding="utf-8")
        if not rows:
            rendering(BY_US, document, work / "first.pdf")
        pairs = [[rendering(code, document, work / "paper.pdf") for code in (BY_DEFAULT, BY_US)] for _ in range(runs)]
        default, ours = (min(pair[which][0] for pair in pairs) for which in (0, 1))
        peaks = [max(pair[which][1] for pair in pairs) for which in (0, 1)]
        rows.append((f"PDF {guide.slug}", f"{ours:.1f} s", f"user time, ratio {ours / default:.2f} to the default; peak {peaks[1]:.0f} MB, default {peaks[0]:.0f}"))
    return rows


def pool_row(site: Path, work: Path) -> tuple[str, str, str]:
    """All that is printed and drawn from the site, nothing kept: on two cores beside the same on one, by the clock."""
    took = {}
    for cores in ({0}, {0, 1}):
        copy = work / f"cores-{len(cores)}"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", "site", ".cache"))
        command = ("-m", "guidebook", "pdf", "--root", str(copy), "--out", str(site))
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, cores)  # children inherit it
        try:
            took[len(cores)] = seconds(lambda command=command: run(sys.executable, *command))
        finally:
            os.sched_setaffinity(0, allowed)
    return "all PDFs, slides, pictures", f"{took[2]:.0f} s", f"ratio {took[2] / took[1]:.2f} to one core"


def main() -> None:
    series = Series(ROOT)
    guide = series.guides[0]
    os.environ["SOURCE_DATE_EPOCH"] = "1700000000"
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        work = Path(folder)
        site = work / "site"
        print("Building ...", flush=True)
        ours = seconds(lambda: run(sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(site)))
        pages = len(list(site.rglob("index.html")))
        rows.append(("site build", f"{ours:.1f} s", f"{pages / ours:.0f} pages a second"))

        other = work / "other"
        copy_project(other)
        # Its template language is another and knows no page.url: the theme's own templates, our Markdown.
        for file, line in ((other / "mkdocs.yml", "  custom_dir: overrides\n"), (other / "docs" / "index.md", "template: home.html\n")):
            text = file.read_text(encoding="utf-8")
            assert line in text, f"{file.name} has no line {line!r}: mend the benchmark"
            file.write_text(text.replace(line, ""), encoding="utf-8")
        took = seconds(lambda: run(sys.executable, "-m", "zensical", "build", cwd=other))
        rows.append(("the same Markdown through Zensical", f"{took:.1f} s", f"ratio {took / ours:.2f} (stock templates, no print pages)"))

        print("Rendering ...", flush=True)
        document = compose(series, guide, site)
        pdf = work / "ours.pdf"
        paper = seconds(lambda: render(series, document, pdf))
        count = int(subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout.split("Pages:")[1].split()[0])
        rows.append(("PDF of a guide", f"{paper:.1f} s", f"{count} pages, {count / paper:.1f} a second"))

        rows += paper_rows(series, site, work)
        rows.append(pool_row(site, work))

        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"],
        )
        page = browser.new_page()
        page.goto((site / guide.slug / "print" / "index.html").as_uri())
        chrome = seconds(lambda: page.pdf(path=str(work / "chromium.pdf"), format="A4", tagged=True, outline=True))
        rows.append(("the same through Chromium", f"{chrome:.1f} s", f"ratio {chrome / paper:.2f} (no contents numbers, no fields)"))

        first, requests, search = weigh(site, browser)
        rows.append(("first view of a chapter", f"{first / 1000:.1f} kB", f"{requests} requests, gzip, 360 px"))
        rows.append(("first search, on top", f"{search / 1000:.1f} kB", "script and index, once the field is used"))
        rows.append(("script for notes", f"{weight(site, *NOTES) / 1000:.1f} kB", "gzip; 15 kB are allowed"))
        rows.append(("all our script, notes included", f"{weight(site, 'site', 'search', *NOTES) / 1000:.1f} kB", "gzip, without the search index"))
        browser.close()
        out = work / "twice"
        run(sys.executable, "-m", "guidebook", "site", "--out", str(out))
        again = seconds(lambda: run(sys.executable, "-m", "guidebook", "site", "--out", str(out)))
        rows.append(("unchanged rebuild, PDF kept", f"{again:.1f} s", f"ratio {again / (ours + paper):.2f} to site and PDF"))
    table(rows)


if __name__ == "__main__":
    if sys.argv[1:] == ["growth"]:
        with tempfile.TemporaryDirectory() as folder:
            table(growth(Path(folder)))
    else:
        main()
