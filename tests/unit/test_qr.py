"""QR codes as PNG: each module where segno has it."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from guidebook import qr

ADDRESSES = ["https://practitioner-guides.example/go/id5/", f"https://example.org/{'guides/' * 20}go/ch1-e1/"]


@pytest.mark.parametrize("address", ADDRESSES)
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
