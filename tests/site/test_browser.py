"""The site in a real Chromium: search, notes, short links, filters, accessibility, policy."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html

from guidebook import library
from guidebook import search as guidebook_search
from guidebook.series import plain, url_of
from tests.bench import weigh
from tests.waiting import until

# What a practitioner types, and (a part of the address of) the chapter that must be among the first three.
QUERIES = {
    "fishermen": "who-is-missed", "runaway maid": "who-is-missed", "scam centre": "who-is-missed",
    "forced marriage": "who-is-missed", "deaf": "who-is", "interpreter": "the-conversation",
    "story keeps changing": "the-conversation", "informed consent": "consent",
    "employer is waiting": "the-conversation", "refuse help": "why-people-decline", "shelter detention": "shelter",
    "debt": "debt", "smuggling": "key-concepts", "raid": "why-not-identified", "corruption": "why-not-identified",
    "indicators": "signs-and-screening", "hotline": "signs-and-screening", "referral": "after-identification",
    "deportation": "after-identification", "checklist": "into-practice", "ACTIP": "legal-obligations",
    "safety plan": "safety-and-risk", "leave the shelter": "shelter-and-housing",
    "house rules": "shelter-and-housing", "depression": "health-and-mind", "compensation": "justice-and-remedy",
    "unpaid wages": "justice-and-remedy", "case notes": "privacy-and-data", "photograph": "privacy-and-data",
    "visa": "status-and-return", "burnout": "working-together", "wheelchair": "who-is-left-out",
    "remarried": "reintegration/family", "small business": "work-money-and-debt", "birth certificate": "documents",
    "gossip": "community-and-stigma", "certificate training": "education-and-skills",
    "came back alone": "people-who-return-alone", "follow-up visit": "case-management",
    "age assessment": "identifying-children", "foster care": "guardians-and-care",
    "child witness": "children-and-justice", "turning 18": "growing-up-after", "bullying": "education-and-play",
    "download workbook": "downloads", "link kit": "training/links", "offline": "offline", "mistyped code": "go/",
    "reunification": "durable-solutions", "boys": "children-others-overlook",
}  # fmt: skip
@pytest.fixture(scope="module")
def base(site, serve):
    return serve(site)


@pytest.fixture(scope="module")
def every_page(series) -> list[str]:
    """The address of every page a reader can open, print pages and the page for lost readers included."""
    pages = [url_of(series.by_path[path].path) for path in series.nav]
    return [*pages, *(f"{guide.slug}/print/" for guide in series.guides), "404.html"]


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def search(page, query: str) -> list[str]:
    """The addresses that a search brings, best first."""
    if not page.locator(".search").is_visible():
        page.locator(".search-open").click()
    page.locator(".search input").fill(query)
    page.locator(".search-count").filter(has_text=re.compile(r"\w")).wait_for()
    page.wait_for_timeout(150)  # longer than it waits for the next key
    return page.eval_on_selector_all(".search-link", "links => links.map(link => link.getAttribute('href'))")


def test_search_brings_the_right_chapter(page, base):
    page.goto(f"{base}about/")
    missed = {}
    for query, chapter in QUERIES.items():
        links = search(page, query)[:3]
        if not any(chapter in link for link in links):
            missed[query] = links
    assert not missed


def test_search_is_used_with_the_keyboard_alone_and_leads_to_the_place(page, base):
    page.goto(f"{base}about/")
    page.keyboard.press("/")
    page.keyboard.type("employer is waiting")  # what is typed while it loads counts too
    page.locator(".search-result:first-child .search-link").filter(has_text="The conversation").wait_for()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.className") == "search-link"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("the-conversation/"))
    page.keyboard.press("/")
    page.keyboard.type("zzzz")
    page.get_by_text("Nothing found").wait_for()
    page.keyboard.press("Escape")
    assert not page.locator(".search").is_visible()
    # Who types on and goes down at once stands on a result of all that was typed.
    page.goto(f"{base}about/")
    page.keyboard.press("/")
    page.keyboard.type("employer")
    page.locator(".search-link").first.wait_for()
    page.keyboard.type(" is waiting")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement.matches('.search-result:first-child .search-link')")
    page.keyboard.press("Escape")
    # Without script the same link leads to the questions.
    assert page.locator(".search-open").get_attribute("href").endswith("questions/")


def test_search_finds_accents_inflections_and_half_words(page, base):
    page.goto(f"{base}about/")
    for query in ("interprét", "INTERPRETERS", "interpreting"):
        assert any("the-conversation" in link for link in search(page, query)[:4]), query


def test_a_result_names_its_block_by_the_blocks_own_title(site, series):
    """An exercise may hold a case with a title of its own."""
    source = (site / "assets" / "search" / "index.js").read_text(encoding="utf-8")
    data = json.loads(source.removeprefix("guidebookIndex(").rstrip().removesuffix(");"))
    titles = {block.id: plain(block.title) for page in series.pages for block in page.blocks if block.id}
    named = {anchor: heading for _, anchor, heading in data["sections"] if anchor in titles}
    assert len(named) > 300
    assert {anchor for anchor, heading in named.items() if heading != " ".join(titles[anchor].split())} == set()


def test_both_search_stemmers_agree(site, page, base):
    """The index is made in Python and asked in JavaScript: every term it holds, and every ending, stems alike."""
    source = (site / "assets" / "search" / "index.js").read_text(encoding="utf-8")
    data = json.loads(source.removeprefix("guidebookIndex(").rstrip().removesuffix(");"))
    titles = " ".join(" ".join(str(part) for part in record) for record in [*data["pages"], *data["sections"]])
    every = sorted({word for word in re.findall(r"[a-z0-9]+", titles.lower())} | {f"{root}{ending}" for root in ("work", "plann", "cas", "shelt", "fre") for ending, _ in guidebook_search.ENDINGS})
    script = (site / "assets" / "scripts" / "search.js").read_text(encoding="utf-8")
    page.goto(f"{base}about/")
    functions = script[script.index("const ENDINGS") : script.index("const raw")]
    theirs = page.evaluate(f"words => {{ {functions} return words.map(stem); }}", every)
    assert len(every) > 1000
    assert [word for word, stem in zip(every, theirs, strict=True) if guidebook_search.stem(word) != stem] == []


def test_a_first_view_is_light_and_search_comes_only_when_asked(browser, site, series):
    """The budgets of a slow network: first view, a further chapter, a first search. Sizes, not times, so a test may hold them."""
    first, requests, search = weigh(site, browser)
    assert first < 60_000 and requests <= 8
    assert 0 < search < 110_000
    for guide in series.guides:
        for chapter in guide.chapters:
            page = (site / url_of(chapter.path) / "index.html").read_bytes()
            assert len(gzip.compress(page, 6)) < 20_000, chapter.code


@pytest.mark.parametrize("path", ["", "identification/the-conversation/", "evidence/", "my-notes/"])
def test_nothing_jumps_while_a_page_comes(browser, base, path):
    """Neither a font nor a script moves what somebody has begun to read: the browser's own layout shift score."""
    page = browser.new_context(viewport={"width": 412, "height": 823}).new_page()
    page.goto(base + path, wait_until="networkidle")
    shift = page.evaluate("""() => new Promise((done) => {
        let sum = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((entry) => (sum += entry.value))).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => done(sum), 500);
    })""")
    page.context.close()
    assert shift < 0.005


def test_each_page_describes_itself(site, series):
    """What a search engine shows of a page is the page's own summary."""
    for url, page in series.by_url.items():
        if page.meta.get("summary"):
            tree = html.fromstring((site / url / "index.html").read_text(encoding="utf-8"))
            assert tree.xpath('//meta[@name="description"]/@content') == [page.meta["summary"]], url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, base, every_page, scheme):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    found = []
    for path in every_page:
        page.goto(base + path)
        page.wait_for_timeout(150)
        for violation in Axe().run(page).response["violations"]:
            found.append(f"{path} {violation['id']}: {violation['nodes'][0]['html'][:120]}")
    context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_note_can_be_read(browser, base, scheme):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{base}identification/the-conversation/")
    page.locator(".cite-link").first.focus()
    page.locator(".cite .note small").first.wait_for()
    assert not Axe().run(page, context=".cite").response["violations"]
    assert page.eval_on_selector(".cite .note small", "small => getComputedStyle(small).opacity") == "1", "axe takes no account of it"
    context.close()


def test_no_console_error_and_no_foreign_request(page, base, every_page):
    errors, foreign = [], []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: foreign.append(request.url) if not request.url.startswith((base, "data:", "blob:")) else None)
    for path in every_page:
        page.goto(base + path)
        page.wait_for_timeout(100)
    assert not errors and not foreign


@pytest.mark.parametrize("prefix", ["/", "/guides/"])
def test_works_under_a_strict_policy_from_any_base_path(site, serve, browser, prefix):
    hashes = set()
    for file in [*site.glob("index.html"), *site.glob("identification/*/index.html")]:
        for script in html.parse(str(file)).getroot().xpath("//script[not(@src)][not(@type='application/json')]/text()"):
            hashes.add("'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'")
    policy = f"default-src 'self'; script-src 'self' {' '.join(sorted(hashes))}; style-src 'self'; img-src 'self' data:"
    address = serve(site, base=prefix, policy=policy)
    page = browser.new_context().new_page()
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(f"{address}identification/the-conversation/")
    page.locator(".search-open").click()
    page.locator(".search input").fill("interpreter")
    page.wait_for_selector(".search-link")
    page.context.close()
    assert not errors


def test_copy_link_puts_the_short_address_on_the_clipboard(browser, base):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{base}identification/who-is-missed/")
    page.locator(".copy-link").click()
    page.locator(".copied").filter(has_text="Copied").wait_for()
    address = page.evaluate("navigator.clipboard.readText()")
    assert address == f"{base}go/id4/"
    page.goto(address)
    page.wait_for_url(re.compile("identification/who-is-missed/"))
    context.close()


FOCUSABLE = """[...document.querySelectorAll("a[href], button, select, input, summary, [tabindex='0']")]
    .filter(e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && e.tabIndex >= 0 && !e.disabled && !e.closest("[inert]"))"""


@pytest.mark.parametrize("path", ["", "identification/the-conversation/", "identification/into-practice/"])
def test_keyboard_reaches_everything_in_order_and_shows_where_it_is(page, base, path):
    page.goto(f"{base}{path}{'#id8-n1' if 'conversation' in path else '#id10-n1' if 'practice' in path else ''}")
    if path:
        page.locator(".notepad textarea").first.wait_for()  # what can be written in is there
    # Begin at the top again, where a reader without an anchor begins.
    page.evaluate("""() => {
        const top = document.createElement("span");
        top.tabIndex = -1;
        document.body.prepend(top);
        top.focus();
        top.remove();
    }""")
    page.evaluate(f"window.wanted = {FOCUSABLE}")
    wanted = page.evaluate("window.wanted.map(e => e.outerHTML.slice(0, 90))")
    assert len(wanted) > 20
    reached, unseen = [], []
    for _ in range(len(wanted) + 5):
        page.keyboard.press("Tab")
        place, outline = page.evaluate("""() => {
            const e = document.activeElement, s = getComputedStyle(e);
            return [window.wanted.indexOf(e), s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2];
        }""")
        if place in reached:
            break
        if place >= 0:
            reached.append(place)
            if not outline:
                unseen.append(wanted[place])
    assert not unseen, unseen[:3]
    assert reached == sorted(reached), "focus jumps back"
    assert not [wanted[n] for n in set(range(len(wanted))) - set(reached)]


def test_citation_note_shows_on_focus_and_esc_puts_it_away(page, base):
    page.goto(f"{base}identification/who-is-missed/")
    cite = page.locator(".cite").first
    note = cite.locator(".note")
    assert not note.is_visible()
    cite.locator("a").focus()
    note.wait_for()
    assert len(note.inner_text()) > 40
    assert cite.locator("a").get_attribute("aria-describedby") == note.get_attribute("id"), "read out with its link"
    page.keyboard.press("Escape")
    assert not note.is_visible()


def test_a_note_in_a_table_can_be_reached_with_the_mouse(page, base):
    """The note stays while the pointer moves from the word into it (WCAG 1.4.13)."""
    page.goto(f"{base}identification/legal-obligations/")
    cite = page.locator("td .cite").first
    cite.scroll_into_view_if_needed()
    cite.hover()
    note = cite.locator(".note")
    note.wait_for()
    word, box = cite.bounding_box(), note.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    assert abs(box["y"] - (word["y"] + word["height"])) < 4 or abs(box["y"] + box["height"] - word["y"]) < 4, "the note touches its word"
    page.mouse.move(x, y, steps=12)
    assert note.is_visible()


def test_first_tap_shows_the_note_on_a_phone(browser, base):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto(f"{base}identification/who-is-missed/")
    link = page.locator(".cite-link").first
    link.scroll_into_view_if_needed()
    asked = []
    page.on("request", lambda request: "/assets/cited/" in request.url and asked.append(request.url))
    assert not page.locator(".cite .note").count()
    link.tap()
    page.locator(".cite .note").first.wait_for()
    assert page.url.endswith("who-is-missed/")
    page.locator(".cite-link").nth(1).tap()
    page.locator(".cite .note").nth(1).wait_for()
    assert len(asked) == 1, "what stands behind citations is fetched with the first, once"
    page.locator(".cite-link").nth(1).tap()
    page.wait_for_url("**/references/#ref-*")
    context.close()


def test_a_note_that_comes_late_says_so_and_comes(browser, base):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    held = []
    page.route("**/assets/cited/*.js", lambda route: held.append(route))
    page.goto(f"{base}identification/who-is-missed/")
    for number in (0, 1):
        page.locator(".cite-link").nth(number).tap()
        page.locator(".cite").nth(number).get_by_text("One moment").wait_for()
        assert page.locator(".cite .note").count() == 1
    assert len(held) == 1
    held[0].continue_()
    page.locator(".cite .note small").nth(1).wait_for()
    assert not page.get_by_text("One moment").count() and page.url.endswith("who-is-missed/")
    context.close()


def test_a_reader_who_went_on_is_not_taken_away_when_a_note_cannot_come(browser, base):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    held = []
    page.route("**/assets/cited/*.js", lambda route: held.append(route))
    page.goto(f"{base}identification/who-is-missed/")
    page.locator(".cite-link").first.tap()
    page.get_by_text("One moment").wait_for()
    page.evaluate("document.activeElement.blur()")  # a tap beside it, or into a notepad
    held[0].abort("timedout")
    until(page, "!document.querySelector('.cite .note')")
    page.wait_for_timeout(300)
    assert page.url.endswith("who-is-missed/")
    context.close()


def test_a_citation_whose_note_cannot_come_leads_to_its_reference(browser, base):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.route("**/assets/cited/*.js", lambda route: route.abort("internetdisconnected"), times=2)
    page.goto(f"{base}identification/who-is-missed/")
    page.locator(".cite-link").first.focus()
    page.wait_for_timeout(300)
    assert page.url.endswith("who-is-missed/"), "who only comes by stays"
    page.locator(".cite-link").nth(1).tap()
    page.wait_for_url("**/references/#ref-*")
    page.go_back()
    assert not page.locator(".cite .note").count()
    page.locator(".cite-link").first.tap()
    page.locator(".cite .note").first.wait_for()
    context.close()


def test_words_in_a_drawing_are_as_large_as_the_text_and_no_larger(browser, base, series):
    page = browser.new_page()
    wrong, seen = [], 0
    for width in (800, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for chapter in (page for page in series.pages if any(block.name == "figure" for block in page.blocks)):
            page.goto(base + url_of(chapter.path))
            sizes = page.evaluate("""() => {
                const size = (e) => parseFloat(getComputedStyle(e).fontSize);
                const text = size(document.querySelector("article p:not([class])"));
                return [...document.querySelectorAll("svg.drawing")].map((svg) => size(svg.querySelector("text")) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width / text);
            }""")
            seen += len(sizes)
            wrong += [(chapter.code, width, round(size, 2)) for size in sizes if not 0.8 < size < 1.1]
    page.close()
    assert seen > 80 and not wrong


def test_nothing_is_wider_than_a_small_phone(browser, base, every_page):
    page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    wide = {}
    for path in (path for path in every_page if not path.endswith("print/")):
        page.goto(base + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide[path] = width
    page.context.close()
    assert not wide


LISTED = ".library-list > li"


def test_library_filters_by_country_and_comes_back(page, base):
    page.goto(f"{base}evidence/")
    everything = page.locator(f"{LISTED}:visible").count()
    page.get_by_label("Country").select_option("Viet Nam")
    some = page.locator(f"{LISTED}:visible").count()
    assert 0 < some < everything
    assert f"{some} of {everything}" in page.locator(".library-count").inner_text()
    entry, heading = (page.locator(f"{each}:visible").first.bounding_box()["x"] for each in (LISTED, ".library-group h2"))
    assert entry == heading, "the list begins where its heading does"
    # A source, and back: the filter is as it was.
    page.locator(f"{LISTED}:visible a").last.click()
    page.locator(".source:target").wait_for()
    page.go_back()
    page.locator(".library-count", has_text=f"{some} of {everything}").wait_for()
    assert page.get_by_label("Country").input_value() == "Viet Nam" and page.locator(f"{LISTED}:visible").count() == some
    page.get_by_role("button", name="Show all").click()
    page.locator(f"{LISTED}[hidden]").first.wait_for(state="detached")
    assert page.locator(f"{LISTED}:visible").count() == everything


def test_the_foot_of_a_short_page_stays_below_the_menu(page, base):
    page.goto(f"{base}evidence/")
    page.get_by_label("Words").fill("zzz")
    page.locator(".library-count", has_text="0 of").wait_for()
    bottom, foot = page.evaluate("[document.querySelector('.md-sidebar--primary .md-sidebar__scrollwrap').getBoundingClientRect().bottom, document.querySelector('.md-footer').getBoundingClientRect().top]")
    assert bottom <= foot


def test_library_finds_the_words_of_all_findings(page, base, site, series):
    """Exactly the sources that say so, in whichever part they stand; and their words are fetched for this only."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{base}evidence/", wait_until="networkidle")
    assert not [url for url in asked if "search/library" in url]
    texts = {}
    for part in library.parts(series):
        for item in html.parse(str(site / url_of(part.page.path) / "index.html"), html.HTMLParser(encoding="utf-8")).xpath("//article[@class='source']"):
            texts[item.get("id")] = " ".join(item.xpath("./p//text() | ./dl/dd//text() | .//p[@class='finding-fact']//text()"))
    for query in ("fishers", "debt bondage", "Việt", "zzz"):
        page.get_by_label("Words").fill(query)
        page.locator(".library-count", has_text=" of ").wait_for()
        wanted = {key for key, text in texts.items() if all(any(word.startswith(part) for word in guidebook_search.words_of(text)) for part in guidebook_search.words_of(query))}
        page.locator(".library-count", has_text=f"{len(wanted)} of {len(texts)}").wait_for()
        assert set(page.locator(f"{LISTED}:visible").evaluate_all("all => all.map(e => e.id)")) == wanted
        assert bool(wanted) == (query != "zzz")
    assert len([url for url in asked if "search/library" in url]) == 1


def test_library_says_when_words_cannot_be_fetched(page, base):
    page.route("**/search/library.js", lambda route: route.abort())
    page.goto(f"{base}evidence/")
    page.get_by_label("Words").fill("fishers")
    page.locator(".library-count", has_text="could not be loaded").wait_for()
    page.unroute("**/search/library.js")
    page.get_by_label("Words").fill("fisher")
    page.locator(".library-count", has_text=" of ").wait_for()


def test_addresses_from_before_the_library_had_parts_lead_on(page, base):
    for name in ("kiss2015health", "kiss2015health-2"):
        page.goto("about:blank")
        page.goto(f"{base}evidence/#{name}")
        page.wait_for_url(f"**/evidence/j-l/#{name}")
        assert page.locator(":target").get_attribute("id") == name


def test_reads_whole_without_script(browser, base):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}evidence/")
    assert page.locator(f"{LISTED}:visible").count() > 100
    assert not page.locator(".library-filters").is_visible()
    page.goto(f"{base}evidence/#kiss2015health")
    page.locator(":target a").click()
    assert page.locator(".source:target").get_attribute("id") == "kiss2015health"
    page.goto(f"{base}identification/the-conversation/")
    assert page.locator(".ruled").first.is_visible()
    assert page.locator("details.facilitation").count() == 2
    page.goto(f"{base}go/id8-e1/")
    page.wait_for_url(re.compile("the-conversation/"))
    context.close()


def test_paper_shows_content_and_not_the_furniture(page, base):
    page.goto(f"{base}identification/the-conversation/")
    page.emulate_media(media="print")
    assert not page.locator(".md-header").is_visible()
    assert not page.locator(".opener-tools").is_visible()
    assert page.locator(".ruled").first.is_visible()
