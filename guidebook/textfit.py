"""How much room text takes on a slide, measured before anybody opens it: a slide's text never overflows its box.

PowerPoint and Impress lay text out only when a slide is shown, so the deck must know beforehand. The measures are
the advance widths of Carlito, which has those of Calibri, the decks' font; they lie in `calibri-widths.json`, so
that a machine needs no font to build and every machine breaks the lines alike. Made again by
`python -m guidebook.textfit <folder of the Carlito files>` (Debian: fonts-crosextra-carlito).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

WIDTHS = Path(__file__).with_name("calibri-widths.json")
# Latin with the letters of Viet Nam and of transcriptions, punctuation, currency, arrows, and what lists use.
RANGES = ((0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x1E00, 0x1EFF), (0x2010, 0x203A), (0x20AB, 0x20AC), (0x2190, 0x2193), (0x2212, 0x2212))
LINE = 1.2207  # Calibri's ascent, descent and gap for a point of its size
MARGIN = 0.995  # programs round differently: a line counts as full a little before its end; kerning, not counted, only narrows

Words = Iterable[tuple[str, str]]  # runs of (text, style); a style is regular, bold, italic or bolditalic


@lru_cache(maxsize=1)
def _widths() -> dict:
    return json.loads(WIDTHS.read_text(encoding="utf-8"))


@lru_cache(maxsize=65536)
def width(text: str, size: float, style: str = "regular") -> float:
    """Points that `text` is wide on one line. A letter that the table lacks counts as wide as a capital M."""
    table = _widths()[style]
    return sum(table.get(char, table["M"]) for char in text) * size / _widths()["unit"]


def lines(runs: Words, size: float, room: float) -> int:
    """How many lines the runs take in `room` points, broken at spaces and after hyphens, as both programs do.

    A piece that is wider than the room is broken anywhere.
    """
    pieces: list[list[tuple[str, str]]] = [[]]  # what may not be parted, across runs
    for text, style in runs:
        for part in re.split(r"(?<=[ \u2013\u2014-])|(?=\n)|(?<=\n)", text):
            if not part:
                continue
            pieces[-1].append((part, style))
            if part[-1] in " \u2013\u2014-\n":
                pieces.append([])
    count, used = 1, 0.0
    for piece in pieces:
        if piece and piece[-1][0] == "\n":
            count, used = count + 1, 0.0
            continue
        full = sum(width(text, size, style) for text, style in piece)
        seen = full - (width(" ", size) if piece and piece[-1][0].endswith(" ") else 0)  # a space hangs over the end
        if used and used + seen > room * MARGIN:
            count, used = count + 1, 0.0
        if seen > room * MARGIN:
            count += int(seen / (room * MARGIN))
        used += full
    return count


def height(count: int, size: float, spacing: float = 1.0) -> float:
    """Points that `count` lines are high at a line spacing of `spacing`."""
    return count * size * LINE * spacing


def make(folder: Path) -> None:
    """Write the table from the four Carlito files in `folder`."""
    from fontTools.ttLib import TTFont

    faces = {"regular": "Regular", "bold": "Bold", "italic": "Italic", "bolditalic": "BoldItalic"}
    table: dict = {"unit": 2048}
    for style, name in faces.items():
        font = TTFont(folder / f"Carlito-{name}.ttf")
        names, metrics = font.getBestCmap(), font["hmtx"].metrics
        codes = [code for first, last in RANGES for code in range(first, last + 1) if code in names]
        table[style] = {chr(code): metrics[names[code]][0] for code in codes}
        if font["head"].unitsPerEm != table["unit"]:
            raise ValueError(f"Carlito-{name}.ttf has another unit than 2048: take Debian's files.")
    WIDTHS.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
