"""What a handout carries besides its exercise, on small pieces of HTML."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from lxml import html

from guidebook.compose import PrintError
from guidebook.handouts import carried_by

CHAPTER = """<article><h2 id="counts">The counts</h2><table><tr><td>Nine <span class="cites">(A, 2020)</span>. Ten</td></tr></table><h3 id="bare">Bare</h3><p></p>
<figure class="figure" data-code="RR8-F1" id="rr8-f1"><figcaption></figcaption><div><svg id="x" viewBox="0 0 400 500"></svg></div></figure>
<section class="notepad" data-code="RR8-N1" data-lines="2" id="rr8-n1"><div class="block-head"><p class="block-kind">Notepad</p><p class="block-title">A  plan</p></div>
<div class="block-body"><p>When?</p></div><div class="ruled"><span class="rule"></span><span class="rule"></span></div></section>
<section class="exercise" data-code="RR8-E1"><section class="scenario"><p id="p">A case.</p></section></section>
<section class="exercise" data-code="RR8-E2"><p>%s</p></section></article>"""


def carried(words: str):
    article = html.fromstring(CHAPTER % words)
    page = SimpleNamespace(path=Path("reintegration/work.md"), code="RR8", line_of=lambda text: 7)
    return carried_by(article.xpath('.//section[@data-code="RR8-E2"]')[0], article, page)


def test_a_figure_is_carried_once_and_without_its_ids():
    holder = carried("Figure RR8-F1. Look at RR8-F1 again.")
    assert [one.tag for one in holder] == ["figure"] and not holder.xpath(".//@id")


def test_the_case_of_another_exercise_is_carried_under_its_name():
    holder = carried("The case of RR8-E1; three slips.")
    assert holder.text_content() == "The case of RR8-E1A case."


def test_a_notepad_that_is_named_as_a_form_is_carried_with_its_lines_under_its_code():
    form, = carried("Write on the form RR8-N1.")
    assert [part.strip() for part in form.itertext() if part.strip()] == ["RR8-N1. A plan", "When?"]
    assert form.get("data-code") == "RR8-N1" and len(form.xpath('.//span[@class="rule"]')) == 2 and not form.xpath("descendant-or-self::*/@id")


def test_an_exercise_that_names_another_without_its_case_carries_nothing():
    assert len(carried("Do RR8-E1 first, then RR8-E2.")) == 0


def test_the_tables_below_a_linked_heading_are_carried_without_their_citations():
    holder = carried('By <a href="#counts">the counts</a>.')
    assert [one.tag for one in holder] == ["p", "table", "p"]
    assert holder.text_content() == "The countsNine. TenThe sources of each line stand in chapter RR8."


@pytest.mark.parametrize("href", ["#bare", "#nowhere"])
def test_a_link_to_no_table_stops_the_build_with_a_cure(href):
    with pytest.raises(PrintError, match=rf"docs/reintegration/work\.md:7: the handout of RR8-E2 cannot carry {href}: no heading .* Link to such a heading"):
        carried(f'By <a href="{href}">the counts</a>.')


@pytest.mark.parametrize("words", ["Figure RR8-F9", "The form RR8-N9", "The case of RR9-E1"])
def test_a_figure_or_case_of_elsewhere_stops_the_build_with_a_cure(words):
    with pytest.raises(PrintError, match=r"docs/reintegration/work\.md:7: the handout of RR8-E2 cannot carry RR[89]-[FNE]\d: .* Mend the code"):
        carried(words)
