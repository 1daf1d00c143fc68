"""The site under bad conditions, in a real Chromium: no script, no pictures, little room, slow or broken network, paper, other colours."""

from __future__ import annotations

import gzip
import io

import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.waiting import until

CHAPTER, LISTS = "identification/the-conversation/", "identification/into-practice/"
# One page of each kind that a reader meets.
KINDS = (
    "", CHAPTER, LISTS, "identification/references/", "evidence/", "evidence/j-l/", "crosswalk/", "glossary/", "my-notes/", "questions/", "go/", "downloads/",
    "training/plans-identification/", "training/evaluation-identification/", "training/links-identification/", "roles/police/", "themes/informed-consent/", "404.html",
)  # fmt: skip
PHONE = {"width": 360, "height": 740}
SHUT = ".md-sidebar--primary"
MENU = ".md-header .menu"


@pytest.fixture(scope="module")
def base(site, serve):
    return serve(site)


@pytest.fixture
def visit(browser):
    """visit(**context options) -> a page in a context of its own, closed after the test."""
    contexts = []

    def make(**options):
        contexts.append(browser.new_context(**{"viewport": PHONE, **options}))
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


def wake(page) -> None:
    """Have the scripts for writing come and go over the whole page."""
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    until(page, "window.guidebook && guidebook.writing")


# Nothing is there without a network, script or pictures ----------------------------------------------------------


@pytest.mark.parametrize("path", KINDS)
def test_without_script_every_kind_of_page_reads_and_leads_on(visit, base, path):
    page = visit(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page.goto(base + path)
    article = page.locator("article.md-content__inner")
    assert len(article.inner_text()) > 200
    assert article.locator("h1").first.is_visible()
    for kind in ("scheme", "leave"):
        assert not page.locator(f"button.{kind}").is_visible(), "a button that does nothing"
    assert page.locator(".md-nav--primary .md-nav__link:visible").count() > 10 or path in ("", "404.html")
    for fold in article.locator("details").all()[:2]:
        fold.locator("summary").first.click()
        assert fold.locator("> :not(summary)").first.is_visible()
    if cited := page.locator(".cite-link").all():
        cited[0].click()
        page.wait_for_url("**/references/#ref-*")
        assert page.locator(":target").is_visible(), "a citation leads to its reference"
    page.locator(".search-open").click()
    page.wait_for_url("**/questions/")
    page.locator(".questions a").first.click()
    page.wait_for_url("**/identification/")


def test_without_script_the_menu_of_a_phone_opens_by_finger_and_key(visit, base):
    page = visit(java_script_enabled=False)
    page.goto(base + CHAPTER)
    link = page.locator(f"{SHUT} a", has_text="Glossary")
    assert not link.is_visible()
    page.locator(MENU).click()
    link.click()
    page.wait_for_url("**/glossary/")
    page.locator("#__drawer").focus()
    page.keyboard.press("Space")
    assert link.is_visible()


def test_with_storage_refused_no_page_raises_and_colours_still_switch(visit, base):
    page = visit()
    page.add_init_script("""for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(window, name, { configurable: true, get() { throw new DOMException("denied", "SecurityError"); } });""")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for path in KINDS:
        page.goto(base + path)
        page.locator(".scheme").click()
        assert page.evaluate("document.documentElement.dataset.mdColorScheme") == "slate", path
    page.emulate_media(color_scheme="dark")
    page.emulate_media(color_scheme="light")
    page.wait_for_timeout(100)
    assert not errors


def test_without_pictures_nothing_is_lost(visit, base):
    page = visit()
    page.route("**/*", lambda route: route.abort() if route.request.resource_type == "image" else route.continue_())
    for path in KINDS:
        page.goto(base + path)
        assert page.locator(".md-header .md-logo").get_attribute("aria-label") == "Practitioner Guides"
        unnamed = page.eval_on_selector_all("img", "all => all.filter(e => !e.hasAttribute('alt')).map(e => e.src)")
        assert not unnamed
    page.goto(base + CHAPTER)
    assert page.locator(".figure .drawing text").first.is_visible(), "a figure's words are text, not a picture"
    assert page.locator(".md-header .menu svg").bounding_box()["width"] > 10


# Little room, and readers who set their own text -----------------------------------------------------------------


def test_at_400_per_cent_nothing_scrolls_both_ways(visit, base):
    page = visit(viewport={"width": 320, "height": 256})
    for path in KINDS:
        page.goto(base + path)
        width, head = page.evaluate("[document.documentElement.scrollWidth, document.querySelector('.md-header').offsetHeight]")
        assert width <= 320, path
        assert head < 256 / 4, path
    page.locator(".search-open").click()
    dialog = page.locator(".search").bounding_box()
    assert dialog["x"] >= 0 and dialog["x"] + dialog["width"] <= 320 and dialog["y"] + dialog["height"] <= 256
    page.keyboard.press("Escape")
    page.locator(MENU).click()
    page.get_by_role("link", name="Glossary", exact=True).first.scroll_into_view_if_needed()
    page.get_by_role("link", name="Glossary", exact=True).first.click()
    page.wait_for_url("**/glossary/")


# What hides what runs over it, and may not: what is for a voice only, and names cut with an ellipsis, aside.
CLIPPED = """() => [...document.querySelectorAll("body *")].filter(e => {
    if (!e.checkVisibility({visibilityProperty: true, opacityProperty: true}) || e.closest("svg, .md-sidebar, .md-header__title")) return false;
    const s = getComputedStyle(e);
    if (s.clipPath !== "none" || e.clientWidth < 2) return false;
    const hides = (axis) => ["hidden", "clip"].includes(axis);
    return (hides(s.overflowX) && e.scrollWidth > e.clientWidth + 1) || (hides(s.overflowY) && e.scrollHeight > e.clientHeight + 1);
}).map(e => e.outerHTML.slice(0, 120))"""
# Words of controls that run out of their box.
SPILT = """() => [...document.querySelectorAll("button, .tool, .chip, .block-meta li, select, .turn-link, .search-open")].filter(e => {
    if (!e.checkVisibility() || e.closest(".md-sidebar") || getComputedStyle(e).display === "inline") return false;
    return e.scrollWidth > e.clientWidth + 2 || e.scrollHeight > e.clientHeight + 2;
}).map(e => e.outerHTML.slice(0, 120))"""
SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"


@pytest.mark.parametrize("width", [360, 1280])
def test_wider_spacing_clips_nothing(visit, base, width):
    """WCAG 1.4.12: line 1.5, letters 0.12 em, words 0.16 em, 2 em after paragraphs."""
    page = visit(bypass_csp=True, viewport={"width": width, "height": 800})  # the policy would stop the added style
    found = {}
    for path in KINDS:
        page.goto(base + path)
        if path in (CHAPTER, LISTS):
            wake(page)
        page.add_style_tag(content=SPACING)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if trouble := page.evaluate(CLIPPED) + page.evaluate(SPILT) + ([f"{wide} px wide"] if wide > width else []):
            found[path] = trouble[:4]
    assert not found


SMALL = """size => [...document.querySelectorAll("a[href], button, select, input:not([hidden]), summary, label[for], textarea, [role=button]")].filter(e => {
    if (!e.checkVisibility({visibilityProperty: true, opacityProperty: true}) || e.closest(".unseen, .md-skip") || e.type === "file") return false;
    const s = getComputedStyle(e), box = e.getBoundingClientRect();
    const around = e.matches("input") && e.closest("label") ? e.closest("label").getBoundingClientRect() : box;
    // A link within a sentence is excepted, and a label whose field is its own target.
    if (s.display === "inline" && e.closest("p, li, dd, td, th, h1, h2, h3, figcaption, .source-reference, .cite, .term")) return false;
    if (e.matches("label") && document.getElementById(e.htmlFor) && document.getElementById(e.htmlFor).checkVisibility()) return false;
    return box.width > 0 && (Math.max(around.height, box.height) < size || Math.max(around.width, box.width) < size);
}).map(e => `${Math.round(e.getBoundingClientRect().width)} x ${Math.round(e.getBoundingClientRect().height)} ${e.outerHTML.slice(0, 100)}`)"""
MAIN = ".md-header :is(button, a, label), .opener-tools .tool, .writing-tools .tool, .timer .tool, .tick, .notes-tools .tool, .notes-filter select, .library-filters :is(select, input, button), .code-form :is(input, button), details > summary, .turn-link, .search-form :is(input, button)"
LOW = "all => all.filter(e => e.checkVisibility({visibilityProperty: true}) && !e.matches('.md-logo') && e.getBoundingClientRect().height < 40).map(e => `${e.getBoundingClientRect().height} ${e.outerHTML.slice(0, 100)}`)"


def test_fingers_find_their_targets_on_a_phone(visit, base):
    """24 px at least for everything (WCAG 2.5.8), 40 px high for what one uses most."""
    page = visit(has_touch=True)
    small, low = {}, {}
    for path in KINDS:
        page.goto(base + path)
        if path in (CHAPTER, LISTS):
            wake(page)
            page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
            page.locator(".notepad .writing").first.fill("A word.")
            page.locator(".writing-tools .tool").first.wait_for()
        if found := page.evaluate(SMALL, 24):
            small[path] = found[:5]
        if found := page.eval_on_selector_all(MAIN, LOW):
            low[path] = found[:5]
    page.locator(".search-open").click()
    low["search"] = page.eval_on_selector_all(MAIN, LOW)
    page.keyboard.press("Escape")
    page.locator(MENU).click()
    page.wait_for_timeout(300)
    low["menu"] = page.eval_on_selector_all(f"{SHUT} > * .md-nav__link:not(.md-nav--secondary *)", LOW)
    assert not small, small
    low = {path: found for path, found in low.items() if found}
    assert not low, low


def test_a_very_long_word_and_a_note_from_right_to_left_fit_a_phone(visit, base):
    page = visit()
    page.goto(f"{base}{CHAPTER}#id8-n1")
    page.locator("#id8-n1 .writing").fill("x" * 400)
    page.locator("#id8-n2 .writing").fill("یہ ایک نوٹ ہے۔ " * 30)
    page.wait_for_timeout(600)
    assert page.evaluate("getComputedStyle(document.querySelector('#id8-n2 .writing')).direction") == "rtl"
    assert page.evaluate("[...document.querySelectorAll('.writing')].every(e => e.scrollWidth <= e.clientWidth + 1)")
    page.goto(f"{base}my-notes/")
    assert page.locator(".notes-entry").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    text = page.locator(".notes-text").nth(1)
    assert page.evaluate("e => getComputedStyle(e).direction", text.element_handle()) == "rtl"
    page.locator(".search-open").click()
    page.locator(".search input").fill("Donaudampfschifffahrt" * 20)
    page.get_by_text("Nothing found").wait_for()
    assert page.evaluate("document.querySelector('.search').scrollWidth <= document.querySelector('.search').clientWidth")


# The menu, and what the header may not hide ----------------------------------------------------------------------


@pytest.mark.parametrize("path", [CHAPTER, "evidence/", ""])
def test_the_menu_of_a_phone_is_used_with_the_keyboard_alone(visit, base, path):
    page = visit()
    page.goto(base + path)
    inside = f"document.querySelector('{SHUT}').contains(document.activeElement)"
    stops = []
    for _ in range(8):
        page.keyboard.press("Tab")
        assert not page.evaluate(inside), "a closed menu takes no focus"
        stops.append(page.evaluate("document.activeElement.className"))
    assert any("menu" in stop for stop in stops)
    page.locator(MENU).focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.evaluate(inside) and page.locator(MENU).get_attribute("aria-expanded") == "true"
    assert page.locator(MENU).get_attribute("aria-label") == "Menu"
    here = page.evaluate("document.activeElement.getBoundingClientRect().top")
    assert 0 <= here < 740, "where one is, is in sight"
    seen = set()
    while page.evaluate(inside) and len(seen) < 60:
        box = page.evaluate("(() => { const r = document.activeElement.getBoundingClientRect(); return [r.left, r.top, r.width, document.activeElement.textContent.trim()] })()")
        assert box[0] >= 0 and 0 <= box[1] < 740 and box[2] > 20, box
        seen.add(box[3])
        page.keyboard.press("Tab")
    assert {"Glossary", "My notes", "Downloads"} <= seen
    assert not page.evaluate("document.getElementById('__drawer').checked"), "it closes when the focus goes on"
    page.locator(MENU).focus()
    page.keyboard.press("Space")
    assert page.evaluate("document.getElementById('__drawer').checked")
    page.keyboard.press("Escape")
    assert not page.evaluate("document.getElementById('__drawer').checked")
    assert page.evaluate("document.activeElement.matches('.menu')")


def test_the_menu_of_a_phone_closes_beside_it_and_after_a_jump(visit, base):
    page = visit(has_touch=True)
    page.goto(base + CHAPTER)
    page.locator(MENU).tap()
    page.wait_for_timeout(300)
    page.touchscreen.tap(350, 400)
    page.wait_for_timeout(300)
    assert not page.locator(f"{SHUT} a").first.is_visible()
    page.locator(MENU).tap()
    page.wait_for_timeout(300)
    page.locator(f"{SHUT} a", has_text="What you can do").tap()
    page.wait_for_timeout(300)
    assert not page.locator(f"{SHUT} a").first.is_visible()
    assert page.url.endswith("#what-you-can-do")


def test_a_chapter_list_folds_with_the_keyboard(visit, base):
    page = visit(viewport={"width": 1280, "height": 900})
    page.goto(base + CHAPTER)
    label = page.locator("#__nav_5_label")
    label.focus()
    for key, state in (("Enter", "false"), ("Space", "true")):
        page.keyboard.press(key)
        assert label.get_attribute("aria-expanded") == state


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_that_one_jumps_to_hides_behind_the_header(visit, base, width):
    page = visit(viewport={"width": width, "height": 700}, reduced_motion="reduce")
    for path in (CHAPTER, "identification/references/", "evidence/", "evidence/j-l/", "glossary/", "questions/", "training/plans-identification/", "training/evaluation-identification/", "training/links-identification/"):
        page.goto(base + path)
        hidden = page.evaluate("""() => {
            const head = document.querySelector(".md-header").getBoundingClientRect().bottom;
            const all = [...document.querySelectorAll(".md-content [id]")].filter(e => e.checkVisibility() && !e.closest("svg, .note"));
            return all.filter((e, n) => n % Math.ceil(all.length / 20) === 0).filter(e => {
                location.hash = e.id;
                return e.getBoundingClientRect().top < head;
            }).map(e => e.id);
        }""")
        assert not hidden, path
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        for _ in range(8):
            page.keyboard.press("Shift+Tab")
            top, head, fixed = page.evaluate("""[document.activeElement.getBoundingClientRect().bottom, document.querySelector('.md-header').getBoundingClientRect().bottom,
                Boolean(document.activeElement.closest('.md-header, .md-sidebar, .md-skip, body:not(:focus-within)'))]""")
            assert fixed or top > head, path


# Colours and motion of the device --------------------------------------------------------------------------------


def test_forced_colours_leave_every_control_its_edge(visit, base):
    page = visit(forced_colors="active", viewport={"width": 1280, "height": 900})
    bare = """all => all.filter(e => e.checkVisibility() && !['Top', 'Right', 'Bottom', 'Left'].some(side => {
        const s = getComputedStyle(e);
        return s[`border${side}Style`] !== 'none' && parseFloat(s[`border${side}Width`]) >= 1;
    })).map(e => e.outerHTML.slice(0, 100))"""
    found = {}
    for path, selector in ((CHAPTER, ".md-header :is(button, .search-open):not(.menu), .md-content :is(button, .tool), .chip, .writing, .notepad, .exercise, .at-a-glance, .caution"), (LISTS, ".checklist, .notepad"),
                           ("evidence/", ".library-filters :is(select, input, button), .search-open"), ("go/", ".code-form :is(input, button)"), ("my-notes/", "select, .tool"),
                           ("training/links-identification/", ".kit-filter span, .tool"), ("", ".home h1 + p + p > a")):  # fmt: skip
        page.goto(base + path)
        if path in (CHAPTER, LISTS):
            wake(page)
        if trouble := page.eval_on_selector_all(selector, bare):
            found[path] = trouble[:9]
    assert not found, found
    # Signs are drawn in the reader's own colour, the lines to write on stay, and the focus is seen.
    page.goto(f"{base}{CHAPTER}")
    ink, icon = page.evaluate("[getComputedStyle(document.querySelector('.md-header__title')).color, getComputedStyle(document.querySelector('.scheme svg')).fill]")
    background = page.evaluate("getComputedStyle(document.querySelector('.md-header')).backgroundColor")
    assert icon != background and ink != background
    rule = page.evaluate("getComputedStyle(document.querySelector('.ruled .rule'), null)['borderBottomStyle']")
    assert rule == "solid"
    for selector in (".scheme", ".search-open", ".leave", ".tool"):
        page.locator(selector).first.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2, selector
    page.goto(base + LISTS)
    assert page.evaluate("getComputedStyle(document.querySelector('.tick input')).appearance") == "auto"


def test_the_choice_of_colours_is_remembered_and_follows_the_device_otherwise(visit, base):
    page = visit(color_scheme="light")
    scheme = "document.documentElement.dataset.mdColorScheme || 'default'"
    page.goto(base)
    assert page.evaluate(scheme) == "default"
    page.emulate_media(color_scheme="dark")
    until(page, f"({scheme}) === 'slate'")
    page.emulate_media(color_scheme="light")
    until(page, f"({scheme}) === 'default'")
    page.locator(".scheme").click()
    assert page.locator(".scheme").get_attribute("aria-label") == "Switch to light colours"
    page.goto(base + CHAPTER)
    assert page.evaluate(scheme) == "slate"
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
    page.locator(".scheme").click()
    page.goto(base)
    assert page.evaluate(scheme) == "default"
    assert page.evaluate("localStorage.length") == 0, "what the device says anyway is not stored"


def test_less_motion_means_none(visit, base):
    page = visit(reduced_motion="reduce")
    page.goto(base + CHAPTER)
    moving = page.eval_on_selector_all("body *", "all => all.filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0 && getComputedStyle(e).transitionProperty !== 'none' || getComputedStyle(e).animationName !== 'none').length")
    assert moving == 0
    page.locator(MENU).click()
    assert abs(page.locator(SHUT).bounding_box()["x"]) < 1


# The network -----------------------------------------------------------------------------------------------------

SHIFTS = """() => { window.shifts = []; new PerformanceObserver(list => list.getEntries().forEach(e => e.hadRecentInput || window.shifts.push([e.value, Math.round(e.startTime), ...e.sources.map(s => `${s.node && (s.node.outerHTML || s.node.textContent).slice(0, 80)} from ${Math.round(s.previousRect.top)} + ${Math.round(s.previousRect.height)} to ${Math.round(s.currentRect.top)} + ${Math.round(s.currentRect.height)}`)]))).observe({type: "layout-shift", buffered: true}) }"""


@pytest.mark.parametrize("path", ["", CHAPTER, "evidence/", "my-notes/"])
def test_on_a_slow_network_text_comes_first_and_nothing_jumps(visit, site, base, path):
    """50 kB a second; hosts compress pages and this server does not, so the line is wider by as much as a page would shrink."""
    page = visit()
    whole = (site / path / "index.html").read_bytes()
    rate = 50_000 * len(whole) / len(gzip.compress(whole, 6))
    page.add_init_script(f"({SHIFTS})()")
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", {"offline": False, "latency": 400, "downloadThroughput": rate, "uploadThroughput": rate})
    page.goto(base + path, wait_until="commit")
    until(page, "performance.getEntriesByName('first-contentful-paint').length")
    assert page.locator("h1").first.is_visible()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    for _ in range(4):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(150)
    shifts = page.evaluate("window.shifts")
    assert sum(shift[0] for shift in shifts) < 0.01, shifts


def test_text_is_read_while_the_typeface_does_not_come(visit, base):
    page = visit()
    page.route("**/*.woff2", lambda route: None)  # asked for, never answered
    page.goto(base + CHAPTER, wait_until="domcontentloaded")
    until(page, "performance.getEntriesByName('first-contentful-paint').length", seconds=3)
    assert page.locator("h1").first.is_visible()
    assert page.evaluate("document.fonts.status") == "loading"
    body = page.evaluate("[...document.fonts].find(face => face.style === 'normal' && face.unicodeRange.startsWith('U+0-FF')).display")
    assert body == "optional", "what comes late is not put under the reader's eyes"


def test_search_says_when_it_cannot_come_and_comes_at_the_second_try(visit, base):
    page = visit()
    for part in ("search.js", "search/index.js"):
        page.route(f"**/assets/**/{part}", lambda route: route.abort("internetdisconnected"), times=1)
    page.goto(base + CHAPTER)
    page.locator(".search-open").click()
    said = page.get_by_text("could not be loaded")
    said.wait_for()  # the script failed
    page.locator(".search input").press_sequentially("inter")
    said.wait_for()  # now its index fails
    page.wait_for_timeout(300)
    page.locator(".search input").press_sequentially("preter")
    page.locator(".search-link").first.wait_for()
    assert not said.is_visible()


def test_lines_stay_when_writing_cannot_come_and_it_is_tried_again(visit, base):
    page = visit()
    page.route("**/writing.js", lambda route: route.abort("internetdisconnected"), times=1)
    failed = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(base + CHAPTER)
    page.locator("#id8-n1").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    assert failed and page.locator("#id8-n1 .ruled").is_visible()
    assert page.locator(".writing").count() == 0
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator("#id8-n1 .writing").wait_for()
    assert not errors


# Paper -----------------------------------------------------------------------------------------------------------


def test_a_chapter_printed_from_a_phone_is_whole_and_keeps_what_is_folded(visit, base):
    page = visit()
    page.goto(base + CHAPTER)
    page.locator(MENU).click()  # printed with the menu open
    page.emulate_media(media="print")
    for furniture in (".md-header", SHUT, ".md-footer", ".opener-tools", ".search", ".md-overlay", ".project", ".timer", ".note", ".leave"):
        for found in page.locator(furniture).all():
            assert not found.is_visible(), furniture
    for fold in page.locator("details.facilitation").all():
        assert not fold.evaluate("e => e.open")
    for frame in page.locator(".table-frame, .figure").all():
        assert frame.evaluate("e => getComputedStyle(e).overflowX !== 'hidden' && e.scrollWidth <= e.clientWidth + 1")
    paper = pikepdf.open(io.BytesIO(page.pdf(format="A4")))
    assert 4 <= len(paper.pages) <= 20
    page.goto(f"{base}identification/legal-obligations/")
    page.emulate_media(media="print")
    for frame in page.locator(".table-frame").all():
        assert frame.evaluate("e => e.scrollWidth <= Math.max(e.clientWidth, 640) || getComputedStyle(e).overflowX === 'visible'"), "a wide table is not cut at the edge of a frame"
    page.goto(f"{base}training/evaluation-identification/")
    page.emulate_media(media="print")
    assert page.locator("details.answer").count() > 5
    assert not any(fold.evaluate("e => e.open || e.querySelector('.answer-body').checkVisibility()") for fold in page.locator("details.answer").all())


# axe on what opens over a page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_search_menu_and_questions(visit, base, scheme):
    page = visit(color_scheme=scheme, reduced_motion="reduce")
    found = []

    def look(where: str) -> None:
        page.wait_for_timeout(150)
        found.extend(f"{where} {v['id']}: {v['nodes'][0]['html'][:120]}" for v in Axe().run(page).response["violations"])

    page.goto(f"{base}children/health-and-development/")
    page.locator(".search-open").click()
    page.locator(".search input").fill("interpreter")
    page.locator(".search-link").first.wait_for()
    look("search")
    page.keyboard.press("Escape")
    page.locator(MENU).click()
    look("menu")
    page.goto(f"{base}questions/")
    look("questions")
    assert not found, "\n".join(found)
