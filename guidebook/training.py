"""The training pages as their authors wrote them: session plans and evaluation questions, with line numbers.

A plan is a `session` block with tables of three columns (Minutes, Code, What happens); an evaluation page holds ten
`question` blocks, each with its `answer`. The rules read them here; `guidebook.markdown` makes the pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from guidebook.series import Guide, Series
from guidebook.source import SourceBlock, SourcePage

FOLDER = "training"
# Mixed plans: the teams that learn together across guides.
TEAMS = ("police", "health", "shelter", "schools")
# The end of a plan's id -> the fewest and the most minutes it may take.
LENGTHS = {"60": (60, 60), "half": (180, 240), "two": (660, 780)}
PLAN_ID = re.compile(r"^plan-(?P<whose>[a-z]+)-(?P<length>[a-z0-9]+)$")
QUESTION_ID = re.compile(r"^eval-(?P<whose>[a-z]+)-(?P<number>[1-9]\d?)$")
QUESTIONS = 10
LETTERS = "abcd"
COLUMNS = ("Minutes", "Code", "What happens")

_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+$")


@dataclass(frozen=True)
class Row:
    """One line of a plan's table, as written."""

    line: int
    cells: tuple[str, ...]

    @property
    def minutes(self) -> int | None:
        """Whole minutes, or None if the cell holds anything else."""
        return int(self.cells[0]) if self.cells[0].isdigit() else None

    @property
    def code(self) -> str:
        return self.cells[1] if len(self.cells) > 1 else ""


@dataclass(frozen=True)
class Table:
    """A table of a plan: its head row and its rows."""

    head: Row
    rows: tuple[Row, ...]


def cells(line: str) -> tuple[str, ...]:
    """The cells of one line of a Markdown table: `| 5 | | Welcome |` -> ("5", "", "Welcome")."""
    return tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|")))


def tables(page: SourcePage, block: SourceBlock) -> list[Table]:
    """The tables inside a block, in order; empty if it has none or is never closed."""
    found: list[Table] = []
    rows: list[Row] | None = None
    for number in range(block.line + 1, block.end):
        line = page.lines[number - 1].strip()
        if not line.startswith("|"):
            rows = None
        elif rows is None:
            if _RULE.match(page.lines[number].strip()):
                rows = []
                found.append(Table(Row(number, cells(line)), ()))
        elif not _RULE.match(line):
            rows.append(Row(number, cells(line)))
            found[-1] = Table(found[-1].head, tuple(rows))
    return found


def answer_of(page: SourcePage, question: SourceBlock) -> SourceBlock | None:
    """The first answer that stands inside `question`."""
    return next((block for block in page.blocks if block.name == "answer" and block.parent is question), None)


def options_of(page: SourcePage, question: SourceBlock) -> list[str]:
    """The options of a question: the items of its list, before the answer."""
    answer = answer_of(page, question)
    end = answer.line if answer else question.end
    return [line[2:].strip() for line in page.lines[question.line : max(end - 1, 0)] if re.match(r"[-*] ", line)]


def owner(series: Series, whose: str) -> Guide | None:
    """The guide whose prefix an id or page code ends with: `id` -> Identification; None for a team."""
    return next((guide for guide in series.guides if guide.prefix.lower() == whose), None)


def pages(series: Series, kind: str) -> list[SourcePage]:
    """The pages of the training section whose code begins with `kind-` (plans, evaluation), in the order of the nav."""
    order = {path: position for position, path in enumerate(series.nav)}
    found = [page for page in series.pages if page.path.parts[0] == FOLDER and page.code.startswith(f"{kind}-")]
    return sorted(found, key=lambda page: order.get(page.path.as_posix(), len(order)))


def spoken(minutes: int) -> str:
    """Minutes as people say them: 60 -> "60 minutes", 210 -> "3 hours 30 minutes"."""
    if minutes <= 90:
        return f"{minutes} minutes"
    hours, rest = divmod(minutes, 60)
    return f"{hours} hours" + (f" {rest} minutes" if rest else "")


def clock(minutes: int) -> str:
    """Minutes since the beginning as a clock shows them: 65 -> "1:05"."""
    return f"{minutes // 60}:{minutes % 60:02}"
