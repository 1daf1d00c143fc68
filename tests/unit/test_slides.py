"""Text that is measured before it is on a slide: it goes on to the next one rather than over the edge."""

from __future__ import annotations

import pytest

from guidebook import slides, textfit
from guidebook.compose import PrintError
from guidebook.slidecontent import Line, Run, Slide, Table, fit, height_of, parted, places, table_heights, table_top


def slide(layout=slides.TEXT, **more):
    return Slide(layout, "Section", more.pop("title", "A title"), **more)


def lines(*texts, mark="bullet"):
    return tuple(Line((Run(text),), mark, start=number) for number, text in enumerate(texts, 1))


@pytest.mark.parametrize(("text", "style", "units"), [("M", "regular", 1751), (" ", "bold", 463), ("aa", "regular", 2 * 981)])
def test_widths_are_those_of_calibri(text, style, units):
    assert textfit.width(text, 100, style) == pytest.approx(units * 100 / 2048)


def test_lines_break_where_the_next_word_does_not_fit():
    room = textfit.width("one two", 20) / textfit.MARGIN + 0.1
    assert textfit.lines([("one two", "regular")], 20, room) == 1
    assert textfit.lines([("one two three", "regular")], 20, room) == 2
    assert textfit.lines([("one ", "regular"), ("two", "bold")], 20, room) == 2, "bold is wider"
    assert textfit.lines([("a\nb", "regular")], 20, room) == 2


def test_a_word_that_is_wider_than_the_room_takes_the_lines_it_needs():
    assert textfit.lines([("w" * 100, "regular")], 20, textfit.width("w" * 30, 20)) == 4


def test_what_fits_stays_on_one_slide_at_the_largest_size():
    (one,) = fit(slide(), lines("Short.", "And short."), "page.md")
    assert one.size == slides.TEXT.box(slides.BODY).size


def test_what_is_too_much_goes_on_to_the_next_slide_and_stays_readable():
    many = lines(*(f"Point {n}: " + "words that take some room on the slide " * 4 for n in range(12)))
    found = parted(slide(notes=("Say this.",)), list(many), "page.md")
    assert len(found) > 1
    assert tuple(line for one in found for line in one.lines) == many
    for number, one in enumerate(found, 1):
        box = places(one)[slides.BODY]
        assert one.part == f"{number} of {len(found)}"
        assert one.size >= 18 and height_of(one.lines, one.size, box) <= box.h
    assert found[0].notes == ("Say this.",) and "part 1" in found[1].notes[0]


def test_a_source_and_a_second_level_do_not_begin_a_slide():
    long = "words that take some room on the slide " * 5
    content = [
        line for n in range(5) for line in (Line((Run(long),), "number", start=n), Line((Run(long),), "bullet", level=1))
    ] + [Line((Run("Source: a study."),), small=True)]
    found = parted(slide(), content, "page.md")
    assert len(found) > 1
    assert not any(one.lines[0].small or one.lines[0].level for one in found)


def test_a_paragraph_that_no_slide_holds_is_told_to_its_author():
    with pytest.raises(PrintError, match=r"docs/x\.md: a paragraph is longer than a slide"):
        fit(slide(), lines("word " * 900), "docs/x.md")
    with pytest.raises(PrintError, match="Shorten it"):
        places(slide(title="A title " * 60))


def test_a_long_title_pushes_down_what_stands_below():
    short, long = places(slide()), places(slide(title="A title of so many words that it takes two lines on any slide that it stands on"))
    assert long[slides.BODY].y > short[slides.BODY].y
    assert long[slides.BODY].y + long[slides.BODY].h == pytest.approx(short[slides.BODY].y + short[slides.BODY].h)
    assert long[slides.TITLE].y + long[slides.TITLE].h <= long[slides.BODY].y


def test_a_table_takes_its_words_along_and_is_parted_under_its_head():
    table = Table((("Who", "What"), *((f"Person {n}", "a line of words that is long enough to matter " * 3) for n in range(9))))
    after = lines("A line below.", mark="")
    found = parted(slide(), [*lines("Leading in:", mark=""), table, *after], "page.md")
    assert len(found) > 1
    assert all(one.layout is slides.TABLE and one.table.rows[0] == ("Who", "What") for one in found)
    assert [row for one in found for row in one.table.rows[1:]] == list(table.rows[1:])
    assert found[-1].lines == after and found[0].facts[0].text == "Leading in:"
    for one in found:
        assert table_top(one) + sum(table_heights(one.table)) <= slides.ABOVE_LINK


def test_a_row_of_an_empty_column_has_room_to_write():
    (one,) = parted(slide(), [Table((("Who", "My note"), ("Doctor", ""), ("Lawyer", "")))], "page.md")
    assert min(table_heights(one.table)[1:]) >= 40
