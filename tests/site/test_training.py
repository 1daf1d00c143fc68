"""What a trainer meets: plans that can be run, forms to hand out, and the handbook."""

from __future__ import annotations

import itertools
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pdfua
import pikepdf
import pytest
from lxml import html
from test_pdf import destinations, outline, words_of

from guidebook import handbook, training
from guidebook.series import Series, url_of

LENGTHS = ("60", "half", "two")


def tree_of(file):
    return html.parse(str(file), parser=html.HTMLParser(encoding="utf-8")).getroot()


def words(element) -> str:
    return " ".join(element.text_content().split())


def text_of(file) -> list[str]:
    """The words of each page, in reading order and on one line."""
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
    return [" ".join(page.split()) for page in text.split("\f")]


@pytest.fixture(scope="module")
def plans(site, series):
    """Each session of the built pages: (its page, its element)."""
    return [
        (page, session)
        for page in training.pages(series, "plans")
        for session in tree_of(site / url_of(page.path) / "index.html").xpath("//section[@class='session']")
    ]


# ---------------------------------------------------------------- plans


def test_each_guide_and_each_team_has_a_plan_of_each_length(series, plans):
    owners = [guide.prefix.lower() for guide in series.guides] + list(training.TEAMS)
    assert sorted(session.get("id") for _, session in plans) == sorted(f"plan-{owner}-{length}" for owner in owners for length in LENGTHS)


def test_each_code_of_a_plan_leads_to_what_it_names(site, series, plans):
    seen = 0
    for page, session in plans:
        here = site / url_of(page.path)
        for link in session.xpath(".//a[@class='code-link']"):
            parts = urlsplit(link.get("href"))
            target = tree_of((here / parts.path / "index.html").resolve())
            name, _, title = words(link).partition(" ")
            known = series.coded[name]
            if title:  # in the list of material the code alone is the link
                assert title == known.title
            if parts.fragment:
                assert target.xpath(f"//*[@id='{parts.fragment}'][@data-code='{name}']"), (page.path, name)
            else:
                assert words(target.xpath("//h1")[0]).startswith(known.page.title)
            seen += 1
    assert seen > 100


def test_the_clock_of_a_plan_is_right_and_its_times_add_up(plans):
    for _, session in plans:
        total = 0
        for table in session.xpath(".//table[@class='plan']"):
            now = 0
            for row in table.xpath("./tbody/tr[not(@class)]"):
                clock, minutes, *_ = (words(cell) for cell in row)
                assert clock == f"{now // 60}:{now % 60:02}", session.get("id")
                now += int(minutes.removesuffix(" min"))
            assert words(table.xpath("./tbody/tr[@class='plan-end']")[0]) == f"{now // 60}:{now % 60:02} End"
            total += now
        assert total == int(session.get("data-minutes")), session.get("id")


def test_on_a_phone_the_rows_of_a_plan_stack(site, serve, browser, series):
    address = serve(site)
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=True)
    page = context.new_page()
    for source in training.pages(series, "plans"):
        page.goto(address + url_of(source.path))
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, source.path
        row = page.locator("table.plan tbody tr[data-code]").first
        clock, minutes, code, what = (cell.bounding_box() for cell in row.locator("td").all())
        assert abs(clock["y"] - minutes["y"]) < 4 and clock["y"] < code["y"] < what["y"], source.path
        assert code["x"] == what["x"] == clock["x"] and what["width"] > 260
    context.close()


# ---------------------------------------------------------------- questions


@pytest.fixture(scope="module")
def questions(site, guide):
    tree = tree_of(site / "training" / f"evaluation-{guide.slug}" / "index.html")
    return tree.xpath("//section[@class='question']")


def test_answers_are_folded_and_open_without_script(site, serve, browser, guide):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{serve(site)}training/evaluation-{guide.slug}/")
    answers = page.locator("details.answer")
    assert answers.count() == training.QUESTIONS
    body = answers.first.locator(".answer-body")
    assert not body.is_visible()
    answers.first.locator("summary").click()
    assert body.is_visible()
    context.close()


def test_each_answer_is_one_of_the_options_and_leads_to_a_chapter(site, guide, questions):
    chapters = {url_of(page.path) for page in guide.chapters}
    for question in questions:
        right = question.xpath("./details[@class='answer']/@data-right")[0]
        options = question.xpath("./div[@class='block-body']/ol[@class='options']/li")
        assert right in training.LETTERS[: len(options)] and 3 <= len(options) <= 4
        links = question.xpath("./details//a/@href")
        assert any(link.replace("../", "").partition("#")[0] in chapters for link in links), question.get("id")


def test_the_right_letters_of_a_form_make_no_pattern(questions):
    """Whoever ticks the same letter throughout does not do well, and neither does who picks the longest option."""
    right = [question.xpath("./details/@data-right")[0] for question in questions]
    assert max(right.count(letter) for letter in training.LETTERS) <= 5, right


# ---------------------------------------------------------------- forms on paper


def form_of(site, guide):
    return site / "downloads" / f"{guide.slug}-evaluation.pdf"


def test_a_form_is_one_sheet_and_its_key_another(site, guide, questions):
    pages = text_of(form_of(site, guide))
    front, back, key = pages[0], pages[1], pages[2]
    for number, question in enumerate(questions):
        side = front if number < 5 else back
        assert " ".join(words(question.xpath(".//p[@class='block-title']")[0]).split()) in side
        for option in question.xpath(".//ol/li"):
            assert words(option) in side
    assert "Answer key" in key and "Answer key" not in front + back
    assert len([page for page in pages if page]) == 3


def test_the_boxes_of_a_form_say_what_they_tick_before_and_after(site, guide, questions):
    with pikepdf.open(form_of(site, guide)) as pdf:
        labels = [str(field.TU) for field in pdf.Root.AcroForm.Fields]
        names = [str(field.T) for field in pdf.Root.AcroForm.Fields]
    options = [(q.get("data-number"), words(option)) for q in questions for option in q.xpath(".//ol/li")]
    assert len(names) == len(set(names)) == 2 * len(options) + 1
    for number, option in options:
        for when in ("before", "after"):
            assert any(label.startswith(f"Question {number}, {when}:") and label.endswith(option) for label in labels), (number, when, option)
    assert "My code word, in place of my name" in labels


def links_out(file) -> list[str]:
    with pikepdf.open(file) as pdf:
        return [str(note.A.URI) for page in pdf.pages for note in page.get("/Annots", []) if "/URI" in note.get("/A", {})]


def test_the_key_gives_the_letters_of_the_page_and_links_that_arrive(site, series, guide, questions):
    key = text_of(form_of(site, guide))[2]
    links = links_out(form_of(site, guide))
    assert links
    for link in links:
        assert link.startswith(series.site_url) and (site / link.removeprefix(series.site_url) / "index.html").exists(), link
    for question in questions:
        number, right = question.get("data-number"), question.xpath("./details/@data-right")[0]
        why = words(question.xpath("./details//p[not(@class)]")[0])
        assert f"{number} {right} {why[:40]}" in key, number
    chapters = {page.code.lower() for page in guide.chapters}
    assert {link.rstrip("/").rpartition("/")[2].partition("-")[0] for link in links} <= chapters


def test_the_feedback_form_is_one_page_and_asks_for_no_name(site, series):
    file = site / "downloads" / "feedback.pdf"
    pages = [page for page in text_of(file) if page]
    assert len(pages) == 1 and "Write no name" in pages[0]
    asked = [block.title for block in series.by_path["training/feedback.md"].blocks if block.name == "write-in"]
    assert len(asked) >= 4 and all(title in pages[0] for title in asked)
    with pikepdf.open(file) as pdf:
        labels = [str(field.TU) for field in pdf.Root.AcroForm.Fields]
        assert all(any(label.startswith(title) for label in labels) for title in asked)
        assert len(labels) == len(set(labels))


# ---------------------------------------------------------------- the handbook


@pytest.fixture(scope="module")
def book(site):
    return site / "downloads" / f"{handbook.NAME}.pdf"


@pytest.fixture(scope="module")
def book_pages(book):
    return text_of(book)


@pytest.fixture(scope="module")
def book_html(series, site):
    return html.fromstring(handbook.compose_handbook(series, site))


def happenings(book, number: int) -> str:
    """What stands in the last column of the plans on a page; empty if no table there has its head."""
    found = words_of(book, number)
    heads = [x for (word, x, _), (after, _, _) in itertools.pairwise(found) if (word, after) == ("What", "happens")]
    return " ".join(word for word, x, _ in found if x >= min(heads) - 11) if heads else ""


def test_the_handbook_holds_every_plan_and_no_row_is_parted(book, book_pages, plans):
    columns = [happenings(book, number) for number in range(1, len(book_pages))]
    for _, session in plans:
        title = words(session.xpath(".//p[@class='block-title']")[0])
        rows = [words(row[-1]) for row in session.xpath(".//table[@class='plan']/tbody/tr[not(@class)]")]
        begun = [column for page, column in zip(book_pages, columns, strict=False) if title in page and rows[0] in column]
        assert begun, f"{title} stands apart from its plan"
        for what in rows:
            assert any(what.replace(" ", "") in column.replace(" ", "") for column in columns), f"{title}: a row is parted, or its table goes on without its head: {what}"


def test_the_handbook_holds_the_notes_on_every_exercise(site, series, book_html, book_pages):
    text = " ".join(book_pages)
    count = 0
    for guide in series.guides:
        for page in guide.chapters:
            for exercise in tree_of(site / url_of(page.path) / "index.html").xpath("//section[@class='exercise']"):
                code = exercise.get("data-code")
                entry = book_html.xpath(f"//section[@id='notes-{code.lower()}']")[0]
                known = series.coded[code]
                assert words(entry.xpath("./h3")[0]) == f"{code} {known.title}"
                assert words(entry.xpath("./p[@class='note-meta']")[0]).startswith(f"{known.minutes} minutes")
                first = exercise.xpath(".//div[@class='facilitation-body']/*[1]/text()[1]")[0].split()
                assert " ".join(first[:6]) in text, code
                count += 1
    assert count >= 80


def test_an_exercise_in_a_plan_leads_to_its_notes_with_their_page(book, book_html, book_pages):
    links = book_html.xpath("//table[contains(@class, 'plan')]//a[starts-with(@class, 'notes-link code-link')]")
    assert len(links) > 40
    with pikepdf.open(book) as pdf:
        where = destinations(pdf)
    text = " ".join(book_pages)
    for link in links:
        assert f"{words(link)} (notes: p. {where[link.get('href')[1:]]})".replace("\xa0", " ") in text.replace("\xa0", " "), words(link)


def test_the_contents_of_the_handbook_are_its_bookmarks_and_their_pages_are_right(book, book_html):
    wanted = []
    for item in book_html.xpath("//nav[@class='contents']/ol/li"):
        wanted.append((1, words(item.xpath("./a/text()[normalize-space()]/..")[0]).removeprefix(item.xpath("string(./a/span)"))))
        wanted += [(2, words(a)) for a in item.xpath("./ol/li/a")]
    with pikepdf.open(book) as pdf:
        assert [(level, " ".join(title.split())) for level, title in outline(pdf)] == wanted
        where, height = destinations(pdf), float(pdf.pages[0].MediaBox[3])
        listed = {a.get("href")[1:] for a in book_html.xpath("//nav[@class='contents']//a")}
        checked = set()
        for number in (3, 4):
            printed = words_of(book, number)
            for note in pdf.pages[number - 1].get("/Annots", []):
                name = str(note.get("/Dest", note.get("/A", {}).get("/D", "")))
                x0, y0, x1, y1 = (float(value) for value in note.Rect)
                top, bottom = height - max(y0, y1), height - min(y0, y1)
                numbers = [text for text, x, y in printed if min(x0, x1) <= x <= max(x0, x1) and top <= y <= bottom and text.isdigit()]
                if name in listed and numbers:  # an entry has a rectangle, and so has each part of it
                    assert numbers[-1] == str(where[name]), name
                    checked.add(name)
    assert checked == listed


def test_each_form_of_the_handbook_can_be_copied_as_one_sheet(series, book_pages):
    """It begins on a right-hand page, and the answers are not on its back."""
    for guide in series.guides:
        front = next(n for n, page in enumerate(book_pages, 1) if f"Before and after: {guide.title} Ten questions" in page)
        key = next(n for n, page in enumerate(book_pages, 1) if f"Answer key: {guide.title} Count" in page)
        assert front % 2 == 1 and key == front + 2


# ---------------------------------------------------------------- every file for trainers


FILES = [f"{guide.slug}-evaluation" for guide in Series(Path(__file__).parents[2]).guides] + ["feedback", handbook.NAME]


@pytest.mark.parametrize("name", FILES)
def test_every_file_for_trainers_is_accessible_and_whole(site, series, name):
    file = site / "downloads" / f"{name}.pdf"
    report = pdfua.validate(str(file))
    found = [f"{f.rule_id}: {f.message}" for f in report.findings if f.severity >= pdfua.Severity.WARNING]
    assert not found, "\n".join(found[:10])
    fonts = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts and all(re.search(r"\s(yes|no)\s+(yes|no)\s+(yes|no)\s", row)[1] == "yes" for row in fonts)
    with pikepdf.open(file) as pdf:
        assert str(pdf.Root.Lang) == "en" and str(pdf.docinfo.Title).endswith(series.config["site_name"])
        for field in pdf.Root.AcroForm.Fields:
            assert " " in str(field.TU) and str(field.TU) != str(field.T)
    assert not [link for link in links_out(file) if not link.startswith(("https://", "http://", "mailto:"))]


@pytest.mark.parametrize("name", FILES)
def test_every_file_for_trainers_is_on_the_downloads_page(site, name):
    links = tree_of(site / "downloads" / "index.html").xpath("//div[@class='downloads']//a/@href")
    assert f"{name}.pdf" in links and (site / "downloads" / f"{name}.pdf").exists()
