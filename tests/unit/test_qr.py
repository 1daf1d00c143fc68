"""QR codes: the same as segno's own, and a PNG of the same modules."""

from __future__ import annotations

import io

import pytest
import segno
from PIL import Image

from guidebook import qr

# Short to long: versions 1 to 10, with and without the area that names the version, and other error corrections.
ADDRESSES = [
    *(f"https://practitioner-guides.example/go/{code}/" for code in ("id5", "id5-e1", "ps12-n3", "rr9-e6", "id4-n4", "facilitators-handbook")),
    *(f"https://example.org/{'guides/' * times}go/ch{times}-e1/" for times in range(24)),
    *("0123456789"[:length] for length in range(1, 11)),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_code_is_what_segno_makes_of_it(address):
    ours, theirs = qr.qr_code(address), segno.make(address, error="m", micro=False)
    assert (ours.version, ours.error, ours.mask) == (theirs.version, theirs.error, theirs.mask)
    assert [bytes(row) for row in ours.matrix] == [bytes(row) for row in theirs.matrix]


@pytest.mark.parametrize("address", ADDRESSES[::6])
def test_its_png_holds_the_same_modules_in_a_frame_of_four(address):
    code, png = qr.qr_code(address), qr.qr_png(address)
    image = Image.open(io.BytesIO(png))
    image.verify()  # each part of the file against its check sum
    image = Image.open(io.BytesIO(png)).convert("L")
    size = len(code.matrix) + 8
    scale = image.width // size
    assert image.size == (size * scale, size * scale) and 500 < image.width < 700
    dark = [[image.getpixel((x * scale + scale // 2, y * scale + scale // 2)) == 0 for x in range(size)] for y in range(size)]
    assert [row[4:-4] for row in dark[4:-4]] == [[bool(module) for module in row] for row in code.matrix]
    assert sum(map(sum, dark)) == sum(map(sum, code.matrix))  # the frame is white
