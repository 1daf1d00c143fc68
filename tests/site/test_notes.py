"""Writing in the guides, in a real Chromium: what is kept and where, what comes out, what can go wrong."""

from __future__ import annotations

import json
import re
import zipfile

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import etree

CHAPTER, LISTS = "identification/the-conversation/", "identification/into-practice/"
# One line of each script of the region, and one from right to left: a note must survive in all of them.
SCRIPTS = (
    "English & <b>not bold</b>", "ถามที่ไหนก็ได้", "ភាសាខ្មែរ", "ພາສາລາວ", "မြန်မာဘာသာ", "Tiếng Việt có dấu", "বাংলা ভাষা",
    "தமிழ் மொழி", "සිංහල භාෂාව", "नेपाली भाषा", "اردو زبان", "שלום", "emoji 🌿 and tab\there",
)  # fmt: skip
LONG = "\n".join(SCRIPTS[n % len(SCRIPTS)] + f" {n}" for n in range(2000))[:20000].strip()


@pytest.fixture(scope="module")
def base(site, serve):
    return serve(site)


@pytest.fixture
def context(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def page(context):
    return context.new_page()


def visit(page, address: str = "") -> None:
    """Open a page, or the same one again, and come near what can be written in, as a reader does: then it can be."""
    if address:
        page.goto(address)
    else:
        page.reload()
    if page.locator(".md-content [data-code]").count():
        page.locator(".md-content :is(.notepad, .checklist)[data-code]").first.scroll_into_view_if_needed()
        page.locator(".writing-foot, .tick-foot").first.wait_for(state="attached")


def write(page, code: str, text: str) -> None:
    page.locator(f"#{code} textarea").fill(text)
    page.locator(f"#{code} .writing-state").filter(has_text=re.compile(r"\w")).wait_for()
    page.wait_for_timeout(500)  # longer than it waits for the next key


def value(page, code: str) -> str:
    return page.locator(f"#{code} textarea").input_value()


def kept(page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('practitioner-guides:'))")


def keep(page) -> None:
    page.get_by_role("button", name="Keep on this device").first.click()
    page.get_by_role("button", name="Keep them here").click()


def test_writing_is_fetched_when_a_reader_comes_near(page, base):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(base + CHAPTER)
    page.wait_for_timeout(300)
    assert not [url for url in asked if "writing" in url] and page.locator("#id8-n1 .ruled").count() == 1
    page.locator("#id8-n1").scroll_into_view_if_needed()
    page.locator("#id8-n1 textarea").wait_for()
    assert len([url for url in asked if "writing" in url]) == 1
    page.goto(f"{base}{CHAPTER}#id8-n3")  # a link to a notepad finds it ready
    page.locator("#id8-n3 textarea").wait_for()


def test_a_note_lives_in_its_tab_only(page, context, base):
    visit(page, base + CHAPTER)
    write(page, "id8-n1", "I say who I am.")
    assert page.locator("#id8-n1 .writing-state").inner_text() == "In this tab only."
    visit(page, base + LISTS)
    visit(page, base + CHAPTER)
    assert value(page, "id8-n1") == "I say who I am."
    other = context.new_page()
    visit(other, base + CHAPTER)
    assert value(other, "id8-n1") == ""
    assert not kept(page)


def test_each_notepad_warns_against_names(page, base):
    visit(page, base + CHAPTER)
    reminders = page.locator(".notepad .writing-reminder")
    assert reminders.count() == page.locator(".notepad").count() == 3
    assert "No names" in reminders.first.inner_text()


def test_keeping_is_asked_once_in_plain_words_and_can_be_taken_back(page, context, base):
    visit(page, base + CHAPTER)
    write(page, "id8-n1", "Kept.")
    page.get_by_role("button", name="Keep on this device").click()
    assert "a device that you share" in page.locator(".ask").inner_text()
    page.get_by_role("button", name="No, only in this tab").click()
    assert not kept(page)
    keep(page)
    other = context.new_page()
    visit(other, base + CHAPTER)
    assert value(other, "id8-n1") == "Kept."
    write(other, "id8-n2", "A second, and nobody asks again.")
    assert other.locator("#id8-n2 .writing-state").inner_text() == "Kept on this device."
    other.get_by_role("button", name="Stop keeping").first.click()
    assert not kept(other)
    assert value(other, "id8-n1") == "Kept."  # still on the page, and in this tab
    third = context.new_page()
    visit(third, base + CHAPTER)
    assert value(third, "id8-n1") == ""


def test_nothing_is_ever_sent(page, base):
    requests = []
    page.on("request", lambda request: requests.append(request))
    visit(page, base + CHAPTER)
    write(page, "id8-n1", "zzsecretzz")
    page.locator("#id8-e1 .answer summary").click()
    write(page, "id8-e1", "zzsecretzz")
    keep(page)
    page.goto(f"{base}my-notes/")
    for name in ("Word document", "Plain text", "Backup file"):
        with page.expect_download():
            page.get_by_role("button", name=name, exact=True).click()
    page.goto(f"{base}identification/print/")
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    for request in requests:
        assert request.url.startswith((base, "blob:", "data:")), request.url
        assert request.method == "GET" and not request.post_data
        assert "zzsecretzz" not in request.url and "zzsecretzz" not in json.dumps(request.headers)


def test_no_spelling_service_is_asked(page, base):
    visit(page, base + CHAPTER)
    areas = page.locator("textarea")
    assert areas.count() == 5
    assert all(areas.nth(n).get_attribute("spellcheck") == "false" for n in range(5))


def test_two_tabs_never_overwrite_each_other(page, context, base):
    visit(page, base + CHAPTER)
    write(page, "id8-n1", "first")
    keep(page)
    other = context.new_page()
    visit(other, base + CHAPTER)
    write(page, "id8-n2", "from one tab")
    write(other, "id8-n3", "from the other")
    page.wait_for_timeout(100)
    assert value(page, "id8-n3") == "from the other"  # another note of the same guide simply appears
    # Both write in the same note at once: neither text is lost, and the reader decides.
    page.locator("#id8-n1 textarea").fill("mine")
    other.locator("#id8-n1 textarea").fill("theirs")
    other.wait_for_timeout(1200)
    told = page if page.locator("#id8-n1 .writing-trouble").count() else other
    assert "another tab" in told.locator("#id8-n1 .writing-state").inner_text()
    told.get_by_role("button", name="Keep both").click()
    assert "mine" in value(told, "id8-n1") and "theirs" in value(told, "id8-n1")
    visit(told)
    assert "mine" in value(told, "id8-n1") and "theirs" in value(told, "id8-n1")


def test_twenty_thousand_characters_in_every_script_survive_every_way(page, base, tmp_path):
    visit(page, base + CHAPTER)
    write(page, "id8-n1", LONG)
    visit(page)
    assert value(page, "id8-n1") == LONG
    page.goto(f"{base}my-notes/")
    assert page.locator(".notes-text").text_content() == LONG
    saved = {}
    for name, end in (("Word document", "docx"), ("Plain text", "txt"), ("Backup file", "json")):
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        assert re.fullmatch(rf"my-notes-\d{{4}}-\d\d-\d\d\.{end}", download.value.suggested_filename)
        saved[end] = tmp_path / f"notes.{end}"
        download.value.save_as(saved[end])
    assert LONG in saved["txt"].read_text(encoding="utf-8-sig")
    with zipfile.ZipFile(saved["docx"]) as word:
        assert word.testzip() is None
        names = set(word.namelist())
        tree = etree.fromstring(word.read("word/document.xml"))
    assert {"[Content_Types].xml", "_rels/.rels", "word/styles.xml"} <= names
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    lines = [part.text or "" for part in tree.iter(f"{w}t")]
    assert "\n".join(lines[-LONG.count("\n") - 1 :]) == LONG
    page.get_by_role("button", name="Clear all that is shown").click()
    assert page.locator(".notes-entry").count() == 0
    page.locator("input[type=file]").set_input_files(saved["json"])
    page.locator(".notes-text").wait_for()
    visit(page, base + CHAPTER)
    assert value(page, "id8-n1") == LONG


def test_a_right_to_left_paragraph_is_one_in_the_document(page, base, tmp_path):
    visit(page, base + CHAPTER)
    write(page, "id8-n1", "اردو زبان\n\nEnglish")
    page.goto(f"{base}my-notes/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Word document").click()
    download.value.save_as(tmp_path / "a.docx")
    with zipfile.ZipFile(tmp_path / "a.docx") as word:
        text = word.read("word/document.xml").decode()
    assert re.search(r"<w:bidi/></w:pPr><w:r><w:rPr><w:rtl/></w:rPr><w:t [^>]*>اردو", text)
    assert re.search(r"<w:pPr></w:pPr><w:r><w:t [^>]*>English", text)


def test_my_notes_follow_the_guide_and_lead_back(page, base):
    visit(page, f"{base}protection/into-practice/")
    page.locator(".checklist input").first.check()
    page.wait_for_timeout(500)
    visit(page, base + CHAPTER)
    write(page, "id8-n2", "second")
    write(page, "id8-n1", "first")
    page.locator("#id8-e1 .answer summary").click()
    write(page, "id8-e1", "an answer")
    page.goto(f"{base}my-notes/")
    codes = page.locator(".notes-entry h3 a").all_inner_texts()
    assert codes[:3] == ["ID8-E1", "ID8-N1", "ID8-N2"] and codes[3].startswith("PS13-C")
    page.get_by_label("Show").select_option("protection")
    assert page.locator(".notes-entry").count() == 1
    page.get_by_label("Show").select_option("")
    page.get_by_role("link", name="ID8-N2").click()
    page.wait_for_url("**/the-conversation/#id8-n2")
    page.goto(f"{base}my-notes/#identification")
    assert page.locator(".notes-entry").count() == 3


def test_clearing_can_be_undone_until_the_page_is_left(page, base):
    visit(page, base + CHAPTER)
    for number in (1, 2, 3):
        write(page, f"id8-n{number}", f"note {number}")
    page.goto(f"{base}my-notes/")
    page.get_by_role("button", name="Clear ID8-N2").click()
    assert page.locator(".notes-entry").count() == 2
    assert page.evaluate("document.activeElement.textContent") == "Undo"
    page.keyboard.press("Enter")
    assert page.locator(".notes-entry").count() == 3
    page.get_by_role("button", name="Clear all that is shown").click()
    assert "Nothing is written yet" in page.locator(".notes-list").inner_text()
    page.get_by_role("button", name="Undo").click()
    assert page.locator(".notes-entry").count() == 3
    page.get_by_role("button", name="Clear all that is shown").click()
    visit(page)
    assert page.locator(".notes-entry").count() == 0 and not page.get_by_role("button", name="Undo").count()


BAD_BACKUPS = {
    "not JSON": "{",
    "another program's": '{"notes": {"id8-n1": {"text": "x"}}}',
    "a later format": '{"format": "practitioner-guides notes", "version": 2, "notes": {"id8-n1": {"text": "x"}}}',
    "no notes": '{"format": "practitioner-guides notes", "version": 1}',
    "null": "null",
}


@pytest.mark.parametrize("name", BAD_BACKUPS)
def test_a_file_that_is_no_backup_changes_nothing(page, base, tmp_path, name):
    visit(page, base + CHAPTER)
    write(page, "id8-n1", "mine")
    page.goto(f"{base}my-notes/")
    file = tmp_path / "bad.json"
    file.write_text(BAD_BACKUPS[name])
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_text("is not a backup of notes").wait_for()
    assert page.locator(".notes-text").all_inner_texts() == ["mine"]


def test_a_backup_is_merged_and_its_hostile_parts_are_left_out(page, base, tmp_path):
    visit(page, base + CHAPTER)
    write(page, "id8-n1", "mine")
    page.goto(f"{base}my-notes/")
    file = tmp_path / "backup.json"
    notes = {
        "id8-n1": {"text": "theirs"}, "id8-n2": {"text": "<img src=x onerror=\"window.hacked=1\">"},
        "__proto__": {"text": "x"}, "practitioner-guides:keep": {"text": "yes"}, "id8-n3": {"text": 7}, "id10-c1": {"ticks": [1]}, "id8-e1": None,
    }  # fmt: skip
    file.write_text(json.dumps({"format": "practitioner-guides notes", "version": 1, "notes": notes}))
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_text("2 read from the backup. 1 were different here").wait_for()
    assert "5 entries were left out" in page.locator(".notes-status").inner_text()
    texts = page.locator(".notes-text").all_inner_texts()
    assert "mine" in texts[0] and "theirs" in texts[0] and texts[1].startswith("<img")
    assert page.evaluate("window.hacked") is None and not kept(page)


REFUSE = """for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, {configurable: true, get() { throw new DOMException("refused", "SecurityError"); }});"""


def test_with_storage_refused_it_says_so_and_the_text_can_be_saved(browser, base):
    context = browser.new_context(accept_downloads=True)
    context.add_init_script(REFUSE)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    visit(page, base + CHAPTER)
    write(page, "id8-n1", "still here")
    assert "keeps nothing" in page.locator("#id8-n1 .writing-state").inner_text()
    assert not page.get_by_role("button", name="Keep on this device").count()
    assert value(page, "id8-n1") == "still here"
    for path in ("my-notes/", "identification/print/", LISTS):
        page.goto(base + path)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url("**/calendar/index.html")
    page.go_back()
    page.wait_for_url("**/calendar/index.html")
    assert not errors
    context.close()


def test_with_storage_full_nothing_is_lost(page, base):
    visit(page, base + CHAPTER)
    write(page, "id8-n1", "x")
    keep(page)
    page.evaluate("""() => { let n = 0; for (let size = 4e6; size >= 1; size = Math.floor(size / 2)) {
        try { while (true) { localStorage.setItem("filler" + n, "f".repeat(size)); n += 1; } } catch {} } }""")
    page.locator("#id8-n2 textarea").fill("too long for the rest of the space " * 20)
    page.locator("#id8-n2 .writing-trouble").wait_for()
    assert "no room" in page.locator("#id8-n2 .writing-state").inner_text()
    assert value(page, "id8-n2").startswith("too long")
    with page.expect_download() as download:
        page.locator("#id8-n2").get_by_role("button", name="Save as a file").click()
    assert download.value.suggested_filename == "id8-n2.txt"
    page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('filler')).forEach(k => localStorage.removeItem(k))")
    page.locator("#id8-n2 textarea").press("End")
    page.keyboard.type("!")
    page.wait_for_timeout(600)
    assert not page.locator("#id8-n2 .writing-trouble").count()
    visit(page)
    assert value(page, "id8-n2").startswith("too long")


DAMAGED = {
    "truncated": '{"v":1,"text":"half a',
    "another version's": '{"v":9,"text":{"blocks":[]}}',
    "not ours": "[1,2,3]",
    "ticks that are none": '{"v":1,"ticks":"all"}',
    "hostile": '<img src=x onerror="window.hacked=1">',
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_data_is_told_left_and_not_run(page, base, name):
    visit(page, base + CHAPTER)
    page.evaluate("raw => { localStorage['practitioner-guides:keep'] = 'yes'; localStorage['practitioner-guides:1:id8-n1'] = raw; }", DAMAGED[name])
    visit(page)
    assert "cannot read" in page.locator("#id8-n1 .writing-state").inner_text()
    write(page, "id8-n1", "new words")
    visit(page)
    assert value(page, "id8-n1") == "new words"
    page.goto(f"{base}my-notes/")
    unread = page.locator(".notes-unread")
    assert unread.count() == 1
    with page.expect_download() as download:
        unread.get_by_role("button", name="Save as it is").click()
    with open(download.value.path(), encoding="utf-8") as file:
        assert file.read() == DAMAGED[name]
    unread.get_by_role("button", name="Remove").click()
    assert page.locator(".notes-unread").count() == 0 and page.locator(".notes-entry").count() == 1
    assert page.evaluate("window.hacked") is None


def test_a_hostile_note_stays_text_everywhere(page, base):
    hostile = "</textarea><script>window.hacked=1</script><img src=x onerror=window.hacked=1>"
    visit(page, base + CHAPTER)
    write(page, "id8-n1", hostile)
    visit(page)
    assert value(page, "id8-n1") == hostile
    page.goto(f"{base}my-notes/")
    assert page.locator(".notes-text").inner_text() == hostile
    page.goto(f"{base}identification/print/")
    assert page.locator(".printed-note").inner_text() == hostile
    assert page.evaluate("window.hacked") is None


def test_ticks_are_counted_kept_and_cleared(page, base):
    visit(page, base + LISTS)
    boxes = page.locator("#id10-c1 input")
    boxes.nth(0).check()
    boxes.nth(2).check()
    assert page.locator("#id10-c1 .tick-count").inner_text() == f"2 of {boxes.count()} ticked"
    page.wait_for_timeout(500)
    visit(page)
    assert [boxes.nth(n).is_checked() for n in range(3)] == [True, False, True]
    page.locator("#id10-c1").get_by_role("button", name="Clear the ticks").click()
    assert not page.locator("#id10-c1 input:checked").count()
    page.locator("#id10-c1").get_by_role("button", name="Undo").click()
    assert page.locator("#id10-c1 input:checked").count() == 2


def test_a_tick_of_another_edition_is_not_shown_at_another_item(page, base):
    visit(page, base + LISTS)
    first = page.evaluate("document.querySelector('#id10-c1 .tick-text').textContent.trim()")
    page.evaluate("ticks => sessionStorage.setItem('practitioner-guides:1:id10-c1', JSON.stringify({v: 1, ticks}))", ["An item that is gone", first])
    visit(page)
    assert page.locator("#id10-c1 input:checked").count() == 1 and page.locator("#id10-c1 input").first.is_checked()
    page.locator("#id10-c1 input").nth(1).check()
    page.wait_for_timeout(500)
    page.goto(f"{base}my-notes/")
    assert page.locator(".notes-ticks li").first.inner_text() != "" and "An item that is gone" in page.locator(".notes-ticks").inner_text()


def test_the_print_page_prints_notes_or_lines_as_chosen(page, base):
    visit(page, base + CHAPTER)
    write(page, "id8-n1", "Printed.")
    page.locator("#id8-e1 .answer summary").click()
    write(page, "id8-e1", "An answer.")
    visit(page, base + LISTS)
    page.locator("#id10-c1 input").nth(1).check()
    page.wait_for_timeout(500)
    page.goto(f"{base}identification/print/")
    page.emulate_media(media="print")
    assert page.locator("#id8-n1 .printed-note").inner_text() == "Printed." and not page.locator("#id8-n1 .paper").is_visible()
    assert "An answer." in page.locator("#id8-e1 .printed-note").inner_text()
    assert page.locator("#id8-n2 .paper").is_visible()
    assert page.locator("#id10-c1 input").nth(1).is_checked()
    page.emulate_media(media="screen")
    page.get_by_label("With empty lines").check()
    page.emulate_media(media="print")
    assert not page.locator(".printed-note").count() and page.locator("#id8-n1 .paper").is_visible()
    assert not page.locator("#id10-c1 input:checked").count()
    assert not page.locator(".print-bar").is_visible()


@pytest.mark.parametrize("how", ["button", "keys"])
def test_leaving_drops_the_notes_and_leaves_no_way_back(page, base, how):
    page.goto(base)
    visit(page, base + LISTS)
    visit(page, base + CHAPTER)
    write(page, "id8-n1", "gone")
    if how == "button":
        page.get_by_role("button", name="Leave this page").click()
    else:
        for _ in range(3):
            page.keyboard.press("Escape")
    page.wait_for_url("**/calendar/index.html")
    assert "Practitioner" not in page.content() and "raffick" not in page.content()
    assert page.locator("td.today").count() == 1
    for _ in range(2):
        page.go_back()
        page.wait_for_url("**/calendar/index.html")
        page.wait_for_timeout(200)
        assert "Practitioner" not in page.title()
    visit(page, base + CHAPTER)  # whoever comes on purpose is let in
    assert value(page, "id8-n1") == "" and page.locator("h1").is_visible()


def test_two_escapes_or_three_slow_ones_do_not_leave(page, base):
    visit(page, base + CHAPTER)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_timeout(2200)
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    assert page.url.endswith(CHAPTER)


def test_the_timer_runs_pauses_and_speaks(page, base):
    page.clock.install()
    page.goto(f"{base}{CHAPTER}#id8-e1")
    timer = page.locator("#id8-e1 .timer")
    digits, voice = timer.locator(".timer-digits"), timer.locator("[role=status]")
    assert digits.inner_text() == "20:00"
    timer.get_by_role("button", name="Start the timer").press("Enter")
    assert "20 minutes" in voice.inner_text()
    page.clock.run_for(61_000)
    assert digits.inner_text() == "18:59"
    timer.get_by_role("button", name="Pause").click()
    page.clock.run_for(60_000)
    assert digits.inner_text() == "18:59" and "18 minutes 59 seconds" in voice.inner_text()
    timer.get_by_role("button", name="+1 minute").click()
    assert digits.inner_text() == "19:59"
    timer.get_by_role("button", name="Go on").click()
    page.clock.run_for(15 * 60_000)
    assert "left" in voice.inner_text()
    page.clock.run_for(5 * 60_000)
    assert digits.inner_text() == "0:00" and voice.inner_text() == "Time is up."
    timer.get_by_role("button", name="Reset").click()
    assert digits.inner_text() == "20:00"


def test_the_projector_view_has_an_address_steps_and_no_spoilers(page, base):
    page.goto(f"{base}{CHAPTER}?view=project#id8-e1")
    room = page.locator(".projector")
    room.wait_for()
    assert room.locator("#id8-e1 .block-title").is_visible()
    assert not room.locator(".facilitation").is_visible() and not room.locator(".answer").is_visible()
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.projector .block-title')).fontSize)") > 35
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert room.locator("[aria-current=step]").inner_text().startswith("Mark each one")
    page.keyboard.press("ArrowLeft")
    assert room.locator("[aria-current=step]").inner_text().startswith("Choose ten")
    room.get_by_role("button", name="Close").click()
    room.wait_for(state="detached")  # a dialog says so a moment after the click
    assert page.locator("#id8-e1 .facilitation").is_visible() and "view=" not in page.url
    page.locator("#id8-f1 .project").click()
    page.locator(".projector").locator("svg.drawing").wait_for()
    assert page.url.endswith("?view=project#id8-f1")
    # A slide's link to another block of the same page is no new page for the browser.
    page.evaluate("location.hash = '#id8-e2'")
    page.locator(".projector").locator("#id8-e2").wait_for()
    assert page.locator(".projector").count() == 1
    page.keyboard.press("Escape")
    page.locator(".projector").wait_for(state="detached")
    page.goto(f"{base}go/id8-e2/?view=project")  # what stands on a slide
    page.locator(".projector #id8-e2").wait_for()


def test_progress_is_marked_only_if_wanted(page, base):
    visit(page, base + CHAPTER)
    assert not page.locator(".mark").count()
    page.goto(f"{base}my-notes/")
    page.get_by_label("Mark what I have read and done").check()
    visit(page, base + CHAPTER)
    page.get_by_label("I have read this chapter").check()
    page.locator("#id8-e1").get_by_label("Done").check()
    assert page.locator(".md-nav--primary .mark-read").count() == 1
    page.goto(f"{base}my-notes/")
    assert "1 of 10 chapters read, 1 of 13 exercises done" in page.locator(".notes-progress").inner_text()
    page.get_by_label("Mark what I have read and done").uncheck()
    assert not kept(page)


def test_fingers_can_write_and_tick_on_a_phone(browser, base):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = context.new_page()
    visit(page, base + CHAPTER)
    page.locator("#id8-n1 textarea").tap()
    page.keyboard.type("on a phone")
    page.wait_for_timeout(500)
    page.locator("#id8-n1").get_by_role("link", name="My notes").tap()
    page.locator(".notes-text").wait_for()
    visit(page, base + LISTS)
    page.locator("#id10-c1 .tick").first.tap()
    assert page.locator("#id10-c1 input").first.is_checked()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    small = page.evaluate("""[...document.querySelectorAll(".checklist button, .checklist .tool, .leave")].filter(e => e.checkVisibility())
        .map(e => [e.textContent, e.getBoundingClientRect().height]).filter(([, height]) => height < 36)""")
    assert not small
    page.get_by_role("button", name="Leave this page").tap()
    page.wait_for_url("**/calendar/index.html")
    context.close()


def test_without_script_there_are_lines_and_a_word_of_explanation(browser, base):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base + CHAPTER)
    assert page.locator("#id8-n1 .ruled").is_visible() and not page.locator("textarea, .timer").count()
    assert not page.locator(".leave, .scheme").locator("visible=true").count()
    page.goto(f"{base}my-notes/")
    assert "printed workbook" in page.locator(".my-notes").inner_text()
    page.goto(f"{base}{CHAPTER}?view=project#id8-e1")
    assert page.locator("#id8-e1").is_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_notes_are_written_saved_and_cleared(browser, base, scheme):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900}, reduced_motion="reduce", accept_downloads=True)
    page = context.new_page()
    found = []

    def look(where: str) -> None:
        found.extend(f"{where}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in Axe().run(page).response["violations"])

    visit(page, base + CHAPTER)
    write(page, "id8-n1", "words")
    page.locator("#id8-e1 .answer summary").click()
    write(page, "id8-e1", "words")
    look("notes open")
    page.get_by_role("button", name="Keep on this device").first.click()
    look("the question whether to keep")
    page.get_by_role("button", name="Keep them here").click()
    page.locator("#id8-e1 .project").click()
    look("projector")
    page.get_by_role("button", name="Close").click()
    page.goto(f"{base}my-notes/")
    page.get_by_label("Mark what I have read and done").check()
    with page.expect_download():
        page.get_by_role("button", name="Word document").click()
    look("exported")
    page.get_by_role("button", name="Clear ID8-N1").click()
    look("cleared one")
    page.get_by_role("button", name="Clear all that is shown").click()
    look("cleared all")
    page.get_by_role("button", name="Undo").click()
    page.goto(f"{base}identification/print/")
    page.emulate_media(media="screen")
    look("print page")
    page.goto(f"{base}calendar/")
    look("calendar")
    context.close()
    assert not found, "\n".join(found)


def test_the_words_of_the_interface_stand_in_one_place(series):
    folder = series.docs / "assets" / "scripts"
    source = (folder / "interface.js").read_text(encoding="utf-8")
    words = set(re.findall(r"^      (\w+): \"", source, flags=re.M))
    scripts = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.js") if file.name not in ("interface.js", "library.js")}
    asked = {key for text in scripts.values() for key in re.findall(r"(?:say|button|choice)\((?:true, |false, )?\"(\w+)\"", text)}
    assert asked <= words, f"not in interface.js: {asked - words}"
    everything = "\n".join(scripts.values())
    assert not {word for word in words if f'"{word}"' not in everything}, "words that nobody says"
