"""One build a run: the real site and the real PDF in a temporary folder, and a browser to look at them."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from guidebook.series import Guide, Series

ROOT = Path(__file__).parent.parent
# Where the site is served: 404.html begins its links at the path of site_url, which a publisher may have set.
BASE = urlsplit(Series(ROOT).site_url).path
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def series() -> Series:
    return Series(ROOT)


@pytest.fixture(scope="session", params=[guide.slug for guide in Series(ROOT).guides])
def guide(request, series) -> Guide:
    """Each guide in turn: what is promised of one is tested of all."""
    return next(guide for guide in series.guides if guide.slug == request.param)


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """The site with its workbooks, built once by the command that people run.

    GUIDEBOOK_SITE names a site that is built already, for work on one test.
    """
    if built := os.environ.get("GUIDEBOOK_SITE"):
        return Path(built)
    out = tmp_path_factory.mktemp("build") / "site"
    done = subprocess.run(
        [sys.executable, "-m", "guidebook", "site", "--out", str(out)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder below a base path, with the headers a test asks for, and no log."""

    base = "/"
    policy = ""

    def translate_path(self, path):
        if not path.startswith(self.base):
            return os.path.join(self.directory, "does-not-exist")
        return super().translate_path("/" + path[len(self.base) :])

    def send_error(self, code, message=None, explain=None):
        """What is not there is answered with the site's 404.html, as static hosts do."""
        lost = Path(self.directory) / "404.html"
        if code != 404 or not lost.exists():
            return super().send_error(code, message, explain)
        content = lost.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def end_headers(self):
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def serve():
    """serve(folder, base=BASE, policy="") -> address; all servers end with the run."""
    servers = []

    def start(folder: Path, base: str = BASE, policy: str = "") -> str:
        handler = type("Handler", (_Handler,), {"base": base, "policy": policy})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}{base}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        # A worker would answer what a test means to ask of the server; test_offline.py allows it.
        for name in ("new_context", "new_page"):
            setattr(browser, name, functools.partial(getattr(browser, name), service_workers="block"))
        yield browser
        browser.close()


@pytest.fixture
def project(tmp_path) -> Path:
    """A copy of the project's sources that a test may damage; large and unneeded parts are linked."""
    for name in ("mkdocs.yml", "addresses.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=shutil.ignore_patterns("fonts"))
    os.symlink(ROOT / "evidence", tmp_path / "evidence")
    for name in ("overrides", "guidebook", "deploy"):
        os.symlink(ROOT / name, tmp_path / name)
    return tmp_path


