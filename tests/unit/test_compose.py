"""Composition on small pieces of HTML: ids, fields, notes, figures, and what it refuses."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from lxml import html

from guidebook import compose


def article(inner: str):
    return html.fromstring(f"<article>{inner}</article>")


def page(code: str = "ID5"):
    return SimpleNamespace(code=code)


def test_codes_and_references_keep_their_ids_and_headings_get_their_chapters():
    assert compose.new_id(page(), "id5-e1") == "id5-e1"
    assert compose.new_id(page(), "ref-kiss2015health") == "ref-kiss2015health"
    assert compose.new_id(page(), "what-we-know") == "id5--what-we-know"


def test_labels_follow_the_ids_they_name():
    tree = article('<h2 id="a">A</h2><label for="a">x</label><a aria-describedby="note-1">y</a>')
    compose._ids(tree, page())
    assert tree.xpath("string(.//h2/@id)") == tree.xpath("string(.//label/@for)") == "id5--a"
    assert not tree.xpath("//@aria-describedby")


def test_ruled_lines_become_a_field_of_their_number():
    tree = article(
        '<section class="notepad" data-code="ID6-N1" aria-label="ID6-N1 Notepad: Who?">'
        '<div class="ruled"><span class="rule"></span><span class="rule"></span><span class="rule"></span></div></section>'
    )
    compose.paper_forms(tree)
    field = tree.xpath(".//textarea")[0]
    assert (field.get("name"), field.get("rows"), field.get("aria-label")) == ("ID6-N1", "3", "ID6-N1 Notepad: Who?")
    assert len(tree.xpath('.//div[@class="paper-line"]')) == 3
    assert not tree.xpath('.//div[@class="ruled"]')


def test_a_tick_box_is_named_by_its_words():
    tree = article('<label><input type="checkbox" id="id10-c1-1"><span>I have\n a <b>safe</b> room.</span></label>')
    compose.paper_forms(tree)
    box = tree.xpath(".//input")[0]
    assert (box.get("name"), box.get("aria-label")) == ("ID10-C1-1", "I have a safe room.")


def test_notes_for_facilitators_move_out_and_leave_a_pointer():
    tree = article(
        '<section class="exercise" id="id5-e1" data-code="ID5-E1"><div class="block-head"><p class="block-title">Sort</p></div>'
        '<details class="facilitation"><summary>Notes</summary><div class="facilitation-body"><p>Listen.</p></div></details></section>'
    )
    notes = compose.facilitation(tree)
    assert [(note.id, note.exercise, note.title, note.body) for note in notes] == [
        ("notes-id5-e1", "ID5-E1", "Sort", "<p>Listen.</p>")
    ]
    assert not tree.xpath(".//details")
    assert tree.xpath('.//section//a[@href="#notes-id5-e1"]')


def test_a_figure_keeps_its_source_line_and_its_words_as_description():
    tree = article(
        '<figure class="figure"><svg viewBox="0 0 400 1000" aria-label="Short"><text>Yes</text></svg><details class="figure-text"><summary>In words</summary>'
        '<div class="block-body"><ul><li>One</li></ul><p>Source: our drawing.</p></div></details></figure>'
    )
    compose._figures(tree, "text{}")
    assert tree.xpath('string(.//p[@class="figure-source"])') == "Source: our drawing."
    assert "One" in tree.xpath("string(.//svg/title)")
    assert not tree.xpath(".//details")
    assert tree.xpath("string(.//svg/@width)") == "78.0mm", "a tall drawing is narrowed to fit its page"


def test_a_heading_goes_with_the_checklist_that_it_opens():
    tree = article('<h2 id="do">Do</h2><section class="checklist"></section><h2>Next</h2><p>Text</p>')
    compose._checklist_headings(tree)
    assert [h.get("class") for h in tree.xpath(".//h2")] == ["before-checklist", None]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ('<p id="a"></p><p id="a"></p>', "used twice"),
        ('<p id="a"></p><a href="#b">b</a>', 'the link "#b" is dead'),
    ],
)
def test_a_document_with_a_fault_is_refused(document, words):
    with pytest.raises(compose.PrintError, match=words):
        compose.verify(f"<html><body>{document}</body></html>", "identification")


def test_a_sound_document_passes():
    compose.verify(
        '<html><body><p id="a"></p><a href="#a">a</a></body></html>', SimpleNamespace(slug="identification")
    )
