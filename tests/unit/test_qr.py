"""QR codes: drawn alike in every form, framed in white, read back."""

from __future__ import annotations

import io
import re

import pytest
import zxingcpp
from lxml import etree
from PIL import Image

from guidebook import qr

ADDRESSES = ["https://practitioner-guides.example/go/id5/", f"https://example.org/{'guides/' * 20}go/ch1-e1/?a&b"]


def strokes(svg: str) -> set[tuple[int, int]]:
    """The places of the dark modules of an SVG."""
    path = etree.fromstring(svg).xpath('//*[local-name() = "path"][@stroke = "#000"]/@d')[0]
    runs = [tuple(map(int, run)) for run in re.findall(r"M(\d+) (\d+)\.5h(\d+)", path)]
    return {(x + step, y) for x, y, length in runs for step in range(length)}


def dark(png: bytes, size: int) -> set[tuple[int, int]]:
    """The same of a PNG that is `size` modules wide."""
    Image.open(io.BytesIO(png)).verify()  # each part of the file against its check sum
    image = Image.open(io.BytesIO(png)).convert("L")
    scale = image.width // size
    assert image.size == (size * scale, size * scale) and 500 < image.width < 700
    return {(x, y) for x in range(size) for y in range(size) if image.getpixel((x * scale + scale // 2, y * scale + scale // 2)) == 0}


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_code_is_the_same_in_all_its_forms_and_framed_by_four_modules(address):
    size = qr.modules(address).width
    inline, file, png = strokes(qr.qr_svg(address)), strokes(qr.qr_svg_file(address)), dark(qr.qr_png(address), size + 8)
    assert inline == file == {(x - 4, y - 4) for x, y in png}
    assert f'viewBox="0 0 {size + 8} {size + 8}"' in qr.qr_svg_file(address) and 'translate(4 4)' in qr.qr_svg_file(address)
    assert min(x for x, _ in inline) == min(y for _, y in inline) == 0 and max(x for x, _ in inline) == size - 1


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_reads_back_with_error_correction_m_or_better(address):
    found = zxingcpp.read_barcode(Image.open(io.BytesIO(qr.qr_png(address))).convert("L"))
    assert found.text == address and found.format == zxingcpp.BarcodeFormat.QRCode and found.ec_level in ("M", "Q", "H")


def test_an_address_in_a_title_is_escaped():
    assert "a&amp;b" in qr.qr_svg(ADDRESSES[1]) and etree.fromstring(qr.qr_svg_file(ADDRESSES[1])) is not None
