"""Plans and questions as their authors write them: text in, parts out."""

from __future__ import annotations

from pathlib import Path

import pytest

from guidebook import training
from guidebook.source import parse

PLAN = """---
code: plans-id
---
# Plans

//// session | One hour
    id: plan-id-60
    minutes: 60

**Morning**

| Minutes | Code | What happens |
|---|---|---|
| 20 | | Talk about a \\| bar |
| 10 | ID8 | Read |

**Afternoon**

| Minutes | Code | What happens |
|:--|---|--:|
| half | ID8-E1 | Do |
////

| Minutes | Code | What happens |
|---|---|---|
| 5 | | Not of the plan |
"""

QUESTION = """# Q

//// question | Which?
    id: eval-id-1
- One
- Two
* Three

/// answer | b
- A list in the answer is no option.
///
////
"""


def test_the_tables_of_a_plan_with_their_lines():
    page = parse(PLAN, Path("training/plans-identification.md"))
    first, second = training.tables(page, page.blocks[0])
    assert first.head.cells == second.head.cells == training.COLUMNS
    assert [(row.line, row.minutes, row.code) for row in first.rows] == [(14, 20, ""), (15, 10, "ID8")]
    assert first.rows[0].cells[2] == "Talk about a \\| bar"
    assert [(row.minutes, row.code) for row in second.rows] == [(None, "ID8-E1")]


def test_the_options_of_a_question_end_at_its_answer():
    page = parse(QUESTION, Path("training/evaluation-identification.md"))
    assert training.options_of(page, page.blocks[0]) == ["One", "Two", "Three"]
    assert training.answer_of(page, page.blocks[0]).title == "b"


@pytest.mark.parametrize(("minutes", "words", "shown"), [(60, "60 minutes", "1:00"), (180, "3 hours", "3:00"), (215, "3 hours 35 minutes", "3:35"), (5, "5 minutes", "0:05")])
def test_minutes_as_people_say_them_and_as_a_clock_shows_them(minutes, words, shown):
    assert training.spoken(minutes) == words
    assert training.clock(minutes) == shown
