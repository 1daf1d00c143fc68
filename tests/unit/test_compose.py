"""Composition on small pieces of HTML: ids, fields, notes, figures, and what it refuses."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from lxml import html

from guidebook import compose
from guidebook.colours import roles
from guidebook.series import Series


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


def figure(drawn: str, body: str):
    tree = article(
        f'<figure class="figure"><figcaption>Title</figcaption><div class="figure-drawing"><svg viewBox="0 0 400 200"><text>{drawn}</text></svg></div>'
        f'<details class="figure-text"><div class="block-body">{body}</div></details></figure>'
    )
    compose._figures(tree, "text{}")
    return [(child.get("class") or child.tag, child.text_content().split(":")[0] if child.tag == "p" else "") for child in tree[0]]


def test_a_figure_keeps_the_sentences_that_its_drawing_lacks():
    body = "<p>In three services:</p><ul><li>Stop</li></ul><p>If the person says stop, go to step 6.</p><p>Then go home.</p><p>Source: our drawing.</p>"
    assert figure("Stop. Then go home", body) == [
        ("figcaption", ""), ("figure-note", "In three services"), ("figure-drawing", ""),
        ("figure-note", "If the person says stop, go to step 6."), ("figure-source", "Source"),
    ]  # fmt: skip


def test_a_drawing_that_lacks_the_no_of_a_sentence_lacks_the_sentence():
    drawn = {"leave", "the", "child", "with", "them"}
    assert not compose.lacks(drawn, "Leave the child with them today.")
    assert compose.lacks(drawn, "Never leave the child with them.")
    assert compose.lacks(drawn, "Leave the child with them. Ask first.")


def test_a_source_line_ends_a_sentence_once():
    cited = '<p>Source: <span class="cites">(<span class="cite"><a>Havey et al., {year}</a></span>)</span>. Years are counted.</p>'
    for year, read in (("n.d.", "Source: Havey et al., n.d. Years are counted."), ("2015", "Source: Havey et al., 2015. Years are counted.")):
        assert compose.source_line(article(cited.format(year=year))).text_content() == read


@pytest.mark.parametrize("plain", [False, True])
def test_nothing_drawn_is_the_colour_of_the_paper(plain):
    series = Series(Path(__file__).parents[2])
    for guide in series.guides:
        paper = roles(series, guide, plain)["paper"]
        rules = re.findall(r"([^{}]+)\{([^}]*)\}", compose.drawing_style(series, guide, plain).replace("#fff;", "#ffffff;"))
        assert len(rules) > 8
        # Words on a dark area are white, and the area is not.
        unseen = [names for names, look in rules if f"fill:{paper}" in look and "stroke:" not in look and names != ".on-solid"]
        assert not unseen


def test_what_leads_in_stays_with_what_follows():
    long = "x" * (compose.SHORT_LEAD + 1)
    tree = article(f"<p>Short.</p><figure></figure><p>{long}</p><figure></figure><p>Say:</p><p>Yes.</p><p>No.</p>")
    compose._lead_ins(tree)
    assert [p.text for p in tree.xpath('.//p[@class="lead-in"]')] == ["Short.", "Say:"]


def test_the_list_of_chapters_is_not_printed_beside_the_contents():
    tree = article('<h2 id="the-chapters">The chapters</h2><ol><li>About</li></ol><h2 id="b">B</h2><ol><li>One</li></ol>')
    compose._drop_chapter_list(tree)
    assert [child.text_content() for child in tree] == ["B", "One"]


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
