"""What a trainer puts on a slide: link kits, spreadsheets, QR codes, and codes as people mistype them; and last
year's slides after a page has moved and content was withdrawn."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import quote, urljoin

import openpyxl
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from lxml import html
from PIL import Image

from guidebook import addresses, linkkit, rules
from guidebook.series import Series

ROOT = Path(__file__).parents[2]
OLD_ADDRESS = Series(ROOT).config["site_url"]
NEW_ADDRESS = "https://next.example.org/training/"  # of the project that moved and withdrew pages


def tree_of(file):
    return html.parse(str(file), parser=html.HTMLParser(encoding="utf-8")).getroot()


def codes_of(series, guide) -> list[str]:
    return [code for code in series.addresses() if re.match(rf"{guide.prefix}\d", code)]


def read_qr(image) -> str:
    found = zxingcpp.read_barcodes(image.convert("L"))
    assert len(found) == 1
    return found[0].text


@pytest.fixture(scope="module")
def base(site, serve):
    return serve(site)


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


# ---------------------------------------------------------------- the link kit and its files


def test_link_kit_has_every_code_of_the_guide_with_title_kind_and_links(site, series, guide):
    file = site / "training" / f"links-{guide.slug}" / "index.html"
    items = tree_of(file).xpath("//li[contains(@class, 'kit-item')]")
    assert [item.get("data-code") for item in items] == codes_of(series, guide)
    blocks = {block.id.upper(): block for page in guide.chapters for block in page.blocks if block.id}
    for item in items:
        code, text = item.get("data-code"), " ".join(item.text_content().split())
        assert item.xpath("string(.//*[@class='chip'])") == code
        block = blocks.get(code)
        assert item.get("data-kind") == (block.name if block else "chapter") and item.get("data-kind").capitalize() in text
        if block:
            assert re.sub(r"[*_`\[\]]", "", block.title) in item.xpath("string(.//*[@class='kit-title'])")
        minutes = block.options.get("minutes") if block else None
        assert (f"{minutes} minutes" in text) == bool(minutes)
        short = item.xpath(".//a[contains(@class, 'copy-link')]")[0]
        assert short.get("data-address") == f"{series.site_url}go/{code.lower()}/"
        for href in item.xpath(".//a/@href"):
            landed = (file.parent / href).resolve()
            assert landed.exists() and landed.is_relative_to(site / "go" / code.lower()), href
    heads = [" ".join(head.text_content().split()) for head in tree_of(file).xpath("//div[contains(@class, 'link-kit')]//h2")]
    assert heads == [f"{page.code} {page.title}" for page in guide.chapters]


def test_search_leads_to_chapters_and_not_into_the_lists_of_codes(site):
    source = (site / "assets" / "search" / "index.js").read_text(encoding="utf-8")
    places = {page[0] for page in json.loads(source.removeprefix("guidebookIndex(").rstrip().removesuffix(");"))["pages"]}
    assert {"go/", "training/links-children/"} <= places
    data = json.loads(source.removeprefix("guidebookIndex(").rstrip().removesuffix(");"))
    assert not [section for section in data["sections"] if section[1].startswith("kit-")]


def test_short_link_copies_the_public_address_wherever_the_kit_is_read(browser, base, series):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{base}training/links-identification/")
    for code in ("id5", "id5-e1"):
        page.locator(f"[data-code='{code.upper()}'] .copy-link").click()
        page.locator(".copy-status").filter(has_text=re.compile(f"{code}/$")).wait_for(state="attached")
        assert page.evaluate("navigator.clipboard.readText()") == f"{series.site_url}go/{code}/"
        assert page.locator(".copied", has_text="Copied").count() == 1
        assert page.locator(f"[data-code='{code.upper()}'] .copied").inner_text() == "Copied"
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_kit_shows_one_kind_at_a_time_and_links_on(browser, base, series, script):
    context = browser.new_context(java_script_enabled=script, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{base}training/links-children/")
    guide = next(guide for guide in series.guides if guide.slug == "children")
    assert page.locator(".kit-item:visible").count() == len(codes_of(series, guide))
    page.get_by_label("Checklists").check()
    shown = page.locator(".kit-item:visible")
    wanted = [block for chapter in guide.chapters for block in chapter.blocks if block.name == "checklist"]
    assert shown.count() == len(wanted)
    assert page.locator(".kit-chapter:visible").count() == len({block.id.split("-")[0] for block in wanted}), "no heading without a row"
    # A row stands in the window, and what can be pressed is as large as a thumb wants it.
    row = shown.first
    for box in (link.bounding_box() for link in row.locator(".tool").all()):
        assert box["height"] >= 40 and box["x"] >= 0 and box["x"] + box["width"] <= 360
    if not script:
        row.locator(".copy-link").click()
        page.wait_for_url(re.compile(f"#{wanted[0].id}$"))
    context.close()


def test_spreadsheet_and_table_hold_every_code_and_its_addresses(site, series, guide):
    folder = site / "downloads" / "links"
    raw = (folder / f"{guide.slug}.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "Excel takes it for UTF-8 by this mark alone"
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [row["Code"] for row in rows] == codes_of(series, guide)
    sheet = openpyxl.load_workbook(folder / f"{guide.slug}.xlsx").active
    heads = [cell.value for cell in sheet[1]]
    assert heads == list(rows[0]) and sheet.freeze_panes == "B2" and sheet.print_title_rows == "$1:$1"
    titles = addresses.titles(series)
    for row, cells in zip(rows, sheet.iter_rows(min_row=2), strict=True):
        assert [str(cell.value if cell.value is not None else "") for cell in cells] == list(row.values())
        short = f"{series.site_url}go/{row['Code'].lower()}/"
        assert [cell.hyperlink.target for cell in cells if cell.hyperlink] == [short, f"{short}qr.svg", f"{short}qr.png"]
        assert row["Title"] == re.sub(r"[*_`\[\]]", "", titles[row["Code"]]) and row["Chapter"] == row["Code"].split("-")[0]
        assert (row["Kind"] == "Exercise") == bool(row["Minutes"])
    for column in ("Code", "Kind", "Chapter", "Short link"):
        longest = max(len(row[column]) for row in rows)
        letter = openpyxl.utils.get_column_letter(heads.index(column) + 1)
        assert sheet.column_dimensions[letter].width >= longest, column


def test_spreadsheet_holds_no_clock(site, series):
    file = site / "downloads" / "links" / "identification.xlsx"
    with zipfile.ZipFile(file) as archive:
        assert {"-".join(f"{part:02}" for part in entry.date_time[:3]) for entry in archive.infolist()} == {series.edition}
    properties = openpyxl.load_workbook(file).properties
    assert properties.created.date().isoformat() == properties.modified.date().isoformat() == series.edition


def test_every_code_has_a_qr_code_that_a_camera_reads_even_on_a_dark_slide(site, series):
    for code in addresses.read(series.root)["codes"]:
        image = Image.open(site / "go" / code.lower() / "qr.png")
        assert 500 <= image.width <= 700 and image.width == image.height
        slide = Image.new("L", (image.width + 200, image.height + 200), 20)
        slide.paste(image.convert("L"), (100, 100))
        assert read_qr(slide) == f"{series.site_url}go/{code.lower()}/"


def test_qr_codes_are_framed_by_four_modules_of_white(site, page):
    image = Image.open(site / "go" / "id5-e1" / "qr.png").convert("1")
    black = image.convert("L").point(lambda value: 255 - value).getbbox()
    module = (black[2] - black[0]) / 33  # version 4, which fits our addresses
    assert black[0] == black[1] == pytest.approx(4 * module) and image.width - black[2] == pytest.approx(4 * module)
    page.goto((site / "go" / "id5-e1" / "qr.svg").as_uri())
    page.emulate_media(color_scheme="dark")
    assert read_qr(Image.open(io.BytesIO(page.screenshot()))).endswith("/go/id5-e1/")


def test_qr_cards_print_on_a4_whole_labelled_and_readable(browser, base, series, guide):
    import pikepdf

    page = browser.new_context(viewport={"width": 794, "height": 1123}).new_page()
    page.goto(f"{base}downloads/links/{guide.slug}-qr.html")
    assert not Axe().run(page).response["violations"]
    cards = page.locator(".qr-cards li")
    codes = codes_of(series, guide)
    assert cards.locator("strong").all_inner_texts() == codes
    page.emulate_media(media="print")
    for place in (0, len(codes) // 2, len(codes) - 1):
        card = cards.nth(place)
        assert read_qr(Image.open(io.BytesIO(card.locator("svg").screenshot()))) == f"{series.site_url}go/{codes[place].lower()}/"
        assert f"go/{codes[place].lower()}" in card.inner_text()
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as pdf:
        boxes = {tuple(round(float(value)) for value in sheet.mediabox) for sheet in pdf.pages}
        assert boxes <= {(0, 0, 595, 842), (0, 0, 596, 842), (0, 0, 595, 841)}
        assert len(pdf.pages) <= len(codes) / 9 + 1, "three a row and three rows or more a sheet"
    # Nothing of a card stands outside it.
    assert page.evaluate("[...document.querySelectorAll('.qr-cards li')].every(c => c.scrollHeight <= c.clientHeight + 1 && c.scrollWidth <= c.clientWidth + 1)")
    page.context.close()


def test_one_setting_holds_the_public_address(project, tmp_path):
    config = project / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(f"site_url: {OLD_ADDRESS}", f"site_url: {NEW_ADDRESS}"), encoding="utf-8")
    series, out = Series(project), tmp_path / "files"
    assert linkkit.write_files(series, out) >= len(series.addresses())
    assert read_qr(Image.open(out / "go" / "ch3" / "qr.png")) == f"{NEW_ADDRESS}go/ch3/"
    folder = out / "downloads" / "links"
    for file in [*folder.glob("*.csv"), *folder.glob("*.html")]:
        written = file.read_text(encoding="utf-8")
        assert OLD_ADDRESS not in written and "next.example.org/training/go/" in written
    sheet = openpyxl.load_workbook(folder / "children.xlsx").active
    assert all(row[5].hyperlink.target.startswith(NEW_ADDRESS) for row in sheet.iter_rows(min_row=2))


# ---------------------------------------------------------------- codes as people type them

# What was typed, and the code that it can only mean.
MEANT = {
    "ID5E1": "ID5-E1", "id-5-e1": "ID5-E1", "ID5–E1": "ID5-E1", "ID5—E1": "ID5-E1", "id5_e1": "ID5-E1", "ID 5 E1": "ID5-E1",
    "ＩＤ５−Ｅ１": "ID5-E1", "id5.e1": "ID5-E1", " id05-e01 ": "ID5-E1", "lD5-El": "ID5-E1", "1d5-e1": "ID5-E1", "ID1O": "ID10", "idlo": "ID10",
    "P55": "PS5", "go/ch3/": "CH3", "https://practitioner-guides.example/go/rr4-n1/": "RR4-N1", "ID5 exercise 1": "ID5-E1",
    "chapter ID5": "ID5", "How to use": "how-to-use", "Downloads": "downloads",
}  # fmt: skip
# What was typed and is no code, and codes that must be offered, the first of them first.
NEAR = {
    "ID99": ["ID9"], "ID5-E9": ["ID5-E1", "ID5"], "DI5": ["ID5"], "IDS": ["ID5"], "ID": ["ID1"], "ID5-X1": ["ID5-F1", "ID5-E1", "ID5-N1"],
    "IT5": ["ID5"], "RR44": ["RR4"], "CH3N99": ["CH3"],
}  # fmt: skip


def offered(page) -> list[str]:
    return page.eval_on_selector_all(".code-results a", "links => links.map(link => link.dataset.code)")


def test_a_code_in_any_spelling_finds_its_page(page, base):
    page.goto(f"{base}go/")
    missed = {}
    for typed, code in MEANT.items():
        page.get_by_label("The code on your slide or page").fill(typed)
        page.wait_for_timeout(400)
        if offered(page) != [code]:
            missed[typed] = offered(page)
    assert not missed
    page.get_by_label("The code on your slide or page").fill("id 5 e 1")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("identification/why-not-identified/(index.html)?#id5-e1$"))


def test_a_code_that_is_not_there_finds_the_nearest(page, base, series):
    page.goto(f"{base}go/")
    titles = addresses.titles(series)
    for typed, codes in NEAR.items():
        page.get_by_label("The code on your slide or page").fill(typed)
        page.wait_for_timeout(400)
        found = offered(page)
        assert found and set(codes) <= set(found) and (len(codes) > 2 or found[0] == codes[0]), (typed, found)
        assert len(found) <= 6
        status = page.get_by_role("status").filter(has_text="There is no code")
        assert typed in status.inner_text()
        for code, text in zip(found, page.locator(".code-results li").all_inner_texts(), strict=True):
            assert re.sub(r"[*_`\[\]]", "", titles[code]) in text
    page.locator(".code-results a").first.click()
    page.wait_for_url(re.compile("/children/legal-obligations/"))


def test_what_is_like_no_code_leads_to_the_lists(page, base):
    page.goto(f"{base}go/?code={quote('weather tomorrow')}")
    assert not offered(page) and "All codes are in the lists below" in page.get_by_role("status").filter(has_text="weather").inner_text()


def test_typed_text_is_never_markup(page, base):
    bad = "<img src=x onerror=window.hit=1>ID5"
    for address in (f"{base}go/?code={quote(bad)}", f"{base}go/{quote(bad, safe='')}"):
        page.goto(address)
        page.locator(".code-status").filter(has_text=re.compile(r"\w")).wait_for()
        page.wait_for_timeout(200)
        assert page.evaluate("window.hit") is None and not page.locator("article img").count()
        assert "<img" in page.locator(".code-status").inner_text()


@pytest.mark.parametrize("typed", ["id5e1", "ID5-E1", "ID5–E1/", "id5_e1/index.html", "ID%205%20E1", "lD5El"])
def test_a_mistyped_short_address_arrives(page, base, typed):
    page.goto(f"{base}go/{quote(typed, safe='/%')}")
    page.wait_for_url(re.compile("identification/why-not-identified/index.html#id5-e1$"))


@pytest.mark.parametrize("path", ["go/ID99/", "go/id99/deeper/still/", "ID99", "identification/ID99/"])
def test_an_address_with_a_code_that_is_not_there_offers_the_nearest(page, base, path):
    page.goto(base + path)
    page.wait_for_url(re.compile(r"/go/\?code="))
    page.locator(".code-results a").first.wait_for()
    assert "ID9" in offered(page)


@pytest.mark.parametrize("path", ["nothing/at/all/", "go%FF/x", "identification/who-is-missing/", "all"])
def test_a_lost_reader_without_a_code_stays_and_can_type_one(page, base, path):
    page.goto(base + path)
    page.wait_for_timeout(300)
    assert page.locator("h1").inner_text() == "This page is not here"
    # Its styles and links are right at any depth.
    assert page.evaluate("getComputedStyle(document.querySelector('.code-form')).display") == "flex"
    for link in page.locator("article a").all():
        assert page.request.get(urljoin(base, link.get_attribute("href"))).ok
    page.get_by_label("The code on your slide or page").fill("ps 4")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("protection/"))


def test_without_script_all_codes_are_listed_and_the_field_of_a_lost_reader_leads_there(browser, base, series):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}go/ID5E1")
    page.get_by_label("The code on your slide or page").fill("ID5E1")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url(re.compile(r"/go/\?code=ID5E1$"))
    assert not page.locator(".code-form").is_visible() and "two letters and a number" in page.locator("article").inner_text()
    listed = page.eval_on_selector_all(".code-list a", "links => links.map(link => link.dataset.code)")
    assert sorted(listed) == sorted(series.addresses())
    page.locator("summary", has_text="Trafficking Victim Identification").click()
    page.locator(".code-list a[data-code='ID5-E1']").click()
    page.wait_for_url(re.compile("why-not-identified/index.html#id5-e1$"))
    context.close()


def test_codes_are_found_from_a_usb_stick(page, site):
    page.goto((site / "go" / "index.html").as_uri())
    page.get_by_label("The code on your slide or page").fill("id5e1")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("^file:.*/identification/why-not-identified/index.html#id5-e1$"))


def test_only_the_two_pages_for_codes_load_their_script(site):
    loading = {file.relative_to(site).as_posix() for file in site.rglob("*.html") if "scripts/codes.js" in file.read_text(encoding="utf-8")}
    assert loading == {"404.html", "go/index.html"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_answers_are_accessible_and_no_wider_than_a_phone(browser, base, scheme):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page = context.new_page()
    for path in ("go/?code=ID5-E9", "go/?code=ID99", f"go/?code={'W' * 60}", "nothing/here/", "training/links-reintegration/"):
        page.goto(base + path)
        page.wait_for_timeout(200)
        if path.startswith("go/"):
            page.locator("summary").first.click()
        assert not Axe().run(page).response["violations"], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    context.close()


# ---------------------------------------------------------------- last year's slides


@pytest.fixture(scope="module")
def next_year(tmp_path_factory) -> Path:
    """The project a year later, served below a folder: a chapter moved and a notepad and a page withdrawn, each as
    CONTRIBUTING.md tells it, then built. Returns its folder; the site is in `out/`."""
    root = tmp_path_factory.mktemp("next-year")
    for name in ("mkdocs.yml", "addresses.yml"):
        shutil.copy(ROOT / name, root / name)
    shutil.copytree(ROOT / "docs", root / "docs")
    for name in ("evidence", "overrides", "guidebook"):
        os.symlink(ROOT / name, root / name)

    def edit(file: Path, old: str, new: str) -> None:
        text = file.read_text(encoding="utf-8")
        assert old in text, f"the test no longer fits {file.name}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    edit(root / "mkdocs.yml", f"site_url: {OLD_ADDRESS}", f"site_url: {NEW_ADDRESS}")
    # Moved: a new file name, nav, and what `make check` names.
    (root / "docs/identification/who-is-missed.md").rename(root / "docs/identification/people-not-seen.md")
    edit(root / "mkdocs.yml", "identification/who-is-missed.md", "identification/people-not-seen.md")
    told = {root / problem.file for problem in rules.check(Series(root)) if "who-is-missed.md" in problem.problem}
    assert told
    for file in told:
        edit(file, "who-is-missed.md", "people-not-seen.md")
    # Withdrawn: a notepad, for another with a code of its own; and a page whose source went earlier.
    edit(root / "docs/identification/people-not-seen.md", "    id: id4-n2\n", "    id: id4-n3\n")
    edit(root / "addresses.yml", "codes:\n", "codes:\n  theme-old: themes/old/\n")
    edit(root / "addresses.yml", "retired: {}", "retired:\n  ID4-N2: ID4-N3\n  theme-old: theme-disability")
    before = addresses.read(root)["codes"]
    change = addresses.update(Series(root))
    assert change.moved == {"identification/who-is-missed/": "ID4"} and change.new == ["ID4-N3"] and not change.gone
    assert set(before) < set(addresses.read(root)["codes"]), "no line is lost"
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(root / "out")],
        cwd=root, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    return root


@pytest.fixture(scope="module")
def later(next_year, serve):
    return serve(next_year / "out", base="/training/")


def test_the_ledger_of_a_moved_page_passes_the_check(next_year):
    assert not rules.check(Series(next_year))


# An address on last year's slide -> the element it must bring into view (none: the page itself).
SLIDES = {
    "identification/who-is-missed/": "",
    "go/id4/": "",
    "go/id4-e1/": "id4-e1",
    "identification/who-is-missed/#id4-e1": "id4-e1",
    "identification/who-is-missed/index.html#id4-f2": "id4-f2",
    "identification/who-is-missed/#id4-n2": "id4-n2",  # withdrawn since: what took its place bears its name
    "go/ID4E1": "id4-e1",
}


@pytest.mark.parametrize("slide", SLIDES)
def test_last_years_slide_arrives(page, later, next_year, slide):
    page.goto(later + slide)
    page.wait_for_url(re.compile("/identification/people-not-seen/"))
    page.wait_for_load_state("load")
    assert page.locator("article h1").inner_text() == Series(next_year).by_path["identification/people-not-seen.md"].title
    if element := SLIDES[slide]:
        assert page.url.endswith(f"#{element}")
        target = page.locator(f"#{element}")
        assert target.count() == 1
        page.wait_for_timeout(300)  # it scrolls
        top = page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", element)
        assert -5 <= top < page.viewport_size["height"]


def test_a_moved_page_leads_on_without_script_and_from_a_usb_stick(browser, later, next_year):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{later}identification/who-is-missed/#id4-e1")
    page.wait_for_url(re.compile("/identification/people-not-seen/"))
    context.close()
    page = browser.new_context().new_page()
    page.goto((next_year / "out/identification/who-is-missed/index.html").as_uri() + "#id4-e1")
    page.wait_for_url(re.compile("^file:.*/people-not-seen/index.html#id4-e1$"))
    page.context.close()


def test_a_withdrawn_code_says_so_and_leads_to_what_took_its_place(page, later, next_year):
    page.goto(f"{later}go/id4-n2/")
    page.wait_for_timeout(500)
    assert page.url.endswith("/go/id4-n2/"), "it is read, not passed through"
    assert page.locator("h1").inner_text() == "ID4-N2"
    assert "was withdrawn" in page.locator("main").inner_text() and "ID4-N3" in page.locator("main").inner_text()
    assert not Axe().run(page).response["violations"]
    page.locator("main a").click()
    page.wait_for_url(re.compile("people-not-seen/index.html#id4-n3$"))
    listed = page.goto(f"{later}go/") and page.locator(".code-list a[data-code='ID4-N2']").text_content()
    assert "withdrawn; ID4-N3 took its place" in listed
    kit = (next_year / "out/training/links-identification/index.html").read_text(encoding="utf-8")
    assert "id4-n3" in kit and "id4-n2" not in kit, "nobody puts a withdrawn code on a new slide"


def test_a_withdrawn_page_says_so_at_its_own_address_too(page, later):
    for address in ("themes/old/", "go/theme-old/"):
        page.goto(later + address)
        assert "What stood under theme-old was withdrawn" in page.locator("main").inner_text()
        page.locator("main a").click()
        page.wait_for_url(re.compile("themes/disability/"))


def test_a_lost_reader_below_a_folder_finds_the_code(page, later):
    page.goto(f"{later}some/where/deep/")
    assert page.locator("h1").inner_text() == "This page is not here"
    assert page.evaluate("getComputedStyle(document.querySelector('.code-form')).display") == "flex"
    page.goto(f"{later}go/ID5–E1")
    page.wait_for_url(re.compile("/training/identification/why-not-identified/index.html#id5-e1$"))
