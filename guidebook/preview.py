"""What shows when an address is pasted into a message: its picture's name, and the tags of short addresses.

Built pages have the same tags from `overrides/main.html`; both fill `overrides/partials/preview.html`. The pictures
themselves are drawn by `guidebook.pictures`.
"""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import Environment, FileSystemLoader

from guidebook.series import Series, url_of
from guidebook.source import SourcePage

FOLDER = "assets/og"


def picture_of(page: SourcePage | None) -> str:
    """The picture's address below the site for a page; the home page's for one without a code."""
    return f"{FOLDER}/{page.code.lower() if page and page.code else 'home'}.png"


def preview_tags(series: Series) -> Callable[[str, str, str], str]:
    """A function (code, title, address below the site) -> the tags of that code's short address.

    A short address shows the picture and the summary of the page that it leads to.
    """
    template = Environment(loader=FileSystemLoader(series.root / "overrides")).get_template("partials/preview.html")
    pages = {url_of(page.path): page for page in series.pages}
    site = str(series.config["site_name"])

    def tags(code: str, title: str, address: str) -> str:
        page = pages.get(address.partition("#")[0])
        guide = series.guide_of(page) if page else None
        alt = site
        if page and page.code != "home":
            chapter = f"{page.code} " if page.code.isupper() else ""
            alt = f"{chapter}{page.title}. {f'Guide {guide.number}, {guide.title}' if guide else site}"
        summary = page.meta.get("summary") if page else None
        return template.render(
            preview={
                "type": "article", "site": site, "title": site if code == "home" else f"{code} \u00b7 {title}" if code.isupper() else title,
                "description": str(summary or series.config["site_description"]), "url": series.site_url + address,
                "image": series.site_url + picture_of(page), "alt": alt,
            }
        )  # fmt: skip

    return tags
