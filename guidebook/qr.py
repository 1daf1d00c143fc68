"""QR codes of addresses (ISO/IEC 18004), hundreds in a build: zxing-cpp makes them, Pillow packs the PNGs."""

from __future__ import annotations

import io
import re
from functools import cache
from html import escape

import zxingcpp
from PIL import Image

QUIET = 4  # modules of white around a code: the quiet zone of the standard
PNG_SIZE = 600  # pixels, about
SVG_MODULE = 10  # pixels


@cache  # a build shows a code up to three times: in print, on a card, as a file
def modules(address: str) -> Image.Image:
    """The QR code of an address, error correction M or better: a pixel a module, 0 where it is dark, 255 where it is light."""
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    drawn = memoryview(code.to_image(scale=1, add_quiet_zones=False))
    return Image.frombytes("L", drawn.shape[::-1], drawn.tobytes())


@cache
def _strokes(address: str) -> str:
    """Its dark modules as a path, a stroke a run of them, from 0 0."""
    image, strokes = modules(address), []
    pixels, size = image.tobytes(), image.width
    for y in range(size):
        row = pixels[y * size : (y + 1) * size]
        strokes += (f"M{run.start()} {y}.5h{run.end() - run.start()}" for run in re.finditer(b"\0+", row))
    return f'<path stroke="#000" d="{"".join(strokes)}"/>'


def _title(address: str) -> str:
    return f"<title>QR code for {escape(address)}</title>"


def qr_svg(address: str) -> str:
    """A QR code as inline SVG, without a quiet zone (the page gives it)."""
    size = modules(address).width
    return f'<svg viewBox="0 0 {size} {size}" class="qr">{_title(address)}{_strokes(address)}</svg>'


def qr_svg_file(address: str) -> str:
    """A QR code as an SVG file. White behind the code and round it, so that it can be read on a dark slide."""
    size = modules(address).width + 2 * QUIET
    pixels = size * SVG_MODULE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{pixels}" height="{pixels}" viewBox="0 0 {size} {size}">{_title(address)}'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><g transform="translate({QUIET} {QUIET})">{_strokes(address)}</g></svg>\n'
    )


def qr_png(address: str, quiet: int = QUIET) -> bytes:
    """A QR code as a PNG of one bit a pixel, in `quiet` modules of white."""
    code = modules(address).convert("1")
    size = code.width + 2 * quiet
    framed = Image.new("1", (size, size), 1)
    framed.paste(code, (quiet, quiet))
    scale = max(1, round(PNG_SIZE / size))
    png = io.BytesIO()
    framed.resize((size * scale, size * scale)).save(png, "PNG")
    return png.getvalue()
