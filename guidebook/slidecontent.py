"""What stands on a slide, as plain data, and how it is parted so that it fits.

Nothing here knows PowerPoint's file or the site's pages: `guidebook.deck` makes slides from pages, `guidebook.slidefile`
writes them. Text is measured by `guidebook.textfit`; what is too much for a slide goes on to the next one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from guidebook import slides, textfit
from guidebook.compose import PrintError
from guidebook.slides import BODY, FACTS, SECOND, TITLE, Box, Layout


@dataclass(frozen=True)
class Run:
    """Words in one style; with `link`, a live address."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""

    @property
    def style(self) -> str:
        return ("bold" if self.bold else "") + ("italic" if self.italic else "") or "regular"


@dataclass(frozen=True)
class Line:
    """A paragraph.

    `mark` is "" or bullet, number, letter; `start` is a numbered line's own number. A line with `hang` begins with
    a code, and its text stands so many points to the right, after a tab.
    """

    runs: tuple[Run, ...]
    mark: str = ""
    level: int = 0
    start: int = 1
    small: bool = False  # a source: 16 points
    hang: float = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def indent(self) -> float:
        return self.hang or (slides.LIST_INDENT if self.mark else 0) + self.level * slides.LEVEL_INDENT


@dataclass(frozen=True)
class Table:
    """Rows of cells, the first of them the head; the columns' widths in points once it is laid out."""

    rows: tuple[tuple[str, ...], ...]
    columns: tuple[float, ...] = ()

    @property
    def to_write_in(self) -> bool:
        """Whether a column is empty below its head: people fill it in."""
        return any(not any(column[1:]) for column in zip(*self.rows, strict=True))


@dataclass(frozen=True)
class Picture:
    """A drawing: its SVG, the words that say the same, and the size of its view box."""

    svg: str
    words: str
    width: float
    height: float


@dataclass(frozen=True)
class Slide:
    """One slide as data, in one of the layouts of `guidebook.slides`."""

    layout: Layout
    section: str
    title: str
    chip: str = ""
    eyebrow: str = ""
    facts: tuple[Run, ...] = ()
    lines: tuple[Line, ...] = ()
    second: tuple[Line, ...] = ()
    table: Table | None = None
    source: tuple[Run, ...] = ()
    picture: Picture | None = None
    address: str = ""  # the full short address
    notes: tuple[str, ...] = ()
    part: str = ""  # "1 of 2"
    size: float = 0  # of the text, if not the layout's own


NO_BREAK = "\u00a0"


def title_runs(title: str, part: str) -> tuple[Run, ...]:
    """The title, and which part it is, said more quietly and never parted."""
    return (Run(title, bold=True), *((Run(f" ({part.replace(' ', NO_BREAK)})"),) if part else ()))


def _count(runs: Iterable[Run], size: float, room: float) -> int:
    return textfit.lines([(run.text, run.style) for run in runs], size, room)


def title_size(slide: Slide) -> float:
    """The largest size at which the title fits its box, or as many lines as its layout allows.

    Raises PrintError for a title that is too long even at 18 points.
    """
    box = slide.layout.box(TITLE)
    for size in range(int(box.size), slides.SMALLEST_TEXT - 1, -2):
        count = _count(title_runs(slide.title, slide.part), size, box.w)
        if count <= slide.layout.title_lines if slide.layout.grows else textfit.height(count, size, box.spacing) <= box.h:
            return size
    raise PrintError(f'The title "{slide.title}" is longer than a slide can show. Shorten it.')


def places(slide: Slide) -> dict[int, Box]:
    """The boxes of a slide's layout by number where they stand on this slide.

    A title or facts of more lines than the layout has room for push down what stands below.
    """
    boxes = {box.index: box for box in slide.layout.boxes}
    if not slide.layout.grows:
        return boxes

    def down(index: int, by: float, keep_bottom: bool) -> None:
        if index in boxes and by > 0:
            box = boxes[index]
            boxes[index] = replace(box, y=box.y + by, h=box.h - by if keep_bottom else box.h)

    title = boxes[TITLE]
    size = title_size(slide)
    need = textfit.height(_count(title_runs(slide.title, slide.part), size, title.w), size, title.spacing) + 2
    extra = max(0.0, need - title.h)
    boxes[TITLE] = replace(title, h=title.h + extra)
    if FACTS in boxes and slide.facts:
        facts = boxes[FACTS]
        more = max(0.0, textfit.height(_count(slide.facts, facts.size, facts.w), facts.size) + 1 - facts.h)
        down(FACTS, extra, keep_bottom=False)
        boxes[FACTS] = replace(boxes[FACTS], h=facts.h + more)
        extra += more
    if slide.layout is slides.TABLE:
        if slide.table and slide.lines:
            box, top = boxes[BODY], table_top(slide) + sum(table_heights(slide.table)) + TABLE_GAP
            boxes[BODY] = replace(box, y=top, h=slides.ABOVE_LINK - top)
        return boxes
    down(BODY, extra, keep_bottom=True)
    down(SECOND, extra, keep_bottom=True)
    if slide.layout is slides.CASE and slide.lines:  # a panel is as high as its text asks
        box = boxes[BODY]
        boxes[BODY] = replace(box, h=min(box.h, height_of(slide.lines, slide.size or box.size, box) + 2 * box.inset + 2))
    return boxes


# ---------------------------------------------------------------- measuring


def size_of(line: Line, size: float) -> float:
    """The type size of a line in a box of `size`: sources are small, a second level a little smaller."""
    if line.small:
        return slides.SMALL
    return size if not line.level else max(slides.SMALLEST_TEXT, size - 2)


def height_of(lines: Iterable[Line], size: float, box: Box) -> float:
    """Points that the lines are high in the box at a size."""
    total = 0.0
    for number, line in enumerate(lines):
        own = size_of(line, size)
        runs = line.runs[1:] if line.hang else line.runs  # the code stands in the indent
        count = _count(runs, own, box.w - 2 * box.inset - line.indent)
        before = 0 if number == 0 else box.before / (2 if line.level else 1)
        total += textfit.height(count, own, box.spacing) + before
    return total


STAY_TOGETHER = 80  # points that a part may be higher so that a list need not be parted


def _balanced(lines: tuple[Line, ...], parts: int, size: float, box: Box) -> list[tuple[Line, ...]] | None:
    """The lines in so many parts of about one height, none higher than the box; None if there is no such way.

    A part begins with no line of a second level and no source, and a line that leads in goes along with its list.
    """
    room = box.h - 2 * box.inset
    if parts == 1:
        return [lines] if height_of(lines, size, box) <= room else None
    best, lowest = None, None
    for cut in range(1, len(lines)):
        if lines[cut].level or lines[cut].small or (not lines[cut - 1].mark and lines[cut].mark):
            continue
        head = height_of(lines[:cut], size, box)
        if head > room:
            break
        rest = _balanced(lines[cut:], parts - 1, size, box)
        if rest is None:
            continue
        inside = STAY_TOGETHER if lines[cut].mark and lines[cut].mark == lines[cut - 1].mark else 0
        highest = max([head, *(height_of(part, size, box) for part in rest)]) + inside
        if lowest is None or highest < lowest:
            best, lowest = [lines[:cut], *rest], highest
    return best


def fit(slide: Slide, lines: tuple[Line, ...], where: str) -> list[Slide]:
    """The slide as often as its lines need, each with its part of them at the largest size that fits.

    Raises PrintError if one paragraph alone is more than a slide: then the page's text must be parted.
    """
    sizes = [size for size in (28, 26, 24, 22, 20, 18) if size <= slide.layout.box(BODY).size]
    for smallest in (20, 18):  # what is parted has room: only a paragraph that fills a slide is set smaller than 20
        for parts in range(1, len(lines) + 1):
            # The longest thing that may be added to the title, so that its room is surely enough.
            box = places(replace(slide, lines=(), part=f"{parts} of {parts}" if parts > 1 else ""))[BODY]
            for size in (size for size in sizes if parts == 1 or size >= smallest):
                found = _balanced(lines, parts, size, box)
                if found:
                    return [replace(slide, lines=part, size=size) for part in found]
    raise PrintError(f"{where}: a paragraph is longer than a slide. Part it into two list items or paragraphs.")


# ---------------------------------------------------------------- tables

ROW_PADDING = 6  # points around a cell's text
EMPTY_ROW = 44  # points: room to write on a projected or printed table
TABLE_GAP = 12  # points between a table and what follows


def table_top(slide: Slide) -> float:
    """Where the slide's table begins: below the title, or below what leads in."""
    boxes = places(replace(slide, lines=()))
    if slide.facts:
        return boxes[FACTS].y + boxes[FACTS].h + 8
    return slides.TABLE_TOP + boxes[TITLE].h - slide.layout.box(TITLE).h


def table_heights(table: Table) -> list[float]:
    """The height of each row of a table that is laid out."""
    heights = []
    for number, row in enumerate(table.rows):
        counts = [
            _count((Run(cell, bold=number == 0),), slides.TABLE_SIZE, column - 2 * ROW_PADDING)
            for cell, column in zip(row, table.columns, strict=True)
        ]
        height = textfit.height(max(counts), slides.TABLE_SIZE) + 2 * ROW_PADDING
        heights.append(max(height, EMPTY_ROW) if number and table.to_write_in else height)
    return heights


def laid_out(table: Table, width: float) -> Table:
    """The table with columns as wide as their words ask, in a width of so many points."""
    asked, least = [], []
    for column in zip(*table.rows, strict=True):
        cells = [(cell, "bold" if number == 0 else "regular") for number, cell in enumerate(column)]
        whole = max(textfit.width(cell, slides.TABLE_SIZE, style) for cell, style in cells)
        if not any(column[1:]):  # to write in
            whole = width
        asked.append(min(whole, width / 2))
        least.append(max(textfit.width(word, slides.TABLE_SIZE, style) for cell, style in cells for word in (cell.split() or [""])) + 2 * ROW_PADDING + 4)
    spare = width - sum(least)
    if spare < 0:
        return replace(table, columns=tuple(width / len(asked) for _ in asked))
    more = [max(0.0, want + 2 * ROW_PADDING + 4 - has) for want, has in zip(asked, least, strict=True)]
    total = sum(more) or 1
    share = min(1.0, spare / total) if sum(more) else 0
    columns = [has + extra * share for has, extra in zip(least, more, strict=True)]
    rest = (width - sum(columns)) / len(columns)
    return replace(table, columns=tuple(column + rest for column in columns))


def _rows_parted(table: Table, count: int, room: float, last: float) -> list[Table]:
    """The table in `count` parts that fit `room` points, of about one height, each with the head above it.

    The last part is no higher than `last`. Empty if there is no such way.
    """
    head, *heights = table_heights(table)

    def parted_at(limit: float) -> list[list[int]]:
        parts, used = [], limit + 1
        for number, height in enumerate(heights):
            if used + height > limit:
                parts.append([])
                used = 0.0
            parts[-1].append(number)
            used += height
        return parts

    for limit in range(round(max(heights)), round(room - head) + 1):
        parts = parted_at(limit)
        if len(parts) == count and sum(heights[number] for number in parts[-1]) <= last - head:
            return [replace(table, rows=(table.rows[0], *(table.rows[number + 1] for number in part))) for part in parts]
    return []


def table_slides(slide: Slide, table: Table, after: tuple[Line, ...], where: str) -> tuple[list[Slide], tuple[Line, ...]]:
    """The slides of a table, and those of the lines after it that found no room below it.

    All on one slide if it can be, as wide as the slide or as the text; else the table parted, and the lines below
    its last part. Raises PrintError for a row that is higher than a slide.
    """
    size = slides.TABLE.box(BODY).size
    below = height_of(after, size, slides.TABLE.box(BODY)) + TABLE_GAP if after else 0
    widths = ((slides.TABLE_WIDE, slides.ABOVE_QR), (slides.TABLE_NARROW, slides.ABOVE_LINK))
    for lines in (after, ()) if after else ((),):
        for count in range(1, len(table.rows)):
            for width, bottom in widths:
                top = table_top(replace(slide, part="1 of 2" if count > 1 or lines != after else ""))
                end = min(bottom, slides.ABOVE_LINK - below) if lines else bottom
                parts = _rows_parted(laid_out(table, width), count, bottom - top, end - top)
                if parts:
                    found = [replace(slide, table=part) for part in parts]
                    return [*found[:-1], replace(found[-1], lines=lines, size=size)], () if lines else after
    raise PrintError(f"{where}: a row of its table is longer than a slide. Part it into two rows.")


def parted(slide: Slide, content: list[Line | Table], where: str) -> list[Slide]:
    """The slide as often as its content needs: lines by their height, a table with the lines that stand around it.

    The notes stand on the first, and the others say so. An exercise's facts stand on each part with lines.
    """
    groups: list[tuple[Line, ...] | Table] = []
    for item in content:
        if isinstance(item, Table) or not groups or isinstance(groups[-1], Table):
            groups.append(item if isinstance(item, Table) else (item,))
        else:
            groups[-1] = (*groups[-1], item)
    found: list[Slide] = []
    while groups:
        group = groups.pop(0)
        lead: tuple[Run, ...] = ()
        if not isinstance(group, Table):
            if not (groups and len(group) == 1 and not group[0].mark and not group[0].small):
                found += fit(slide, group, where)
                continue
            lead, group = group[0].runs, groups.pop(0)  # one line that leads in stands above its table
        after = groups.pop(0) if groups and not isinstance(groups[0], Table) else ()
        made, left = table_slides(replace(slide, layout=slides.TABLE, facts=lead), group, after, where)
        found += made
        if left:
            groups.insert(0, left)
    if len(found) > 1:
        found = [replace(one, part=f"{number} of {len(found)}") for number, one in enumerate(found, 1)]
        label = slide.chip or slide.title
        found[1:] = [replace(one, notes=(f"Continued: the notes stand with part 1 of {label}.",)) for one in found[1:]]
    return found
