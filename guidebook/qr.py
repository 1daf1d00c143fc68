"""QR codes of addresses (ISO/IEC 18004), hundreds in a build: segno makes them, Pillow packs the PNGs, which it does sooner."""

from __future__ import annotations

import io
from functools import cache

import segno
from PIL import Image

QUIET = 4  # modules of white around a code: the quiet zone of the standard
PNG_SIZE = 600  # pixels, about
LIGHT = bytes.maketrans(b"\0\1", b"\xff\0")  # a module is 1 where it is dark, a pixel 0


@cache  # a build shows a code up to three times: in print, on a card, as a file
def qr_code(address: str) -> segno.QRCode:
    """The QR code of an address, error correction M or better."""
    return segno.make(address, error="m", micro=False)


@cache
def qr_svg(address: str) -> str:
    """A QR code as inline SVG, without a quiet zone (the page gives it)."""
    return qr_code(address).svg_inline(border=0, scale=1, omitsize=True, svgclass="qr", lineclass=None, title=f"QR code for {address}")


def qr_png(address: str, quiet: int = QUIET) -> bytes:
    """A QR code as a PNG of one bit a pixel, in `quiet` modules of white."""
    rows = qr_code(address).matrix
    size = len(rows) + 2 * quiet
    framed = Image.new("1", (size, size), 1)
    framed.paste(Image.frombytes("L", (len(rows), len(rows)), b"".join(rows).translate(LIGHT)).convert("1"), (quiet, quiet))
    scale = max(1, round(PNG_SIZE / size))
    png = io.BytesIO()
    framed.resize((size * scale, size * scale)).save(png, "PNG")
    return png.getvalue()
