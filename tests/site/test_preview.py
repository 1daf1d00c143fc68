"""What shows when somebody pastes an address into a message: title, words and a picture, on every page."""

from __future__ import annotations

import html as entities

import pytest
from lxml import html
from PIL import Image

from guidebook import addresses
from guidebook.colours import roles
from guidebook.series import url_of


def tags(file):
    tree = html.parse(str(file), parser=html.HTMLParser(encoding="utf-8")).getroot()
    return {meta.get("property") or meta.get("name"): meta.get("content") for meta in tree.xpath("//head/meta[@property or @name]")}


def check(found, series, site):
    assert found["twitter:card"] == "summary_large_image"
    assert found["og:type"] in ("website", "article") and found["og:site_name"] == series.config["site_name"]
    assert len(found["og:title"]) > 2 and len(found["og:description"]) > 20 and len(found["og:image:alt"]) > 5
    assert found["og:url"].startswith(series.site_url)
    assert found["og:image"].startswith(f"{series.site_url}assets/og/")
    picture = site / found["og:image"].removeprefix(series.site_url)
    assert picture.exists(), found["og:image"]
    with Image.open(picture) as image:
        assert image.size == (1200, 630) == (int(found["og:image:width"]), int(found["og:image:height"]))


def test_each_page_has_its_preview_and_its_picture(site, series):
    for page in series.pages:
        found = tags(site / url_of(page.path) / "index.html")
        check(found, series, site)
        assert found["og:url"] == series.site_url + url_of(page.path)
        if page.meta.get("summary"):
            assert found["og:description"] == page.meta["summary"]
        if page.code:
            assert found["og:image"].endswith(f"/{page.code.lower()}.png")
        if series.guide_of(page):
            assert found["og:title"] == entities.unescape(page.title)


def test_each_short_address_previews_what_it_leads_to(site, series):
    now = series.addresses()
    for code, address in addresses.read(series.root)["codes"].items():
        found = tags(site / "go" / code.lower() / "index.html")
        check(found, series, site)
        if code in now:
            page = next(page for page in series.pages if url_of(page.path) == address.partition("#")[0])
            assert found["og:image"].endswith(f"/{page.code.lower()}.png")
            assert found["og:url"] == series.site_url + address
        if "-" in code and code.isupper():
            assert found["og:title"].startswith(f"{code} · ")


def test_pictures_are_small_and_each_its_own(site, series):
    files = sorted((site / "assets" / "og").glob("*.png"))
    assert {file.stem for file in files} == {page.code.lower() for page in series.pages if page.code}
    assert max(file.stat().st_size for file in files) < 40_000
    # A guide's reference list and its first page have titles that other guides have, too, but other colours.
    assert len({file.read_bytes() for file in files}) == len(files)


def test_a_picture_wears_its_guides_colour(site, series, guide):
    accent = roles(series, guide)["accent"]
    with Image.open(site / "assets" / "og" / f"{guide.chapters[1].code.lower()}.png") as image:
        corner = image.convert("RGB").getpixel((10, 10))
    assert corner == pytest.approx(tuple(bytes.fromhex(accent[1:])), abs=1)
