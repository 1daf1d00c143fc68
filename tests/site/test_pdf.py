"""The workbook as a reader of PDFs meets it: fields, bookmarks, page numbers, tags, fonts."""

from __future__ import annotations

import itertools
import re
import subprocess

import pdfua
import pikepdf
import pytest
from lxml import etree, html

from guidebook.compose import compose, paper_article
from guidebook.pdf import render


@pytest.fixture(scope="module")
def file(site, guide):
    return site / "downloads" / f"{guide.slug}.pdf"


@pytest.fixture(scope="module")
def document(series, guide, site):
    return html.fromstring(compose(series, guide, site))


@pytest.fixture(scope="module")
def page_texts(file):
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    return text.split("\f")


def fields(pdf):
    return list(pdf.Root.AcroForm.Fields)


def test_one_field_for_each_notepad_and_tick_box(file, guide, document):
    notepads = [b for page in guide.chapters for b in page.blocks if b.name == "notepad"]
    boxes = document.xpath("//section[contains(@class, 'checklist')]//li")
    with pikepdf.open(file) as pdf:
        found = fields(pdf)
        names = [str(field.T) for field in found]
        assert len(names) == len(set(names)) == len(notepads) + len(boxes)
        for field in found:
            label = str(field.TU)
            assert " " in label and label != str(field.T), label
        for notepad in notepads:
            field = next(f for f in found if str(f.T) == notepad.id.upper())
            assert notepad.title.strip() in str(field.TU)
            assert int(field.Ff) & (1 << 12), "a notepad takes more than one line"


def outline(pdf):
    with pdf.open_outline() as tree:
        def walk(items, level):
            for item in items:
                yield level, item.title
                yield from walk(item.children, level + 1)

        return list(walk(tree.root, 1))


def test_bookmarks_equal_the_contents(file, document):
    wanted = []
    for item in document.xpath("//nav[@class='contents']/ol/li"):
        title = item.xpath("./a")[0]
        code = title.xpath("./span[@class='toc-code']")
        wanted.append((1, title.text_content().replace(code[0].text if code else "", "", 1).strip()))
        wanted += [(2, a.text_content().strip()) for a in item.xpath("./ol/li/a")]
    with pikepdf.open(file) as pdf:
        assert [(level, " ".join(title.split())) for level, title in outline(pdf)] == wanted


def words_of(file, number: int) -> list[tuple[str, float, float]]:
    """The words of a page with their middle, in points from the top left."""
    listing = subprocess.run(
        ["pdftotext", "-bbox", "-f", str(number), "-l", str(number), str(file), "-"], capture_output=True, check=True
    ).stdout
    return [
        (word.text, (float(word.get("xMin")) + float(word.get("xMax"))) / 2, (float(word.get("yMin")) + float(word.get("yMax"))) / 2)
        for word in etree.fromstring(listing).iter("{*}word")
    ]


def destinations(pdf) -> dict[str, int]:
    """Named destination -> page number."""
    numbers = {page.objgen: n for n, page in enumerate(pdf.pages, 1)}
    return {str(name): numbers[(target.D if isinstance(target, pikepdf.Dictionary) else target)[0].objgen]
            for name, target in pikepdf.NameTree(pdf.Root.Names.Dests).items()}  # fmt: skip


def test_contents_page_numbers_are_the_real_ones(file, document):
    """Each line of the contents, at both levels: the number printed is that of the page its link leads to."""
    entries = len(document.xpath("//nav[@class='contents']//a"))
    checked = 0
    with pikepdf.open(file) as pdf:
        where = destinations(pdf)
        height = float(pdf.pages[0].MediaBox[3])
        for number in (3, 4):
            words, lines = words_of(file, number), {}
            for note in pdf.pages[number - 1].get("/Annots", []):
                name = str(note.get("/Dest", note.get("/A", {}).get("/D", "")))
                if name in where:  # the entry and its parts each have a rectangle: the widest is the entry
                    box = [float(value) for value in note.Rect]
                    lines[name] = max(lines.get(name, box), box, key=lambda b: b[2] - b[0])
            for name, (x0, y0, x1, y1) in lines.items():
                top, bottom = height - max(y0, y1), height - min(y0, y1)
                inside = [text for text, x, y in words if x0 <= x <= x1 and top <= y <= bottom]
                printed = [text for text in inside if text.isdigit()]
                assert printed and printed[-1] == str(where[name]), (inside, where[name])
                checked += 1
    assert checked == entries


def test_pdf_ua_finds_nothing(file):
    report = pdfua.validate(str(file))
    found = [f"{f.rule_id}: {f.message}" for f in report.findings if f.severity >= pdfua.Severity.WARNING]
    assert not found, "\n".join(found[:10])


def test_every_font_is_embedded_and_ours(file):
    """A character that our faces lack would come from the building machine's fonts, and look different on each."""
    listing = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True).stdout
    rows = listing.splitlines()[2:]
    assert rows
    for row in rows:
        assert re.search(r"\s(yes|no)\s+(yes|no)\s+(yes|no)\s", row)[1] == "yes", row
        assert re.match(r"(\w+\+)?Source-?(Sans|Serif)", row), row


def test_no_line_breaks_early(file, document):
    """A line inside a sentence ends only where the next word would not fit. (Lines of a drawing are its author's.)"""
    drawn = {" ".join(t.text_content().split()) for t in document.xpath("//figure//*[local-name()='text']")}
    listing = subprocess.run(["pdftotext", "-bbox-layout", str(file), "-"], capture_output=True, check=True).stdout
    early, lines_seen = [], 0
    for number, page in enumerate(etree.fromstring(listing).iter("{*}page"), 1):
        for block in page.iter("{*}block"):
            lines = [
                [(word.text, float(word.get("xMin")), float(word.get("xMax"))) for word in line.iter("{*}word")]
                for line in block.iter("{*}line")
            ]
            edge = max(line[-1][2] for line in lines)
            for line, following in itertools.pairwise(lines):
                lines_seen += 1
                last, first = line[-1], following[0]
                words = " ".join(word[0] for word in line)
                if last[0][-1] in ".:?!;" or not first[0][0].islower() or words in drawn:
                    continue  # another sentence, item or cell may begin here
                end = first[2]
                for word in following[1:]:  # a ligature parts a word in the listing: put it together again
                    if word[1] - end > 1:
                        break
                    end = word[2]
                if last[2] + 3 + end - first[1] < edge - 4:
                    early.append(f"page {number}: {words} / {first[0]}")
    assert lines_seen > 1000
    assert not early, "\n".join(early)


def test_words_can_be_searched_and_read_aloud(page_texts):
    """No word lost letters to a ligature without a text of its own ("tra icking")."""
    text = " ".join(page_texts)
    assert text.count("raffick") > 50
    assert not re.findall(r"\b[Tt]ra icking\b|\btra icked\b|\bo ice\b|\be ective\b", text)


def test_no_text_outside_the_page(file):
    boxes = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, check=True).stdout
    width, height = 595.3, 841.9
    for match in re.finditer(r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)', boxes):
        x0, y0, x1, y1 = map(float, match.groups()[:4])
        assert x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height, match[5]


def test_each_figure_stands_whole_on_one_page(document, page_texts):
    """Its code, the end of its title and its last label are on the same page."""
    parted = []
    for figure in document.xpath("//figure[@data-code]"):
        title = figure.xpath("string(./figcaption/p[@class='block-title'])").split()[-1]
        labels = [" ".join(t.text_content().split()) for t in figure.xpath(".//*[local-name()='text']")]
        last = next(label for label in reversed(labels) if label).split()[-1]
        if not any(figure.get("data-code") in text and title in text and last in text for text in page_texts):
            parted.append(figure.get("data-code"))
    assert not parted


def test_what_a_figure_says_is_drawn_or_printed(series, guide, site, document, page_texts):
    """Each paragraph of a figure's words stands in its drawing or beside it: some say what keeps a child safe."""

    def bare(text: str) -> str:  # without line ends, and without the brackets that a source line loses
        return re.sub(r"\W+", "", text)

    printed, seen = bare("".join(page_texts)), 0
    for page in guide.chapters:
        for figure in paper_article(site, page).xpath(".//figure[@data-code]"):
            drawn = set(re.findall(r"\w+", " ".join(figure.xpath(".//svg//text()")).lower()))
            for paragraph in figure.xpath("./details/*[contains(@class, 'block-body')]/p"):
                for sentence in re.split(r"(?<=[.?!]) ", " ".join(paragraph.text_content().split())):
                    words = set(re.findall(r"\w+", sentence.lower()))
                    seen += 1
                    assert bare(sentence) in printed or 5 * len(words - drawn) <= len(words), (figure.get("data-code"), sentence)
    assert seen > len(guide.chapters)


def test_a_link_in_a_table_says_its_chapter(document, guide):
    """A cell has no room for ", page 37"; the code stands on the edge of the chapter's pages."""
    links = document.xpath("//td//a[contains(@class, 'page-link')]")
    codes = {page.code.lower(): page.code for page in guide.chapters}
    assert links
    for link in links:
        code = codes[re.match(r"#([a-z]+\d+)", link.get("href"))[1]]
        assert code in " ".join(link.xpath("ancestor::td[1]")[0].text_content().split()), link.get("href")


def test_the_contents_alone_list_the_chapters(document):
    assert "The chapters" not in [heading.text_content() for heading in document.xpath("//h2")]


def test_no_page_holds_a_few_left_over_lines(page_texts):
    """A chapter does not end with a page that holds its last list of links and nothing to write in."""
    thin = [n for n, text in enumerate(page_texts, 1) if "Where to go next" in text and len(text.split()) < 45 and "Notepad" not in text]
    assert not thin, thin


def test_each_checklist_stands_whole_on_one_page(guide, page_texts):
    for page in guide.chapters:
        for block in page.blocks:
            if block.name != "checklist":
                continue
            items = [line[2:].strip() for line in page.lines[block.line : block.end] if line.startswith("- ")]
            start = next(n for n, text in enumerate(page_texts) if block.title in text and items[0][:30] in text)
            text = " ".join(page_texts[start].split())
            for item in items:
                assert " ".join(item.split()[:4]) in text, (block.title, item)


def test_notes_for_facilitators_are_at_the_back_and_not_at_the_exercise(document, guide):
    exercises = [b.id for page in guide.chapters for b in page.blocks if b.name == "exercise"]
    assert not document.xpath("//section[contains(@class, 'exercise')]//details")
    for code in exercises:
        assert document.xpath(f"//section[@id='notes-{code}']")
        assert document.xpath(f"//section[@id='{code}']//a[@href='#notes-{code}']")


def test_document_says_what_it_is(file, guide):
    with pikepdf.open(file) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.MarkInfo.Marked
        assert guide.title in str(pdf.docinfo.Title)


def test_two_renders_are_byte_identical(series, guide, site, file, tmp_path):
    again = tmp_path / "again.pdf"
    render(series, compose(series, guide, site), again)
    assert again.read_bytes() == file.read_bytes()


def test_every_link_inside_the_document_arrives(file):
    with pikepdf.open(file) as pdf:
        names = set()
        if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names:
            names = {str(name) for name in pikepdf.NameTree(pdf.Root.Names.Dests)}
        pages = {page.objgen for page in pdf.pages}
        links = 0
        for page in pdf.pages:
            for note in page.get("/Annots", []):
                target = note.get("/Dest")
                if target is None and note.get("/A", {}).get("/S") == "/GoTo":
                    target = note.A.D
                if target is None:
                    continue
                links += 1
                if isinstance(target, pikepdf.Array):
                    assert target[0].objgen in pages
                else:
                    assert str(target) in names, str(target)
        assert links > 100


def test_no_link_leads_into_the_machine_that_built_it(file):
    with pikepdf.open(file) as pdf:
        notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
        addresses = [str(note.A.URI) for note in notes if "/URI" in note.get("/A", {})]
    assert addresses and not [address for address in addresses if not address.startswith(("https://", "http://", "mailto:"))]


def test_the_words_of_every_drawing_are_drawn(document, page_texts):
    text = " ".join("\n".join(page_texts).split())
    words = [" ".join(t.text_content().split()) for t in document.xpath("//figure//*[local-name()='text']")]
    assert words
    # A label of several lines is compared by its first word, which no line break can part.
    missing = [word for word in words if word and word.split()[0] not in text]
    assert not missing, missing
