"""What readers do most, in Firefox and in WebKit, the engine of Safari and of every browser on an iPhone.

The other tests run in Chromium. Here is what differs from engine to engine: storage, the pages that the back button
brings back as they were, the worker, a folder on a disk. An engine that is not installed is skipped.
"""

from __future__ import annotations

import zipfile

import pytest

from tests.conftest import BASE
from tests.site.test_offline import Server
from tests.webdriver import DOWN, ENTER, ESCAPE, FIREFOX, RIGHT, WEBKIT, Driver, Firefox, WebKit

CHAPTER, LISTS = "identification/the-conversation/", "identification/into-practice/"
ENGINES = [
    pytest.param(Firefox, id="firefox", marks=pytest.mark.skipif(not FIREFOX, reason="Firefox is not installed")),
    pytest.param(WebKit, id="webkit", marks=pytest.mark.skipif(not WEBKIT, reason="WebKitWebDriver and Xvfb are not installed")),
]
FIELD = "#id8-n1 textarea"
HERE = "location.pathname.replace('index.html', '')"


@pytest.fixture(scope="module")
def server(site):
    started = Server(site)
    yield started
    started.http.shutdown()
    started.http.server_close()


@pytest.fixture(scope="module", params=ENGINES)
def engine(request, tmp_path_factory):
    """A browser for all tests of this file."""
    driver = request.param(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture
def page(engine, server) -> Driver:
    """The browser with nothing kept from the test before; in the end its console is clean."""
    engine.go(f"{server.address}calendar/")
    engine.js("localStorage.clear(); sessionStorage.clear(); window.name = ''")
    engine.faults()
    yield engine
    faults = engine.faults()
    assert not faults


@pytest.fixture(scope="module")
def folder(site, tmp_path_factory) -> str:
    """The address of the site as it is unpacked from its ZIP on a stick, below a name with a space."""
    place = tmp_path_factory.mktemp("a stick")
    with zipfile.ZipFile(site / "downloads" / "practitioner-guides-site.zip") as bundle:
        bundle.extractall(place)
    return f"{next(place.glob('*/index.html')).parent.as_uri()}/"


def write(page: Driver, text: str) -> None:
    page.until(f"document.querySelector({FIELD!r})")
    page.type(FIELD, text)
    page.until("document.querySelector('#id8-n1 .writing-state').textContent")


def back(page: Driver) -> None:
    page.js("window.left = true; history.back()")
    page.until("!window.left && document.readyState === 'complete'")


def test_search_is_used_with_the_keyboard_alone(page, server):
    page.go(server.address + CHAPTER)
    page.press("/")
    page.until("document.querySelector('dialog.search').open")
    page.press(*"fishers")
    page.until("document.querySelector('.search-link')")
    page.press(DOWN)
    title = page.until("document.activeElement.matches('.search-link') && document.activeElement.querySelector('.search-title').textContent")
    page.press(ENTER)
    page.until(f"document.title.startsWith({title!r})")


def test_writing_ticking_and_taking_it_away(page, server):
    page.go(f"{server.address}{CHAPTER}#id8-n1")
    write(page, "Café, Tiếng Việt")
    page.click("#id8-n1 button", "Keep on this device")
    page.click("dialog.ask button", "Keep them here")
    page.until("document.querySelector('#id8-n1 .writing-state').textContent === 'Kept on this device.'")
    page.reload()
    assert page.until(f"(document.querySelector({FIELD!r}) || {{}}).value") == "Café, Tiếng Việt"
    page.go(f"{server.address}{LISTS}#id10-c1")
    page.until("document.querySelector('#id10-c1 .tick-foot')")
    page.click("#id10-c1 input")
    page.until("document.querySelector('#id10-c1 .writing-state').textContent === 'Kept on this device.'")
    page.go(f"{server.address}my-notes/")
    page.until("document.querySelectorAll('.notes-entry').length === 2")
    page.click(".my-notes button", "Word document")
    page.until("document.querySelector('.notes-status').textContent.startsWith('Saved as my-notes-')")
    page.go(f"{server.address}identification/print/")
    assert page.until("(document.querySelector('#id8-n1 .printed-note') || {}).textContent") == "Café, Tiếng Việt"


def test_the_back_button_shows_what_was_written_or_cleared_since(page, server):
    page.go(f"{server.address}my-notes/")
    page.until("document.querySelector('.notes-none')")
    page.go(f"{server.address}{CHAPTER}#id8-n1")
    write(page, "words")
    back(page)
    page.until("document.querySelectorAll('.notes-entry').length === 1")
    page.go(f"{server.address}{CHAPTER}#id8-n1")
    page.until(f"(document.querySelector({FIELD!r}) || {{}}).value === 'words'")
    page.go(f"{server.address}my-notes/")
    page.until("document.querySelector('.notes-entry')")
    page.click(".notes-entry button", "Clear ID8-N1")
    page.until("!document.querySelector('.notes-entry')")
    back(page)
    page.until(f"document.querySelector({FIELD!r}) && !document.querySelector({FIELD!r}).value")


def leave(page: Driver, address: str) -> None:
    """Come to a chapter over other pages, write, leave, and go back as far as there is anything to go back to."""
    page.go(f"{address}glossary/index.html")
    page.go(f"{address}my-notes/index.html")
    page.go(f"{address}{CHAPTER}index.html#id8-n1")
    write(page, "gone")
    page.click(".leave")
    page.until("location.pathname.endsWith('/calendar/index.html')")
    for _ in range(2):
        back(page)
        page.until("location.pathname.endsWith('/calendar/index.html') && document.querySelector('td.today')")
        assert "Practitioner" not in page.js("return document.title")
    page.go(f"{address}{CHAPTER}index.html#id8-n1")  # whoever comes on purpose is let in
    assert page.until(f"document.querySelector({FIELD!r}) && [document.querySelector({FIELD!r}).value]") == [""]


def test_leaving_leaves_no_way_back(page, server):
    leave(page, server.address)


def test_leaving_leaves_no_way_back_from_a_disk(page, folder):
    leave(page, folder)


@pytest.mark.skipif(not FIREFOX, reason="Firefox is not installed")
def test_leaving_leaves_no_way_back_where_storage_is_refused(server, tmp_path):
    page = Firefox(tmp_path, **{"network.cookie.cookieBehavior": 2})
    try:
        page.go(f"{server.address}glossary/")
        assert page.js("try { return !localStorage } catch { return true }")
        leave(page, server.address)
    finally:
        page.quit()


def test_the_room_sees_the_exercise_and_its_timer_runs(page, server):
    page.go(f"{server.address}go/id8-e1/?view=project")
    page.until("document.querySelector('.projector #id8-e1')")
    # WebKit draws the menu's scroll bar over what lies on top of it.
    assert page.js("return getComputedStyle(document.querySelector('.md-sidebar')).visibility") == "hidden"
    page.press(RIGHT)
    page.until("document.querySelector('.projector [aria-current=step]')")
    page.click(".projector .timer button", "Start")
    page.until("document.querySelector('.projector .timer-digits').textContent === '19:58'")
    page.press(ESCAPE)
    page.until("!document.querySelector('.projector')")


def test_colours_menu_and_the_evidence_library(page, server):
    page.go(server.address + CHAPTER)
    colours = []
    for _ in range(3):
        colours.append(page.js("return getComputedStyle(document.body).backgroundColor"))
        page.click(".scheme")
    assert colours[0] == colours[2] != colours[1]
    page.js("document.querySelector('.cite-link').focus()")
    page.until("document.querySelector('.cite .note').offsetHeight")
    page.command("SetWindowRect", width=360, height=740)
    page.click(".md-header .menu")
    page.until("document.activeElement.textContent.trim() === 'The conversation'")
    page.press(ESCAPE)
    page.until("!document.getElementById('__drawer').checked")
    for path in ("", CHAPTER, LISTS, "my-notes/", "identification/print/", "training/", "codes/", "evidence/"):
        page.go(server.address + path)
        assert page.js("return document.documentElement.scrollWidth <= innerWidth"), f"{path} scrolls sideways"
    page.type(".library-filters input", "fishers")
    found = page.until("document.querySelector('.library-count').textContent.match(/^(\\d+) of (\\d+)/)")
    assert 0 < int(found[1]) < int(found[2])


def test_after_one_visit_it_works_without_a_network(page, server):
    page.go(f"{server.address}offline/")
    page.until("document.querySelector('.offline-tools button')")
    page.click(".offline-tools button", "Store now")
    page.until("document.querySelector('.offline-status').textContent.startsWith('Stored.')", 60)
    server.down = True
    try:
        page.go(f"{server.address}go/id5-e1/")
        page.until("location.hash === '#id5-e1' && document.fonts.size")
        page.go(f"{server.address}glossary")
        assert page.js(f"return {HERE}") == f"{BASE}glossary/"
        page.press("/")
        page.until("document.querySelector('dialog.search').open")
        page.press(*"fishers")
        page.until("document.querySelector('.search-link')")
        page.go(f"{server.address}no/such/page/")
        assert page.js("return document.querySelector('h1').textContent") == "This page is not here"
    finally:
        server.down = False
        page.go(f"{server.address}offline/")
        page.until("document.querySelector('.offline-tools').textContent.includes('Remove')")
        page.click(".offline-tools button", "Remove")
        page.until("document.querySelector('.offline-tools').textContent.includes('Store now')")
        page.faults()  # what was asked for while there was no network


def test_a_folder_on_a_disk_reads_searches_and_keeps_notes(page, folder):
    page.go(f"{folder}{CHAPTER}index.html#id8-n1")
    write(page, "on a stick")
    page.click("#id8-n1 button", "Keep on this device")
    page.click("dialog.ask button", "Keep them here")
    page.go(f"{folder}my-notes/index.html")
    page.until("document.querySelector('.notes-list').textContent.includes('on a stick')")
    page.press("/")
    page.until("document.querySelector('dialog.search').open")
    page.press(*"fishers")
    page.until("document.querySelector('.search-link')")
    page.click(".search-link")
    page.until("!location.pathname.includes('/my-notes/') && location.pathname.endsWith('/index.html')")
