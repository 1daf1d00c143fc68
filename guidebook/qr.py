"""QR codes of addresses (ISO/IEC 18004), hundreds in a build: segno encodes them and draws them as SVG.

Choosing the mask and drawing the PNG are done here. segno does both in Python module by module and pixel by pixel,
which took longer than all else that a build adds to the pages.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from functools import cache

import segno

QUIET = 4  # modules of white around a code: the quiet zone of the standard
PNG_SIZE = 600  # pixels, about
DIGITS, BITS = bytes.maketrans(b"\0\1", b"01"), bytes.maketrans(b"01", b"\0\1")


@cache  # a build shows a code up to three times: in print, on a card, as a file
def qr_code(address: str) -> segno.QRCode:
    """The QR code of an address, error correction M or better, with the mask that makes it easiest to read."""
    code = segno.make(address, error="m", micro=False, mask=0)
    size, modules = len(code.matrix), _modules(code)
    changes = [_change(code.version, code.error, mask) for mask in range(8)]
    weighed = ~_named(size)
    code.mask = min(range(8), key=lambda mask: _penalty((modules ^ changes[mask]) & weighed, size))
    code.matrix = _matrix(modules ^ changes[code.mask], size)
    return code


@cache
def qr_svg(address: str) -> str:
    """A QR code as inline SVG, without a quiet zone (the page gives it)."""
    return qr_code(address).svg_inline(border=0, scale=1, omitsize=True, svgclass="qr", lineclass=None, title=f"QR code for {address}")


def qr_png(address: str) -> bytes:
    """A QR code as a PNG of one bit a pixel (https://www.w3.org/TR/png/), with its quiet zone."""
    rows = qr_code(address).matrix
    scale = max(1, round(PNG_SIZE / (len(rows) + 2 * QUIET)))
    size = (len(rows) + 2 * QUIET) * scale
    width = -(-size // 8)  # bytes of a row, the last one filled up

    def line(modules: Iterable[int]) -> bytes:
        pixels = "".join(("0" if dark else "1") * scale for dark in (*bytes(QUIET), *modules, *bytes(QUIET)))
        return b"\0" + int(pixels.ljust(width * 8, "1"), 2).to_bytes(width, "big")  # 0: no filter

    quiet = [line(bytes(len(rows)))] * QUIET
    pixels = b"".join(row * scale for row in (*quiet, *map(line, rows), *quiet))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)  # one bit, greyscale, not interlaced
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


# ---------------------------------------------------------------- the mask
#
# Eight masks may be laid on a code, and the standard (7.8.3) wants the one with the least of what confuses a reader:
# long lines and blocks of one colour, the look of a corner mark, much more dark than light. A code is weighed as one
# number with a bit a module, row after row, four light modules between them: a shift looks at all neighbours at once.


def _step(size: int) -> int:
    """How many bits lie between a module and the one below it."""
    return size + 4


def _modules(code: segno.QRCode) -> int:
    return int(bytes(4).join(code.matrix).translate(DIGITS)[::-1], 2)


def _matrix(modules: int, size: int) -> tuple[bytearray, ...]:
    digits = f"{modules:0{size * _step(size)}b}"[::-1].encode().translate(BITS)
    return tuple(bytearray(digits[start : start + size]) for start in range(0, size * _step(size), _step(size)))


@cache
def _change(version: int, error: str, mask: int) -> int:
    """The modules in which a code with `mask` differs from the same with mask 0, whatever it says."""
    one, other = (_modules(segno.make("0", version=version, error=error, boost_error=False, mask=which)) for which in (0, mask))
    return one ^ other


@cache
def _named(size: int) -> int:
    """The modules that name mask and version: they are taken as light while masks are weighed."""
    near, far = [k for k in range(9) if k != 6], range(size - 8, size)  # 6: the timing pattern
    cells = {(k, 8) for k in (*near, *far)}
    if size > 41:  # from version 7
        cells |= {(size - 9 - k, n) for k in range(3) for n in range(6)}
    return sum({1 << (y * _step(size) + x) for cell in cells for x, y in (cell, cell[::-1])})


@cache
def _whole(size: int) -> int:
    return sum(((1 << size) - 1) << (y * _step(size)) for y in range(size))


def _penalty(dark: int, size: int) -> int:
    """The points of the standard's table 11, counted as segno counts them."""
    light, below = dark ^ _whole(size), _step(size)
    points = 10 * int(abs(100 * dark.bit_count() / size**2 - 50) / 5)
    for colour in (dark, light):
        beside = colour & colour >> 1
        points += 3 * (beside & beside >> below).bit_count()  # each block of two by two
    for step in (1, below):  # along the rows, then down the columns
        for colour in (dark, light):
            two = colour & colour >> step
            five = two & two >> 2 * step & colour >> 4 * step
            points += five.bit_count() + 2 * (five & ~(five << step)).bit_count()  # a line of 5: 3, of 6: 4, ...
        mark = dark & ~(dark >> step) & ~(dark >> 5 * step)
        for place in (2, 3, 4, 6):
            mark &= dark >> place * step
        before, after = (dark << step | dark << 2 * step | dark << 3 * step | dark << 4 * step), 0
        for place in range(7, 11):
            after |= dark >> place * step
        mark &= ~(before & after)  # light for four modules on one side at least
        while mark:  # those that overlap count once
            points += 40
            mark &= ~((mark & -mark) * sum(1 << place * step for place in range(7)))
    return points
