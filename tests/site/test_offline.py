"""The guides without a network: stored by the browser, whole and unmixed; and as a folder on a disk."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import threading
import zipfile
from pathlib import Path

import pytest

from guidebook import offline
from guidebook.series import Series, url_of
from tests.conftest import BASE
from tests.waiting import until

CHAPTER = "identification/the-conversation/"
PDF = "downloads/feedback.pdf"
NEW = "2031-01-01"
HELD = "caches.keys().then(names => names.filter(name => / \\d{4}-/.test(name)).map(name => name.split(' ').at(-2)).sort())"


class Server:
    """A site at 127.0.0.1 that can be exchanged for a new edition, cut off, or broken at one file."""

    def __init__(self, folder: Path, base: str = BASE):
        self.folder, self.base, self.down, self.broken, self.asked = folder, base, False, "", []
        outer = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def translate_path(self, path):
                path = path.split("?")[0].split("#")[0]
                return str(outer.folder / path.removeprefix(outer.base)) if path.startswith(outer.base) else "/nowhere"

            def do_GET(self):  # noqa: N802 - the standard library's name
                outer.asked.append(self.path)
                if outer.down:
                    self.close_connection = True
                elif outer.broken and self.path.endswith(outer.broken):  # the connection breaks in the middle of the file
                    self.send_response(200)
                    self.send_header("Content-Length", "100000")
                    self.end_headers()
                    self.wfile.write(b"<!doctype html>")
                    self.close_connection = True
                else:
                    super().do_GET()

            def send_error(self, code, message=None, explain=None):
                content = (outer.folder / "404.html").read_bytes()
                self.send_response(code)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.http.server_port}{base}"


@pytest.fixture
def server(site):
    started = Server(site)
    yield started
    started.http.shutdown()
    started.http.server_close()


@pytest.fixture(scope="module")
def next_edition(site, tmp_path_factory) -> Path:
    """The same site a while later: another date, and another sentence in one chapter."""
    folder = tmp_path_factory.mktemp("next") / "site"
    shutil.copytree(site, folder, ignore=lambda where, names: ["og", "print_page"] if where.endswith("site") else [n for n in names if n == "og" or n.endswith((".pptx", ".zip", "-plain.pdf"))])
    chapter = folder / CHAPTER / "index.html"
    chapter.write_text(chapter.read_text(encoding="utf-8").replace("</h1>", "</h1><p>A new sentence.</p>", 1), encoding="utf-8")
    (folder / PDF).write_bytes((folder / PDF).read_bytes() + b"% renewed")
    series = Series(Path(__file__).parents[2])
    series.config["extra"]["edition"] = NEW
    offline.fill_page(series, folder, 0)
    offline.write_worker(series, folder)
    return folder


@pytest.fixture
def context(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="allow", accept_downloads=True)
    context.set_default_timeout(20000)
    yield context
    context.close()


@pytest.fixture
def page(context):
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda message: message.type == "error" and page.errors.append(message.text))
    return page


def store(page, server) -> None:
    """As a reader does who does not want to wait."""
    page.goto(f"{server.address}offline/")
    page.get_by_role("button", name="Store now").click()
    page.get_by_text("Stored. You can read without a network now.").wait_for()


def field(page):
    """The first notepad of the chapter; what makes it a field is fetched when it comes near."""
    page.locator("#id8-n1").scroll_into_view_if_needed()
    return page.locator("#id8-n1 textarea")


def update(page) -> None:
    """Let the browser look for a new edition, as it does by itself at the next visit."""
    page.evaluate("navigator.serviceWorker.ready.then(registration => registration.update()).catch(() => {})")


def test_after_one_visit_every_page_works_without_a_network(page, server, site, series):
    page.goto(server.address)
    assert page.evaluate("navigator.serviceWorker.getRegistration().then(found => !found)"), "it may not cost the first view"
    until(page, f"{HELD}.then(held => held.length === 1)")
    until(page, "Boolean(navigator.serviceWorker.controller)")
    until(page, "caches.match(location.href + '?list').then(Boolean)")
    server.down = True
    # Search works at once, on the page that was open when the network went.
    page.keyboard.press("/")
    page.keyboard.type("employer is waiting")
    until(page, "document.querySelectorAll('.search-link').length > 0")
    page.locator(".search-link[href*='the-conversation']").first.click()
    page.wait_for_url("**/the-conversation/**")
    # Every page, byte for byte.
    places = [url_of(source.path) for source in series.pages]
    got = page.evaluate("places => Promise.all(places.map(place => fetch(place).then(response => response.text())))", [server.address + place for place in places])
    wrong = [place for place, text in zip(places, got, strict=True) if text != (site / place / "index.html").read_text(encoding="utf-8")]
    assert not wrong
    # A note, kept, and gathered.
    page.goto(f"{server.address}{CHAPTER}index.html")
    page.locator(".cite-link").first.focus()
    page.locator(".cite .note").first.wait_for()
    field(page).fill("Written without a network.")
    page.wait_for_timeout(500)
    page.goto(f"{server.address}my-notes/")
    page.get_by_text("Written without a network.").wait_for()
    page.goto(f"{server.address}evidence/")
    page.get_by_label("Words").fill("fishers")
    until(page, "/^\\d+ of/.test(document.querySelector('.library-count').textContent)")
    assert page.evaluate("document.fonts.ready.then(() => [...document.fonts].some(font => font.status === 'loaded'))")
    # Codes, addresses without a slash, a large view.
    page.goto(f"{server.address}go/id5-e1/?view=project")
    page.wait_for_url("**/why-not-identified/?view=project#id5-e1")
    page.locator("dialog[open], .projector").first.wait_for()
    page.goto(f"{server.address}glossary")
    assert page.url == f"{server.address}glossary/"
    # What is not there, and what is there but not stored, are told apart.
    assert page.goto(f"{server.address}no/such/page/").status == 404
    assert "not here" in page.locator("h1").inner_text()
    page.goto(f"{server.address}identification/print/")
    assert page.locator(".offline-status a").get_attribute("href").endswith("identification/print/")
    page.locator(".leave").click()
    page.wait_for_url("**/calendar/index.html")
    assert page.locator("h1").inner_text() != "Calendar"  # its script ran
    assert not [error for error in page.errors if "404" not in error]


def test_a_new_edition_waits_until_it_is_wanted_and_never_mixes(page, context, server, next_edition, series):
    store(page, server)
    page.goto(server.address + CHAPTER)
    reading = context.new_page()
    reading.goto(f"{server.address}glossary/")
    field(page).fill("Half a sentence")  # and not yet kept
    server.folder = next_edition
    update(page)
    page.locator(".new-edition").get_by_text("A new edition is here.").wait_for(timeout=60000)
    assert page.locator(".new-edition").get_attribute("role") == "status"
    field(page).fill("Half a sentence, and more")
    assert "A new sentence." not in page.locator("main").inner_text()
    page.get_by_role("button", name="Show it").click()
    page.get_by_text("A new sentence.").wait_for()
    assert field(page).input_value() == "Half a sentence, and more"
    # A tab that was open goes on with what it began with: search has the old index, though it is fetched only now.
    server.down = True
    old = reading.evaluate("fetch('../identification/the-conversation/').then(response => response.text())")
    assert "A new sentence." not in old
    reading.reload()
    assert "A new sentence." in reading.evaluate("fetch('../identification/the-conversation/').then(response => response.text())")
    reading.goto(f"{server.address}offline/")
    reading.get_by_text(f"The edition of {NEW} is stored on this device").wait_for()
    page.reload()
    page.goto(server.address)  # nobody needs the old one any more
    until(page, f"{HELD}.then(held => held.join() === '{NEW}')")
    assert not page.errors


@pytest.mark.parametrize("broken", [CHAPTER, "glossary/", ""])
def test_an_update_that_is_cut_off_leaves_the_old_edition_whole(page, server, next_edition, series, broken):
    store(page, server)
    page.goto(server.address + CHAPTER)
    server.folder, server.broken = next_edition, broken
    # With none broken: a site that is just being replaced, where one file is still of another edition.
    late = next_edition / "glossary" / "index.html"
    whole = late.read_bytes()
    try:
        if not broken:
            late.write_bytes(whole + b"<!-- of another edition -->")
        update(page)
        until(page, "navigator.serviceWorker.getRegistration().then(found => !found.installing && !found.waiting)")
        until(page, f"{HELD}.then(held => held.join() === '{series.edition}')")
        server.down = True
        page.goto(f"{server.address}offline/")
        page.get_by_text(f"The edition of {series.edition} is stored on this device").wait_for()
        page.goto(server.address + CHAPTER)
        assert "A new sentence." not in page.locator("main").inner_text()
        assert not page.locator(".new-edition button").count()
        # The same edition is not asked for again at once; a while later it is, and comes.
        server.down, server.broken = False, ""
        late.write_bytes(whole)
        server.asked.clear()
        update(page)
        page.wait_for_timeout(500)
        assert not [path for path in server.asked if not path.endswith("sw.js")]
        until(page, "navigator.serviceWorker.getRegistration().then(found => !found.installing)")  # it has given up
        page.evaluate(f"caches.open('practitioner-guides {BASE} state').then(cache => cache.delete('{BASE}failed'))")
        update(page)
        page.get_by_role("button", name="Show it").click(timeout=60000)
        page.get_by_text("A new sentence.").wait_for()
    finally:
        late.write_bytes(whole)
    assert not page.errors


def test_removal_takes_everything_but_the_notes_and_lasts(page, server):
    page.goto(server.address + CHAPTER)
    field(page).fill("Mine.")
    page.wait_for_timeout(500)
    store(page, server)
    page.get_by_role("button", name="Keep The feedback form on this device").click()
    page.get_by_text("Kept on this device.").wait_for()
    page.get_by_role("button", name="Remove all that is stored").click()
    page.get_by_text("Your notes were not touched.").wait_for()
    assert page.evaluate("caches.keys()") == []
    page.goto(server.address)
    page.goto(server.address + CHAPTER)
    page.wait_for_timeout(2500)
    assert field(page).input_value() == "Mine."
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(found => found.length)") == 0
    page.goto(f"{server.address}offline/")
    page.get_by_text("does not store them by itself, because you removed them here").wait_for()
    store(page, server)  # and it can be had again
    page.get_by_role("button", name="Remove all that is stored").click()
    page.get_by_role("button", name="Store now").click()  # on the same page, while the worker still answers it
    page.get_by_text("Stored.").wait_for()
    server.down = True
    page.goto(server.address + CHAPTER)
    assert not page.errors


def test_kept_files_outlive_an_edition_and_say_how_old_they_are(page, server, next_edition, series):
    store(page, server)
    sizes = page.locator(".offline-files li .offline-size").all_inner_texts()
    assert len(sizes) > 8 and all(re.fullmatch(r"\d+\.\d MB", size) for size in sizes)
    page.get_by_role("button", name="Keep The feedback form on this device").click()
    page.get_by_text("Kept on this device.").wait_for()
    assert PDF not in " ".join(server.asked[:-1])
    server.folder = next_edition
    update(page)
    page.get_by_role("button", name="Show it").click(timeout=60000)
    page.get_by_text(f"Kept: the edition of {series.edition}. There is a newer one.").wait_for()
    assert page.evaluate(f"fetch('../{PDF}').then(response => response.text()).then(text => text.endsWith('% renewed'))"), "the new one while there is a network"
    server.down = True
    old = page.evaluate(f"fetch('../{PDF}').then(response => response.text())")
    assert old.startswith("%PDF") and not old.endswith("% renewed")
    server.down = False
    page.get_by_role("button", name="Get the new edition of The feedback form").click()
    page.get_by_text("Kept on this device.").wait_for()
    server.down = True
    assert page.evaluate(f"fetch('../{PDF}').then(response => response.text()).then(text => text.endsWith('% renewed'))")
    page.locator("li[data-file='downloads/identification-handouts.pdf'] button").click()
    page.get_by_text("It could not be fetched or kept.").wait_for()


REFUSALS = {
    "rejected": "navigator.serviceWorker.register = () => Promise.reject(new DOMException('refused', 'SecurityError'))",
    "stubbed": "navigator.serviceWorker.register = () => Promise.resolve()",
    "missing": "delete Navigator.prototype.serviceWorker; delete window.caches",
    "throws": "Object.defineProperty(Navigator.prototype, 'serviceWorker', { get() { throw new DOMException('sandboxed', 'SecurityError') } })",
}


@pytest.mark.parametrize("how", REFUSALS)
def test_where_it_is_refused_nothing_breaks(page, context, server, how):
    context.add_init_script(REFUSALS[how])
    page.goto(server.address)
    page.goto(server.address + CHAPTER)
    page.wait_for_timeout(2000)
    field(page).fill("It can be written in.")
    page.goto(f"{server.address}offline/")
    if how in ("rejected", "stubbed"):
        page.get_by_role("button", name="Store now").click()
        page.get_by_text("It could not be stored.").wait_for()
    else:
        page.get_by_text("does not let the site store pages").wait_for()
    assert not page.errors


def test_a_worker_that_never_says_it_is_ready_does_not_keep_the_reader_waiting(page, context, server):
    """As WebKit's at times does, when all is stored and it answers already."""
    context.add_init_script("Object.defineProperty(ServiceWorker.prototype, 'state', { get: () => 'installing' })")
    store(page, server)
    assert not page.errors


@pytest.mark.parametrize("connection", [{"saveData": True}, {"effectiveType": "2g"}, {"effectiveType": "slow-2g"}])
def test_a_connection_to_be_spared_is_spared(page, context, server, connection):
    context.add_init_script(f"Object.defineProperty(Navigator.prototype, 'connection', {{ value: {connection!r} }})".replace("True", "true"))
    page.goto(server.address)
    page.goto(server.address + CHAPTER)
    page.wait_for_timeout(2000)
    assert not [path for path in server.asked if "stored.js" in path or "sw.js" in path]
    page.goto(f"{server.address}offline/")
    page.get_by_text("because your connection is slow or is set to save data").wait_for()
    assert re.search(r"takes about \d\.\d MB", page.locator(".offline").inner_text())
    if connection.get("saveData"):
        store(page, server)
        server.down = True
        page.goto(f"{server.address}glossary/")


def test_it_works_below_another_address(browser, context, site):
    server = Server(site, "/guides/")
    page = context.new_page()
    store(page, server)
    server.down = True
    page.goto(f"{server.address}go/id8/")
    page.wait_for_url(f"**/guides/{CHAPTER}")
    page.goto(server.address)
    assert page.locator(".md-footer").count() == 1
    assert all(" /guides/ " in name for name in page.evaluate("caches.keys()"))
    server.http.shutdown()
    server.http.server_close()


def test_what_is_stored_weighs_what_the_page_says(site, series):
    files = offline.stored_files(series, site)
    assert {f"{url_of(page.path)}index.html" for page in series.pages} <= set(files)
    assert not [file for file in files if file.endswith((".pdf", ".pptx", ".xlsx", ".zip", ".png"))]
    assert sum((site / file).stat().st_size for file in files) < 9_000_000
    worker = (site / "sw.js").read_text(encoding="utf-8")
    assert len(worker) < 20_000 and not (site / offline.SOURCE).exists()
    for file in files:  # the last step of the build saw what is served
        assert f'"{offline.address_of(file)}":"{offline.digest((site / file).read_bytes())}"' in worker, file
    assert "data-offline" in (site / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(site, tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("A folder, with spaces & ünusual") / "on a stick"
    with zipfile.ZipFile(site / offline.FOLDER) as packed:
        packed.extractall(place)
    (top,) = os.listdir(place)
    return place / top


def test_the_folder_is_packed_alike_each_time_and_is_not_heavy(site):
    with zipfile.ZipFile(site / offline.FOLDER) as packed:
        names, dates = packed.namelist(), {entry.date_time for entry in packed.infolist()}
    assert (site / offline.FOLDER).stat().st_size < 15_000_000
    assert names[1:] == sorted(names[1:]) and len(dates) == 1
    assert not [name for name in names if name.endswith(("sw.js", ".zip", ".pptx"))]


def test_links_in_the_folder_lead_to_files(folder):
    from urllib.parse import unquote, urlsplit

    from lxml import html

    assert "index.html" in (folder / "README.txt").read_text(encoding="utf-8")
    dead = []
    for file in folder.rglob("*.html"):
        if "go" in file.parts and file.parent.name != "go":
            continue  # a thousand alike
        tree = html.parse(str(file), parser=html.HTMLParser(encoding="utf-8"))
        for link in tree.xpath("//a/@href | //form/@action | //script/@src | //link[not(@rel='canonical')]/@href"):
            parts = urlsplit(link)
            if not parts.scheme and parts.path and not (file.parent / unquote(parts.path)).is_file():
                dead.append(f"{file.relative_to(folder)}: {link}")
        assert not tree.xpath("//script[@data-offline]")
    assert not dead


def test_the_folder_works_from_a_disk(folder, page):
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto((folder / "index.html").as_uri())
    page.locator(".md-content a", has_text="Identification").first.click()
    page.wait_for_url("**/identification/**index.html*")
    page.goto((folder / CHAPTER / "index.html").as_uri())
    page.locator(".turn-on").click()
    page.wait_for_url("**/after-identification/index.html")
    page.keyboard.press("/")
    page.keyboard.type("employer is waiting")
    until(page, "document.querySelectorAll('.search-link').length > 0")
    page.locator(".search-link[href*='the-conversation']").first.click()
    page.wait_for_url("**/the-conversation/index.html*")
    page.locator(".cite-link").first.focus()
    page.locator(".cite .note").first.wait_for()
    field(page).fill("From a disk.")
    page.wait_for_timeout(500)
    page.locator("#id8-n1").get_by_role("link", name="My notes").click()
    page.get_by_text("From a disk.").wait_for()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Plain text", exact=True).click()
    assert "From a disk." in Path(saved.value.path()).read_text(encoding="utf-8")
    page.get_by_role("link", name="ID8-N1").click()
    page.wait_for_url("**/the-conversation/index.html#id8-n1")
    page.goto((folder / "evidence" / "index.html").as_uri() + "#kiss2015health-2")
    page.wait_for_url("**/j-l/index.html#kiss2015health-2")
    page.goto((folder / "evidence" / "index.html").as_uri())
    page.get_by_label("Words").fill("fishers")
    until(page, "/^\\d+ of/.test(document.querySelector('.library-count').textContent)")
    page.goto((folder / "go" / "id5-e1" / "index.html").as_uri())
    page.wait_for_url("**/why-not-identified/index.html#id5-e1")
    page.goto((folder / "go" / "index.html").as_uri())
    page.locator(".code-form input").fill("ID8")
    page.keyboard.press("Enter")
    page.wait_for_url("**/the-conversation/index.html")
    page.goto((folder / "offline" / "index.html").as_uri())
    page.get_by_text("You are reading from a folder on a disk.").wait_for()
    assert not page.locator(".offline button").count()
    page.locator(".leave").click()
    page.wait_for_url("**/calendar/index.html")
    assert all(url.startswith(("file:", "blob:", "data:")) for url in sent)
    assert not page.errors


def test_a_page_changes_in_its_links_and_nowhere_else():
    page = (
        '<!doctype html>\n<link rel="canonical" href="https://x.example/a/">\n<script src="s.js" data-offline></script><a class="b" href="../c/?q=1&amp;r=2#d">'
        '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg></a>\n<p>href="../c/" &nbsp;ü <a href=".." title="&lt;">up</a><a href="../z.pptx">z</a><a href="#e">e</a>'
        '<a href="mailto:a@b.example">m</a></p><script>const a = `<a href="../c/">`;</script>'
    )
    inside = {"index.html", "a/index.html", "c/index.html"}
    expected = (
        page.replace('href="../c/?q=1&amp;r=2#d"', 'href="../c/index.html?q=1&amp;r=2#d"').replace('href=".."', 'href="../index.html"')
        .replace('href="../z.pptx"', 'href="https://x.example/z.pptx"').replace(" data-offline", "")
    )  # fmt: skip
    assert offline.as_file(page, "a/index.html", inside, "https://x.example/") == expected
