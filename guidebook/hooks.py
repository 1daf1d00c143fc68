"""The thin adapter between MkDocs and this package, named under `hooks:` in mkdocs.yml.

It runs the content rules before a build, lets search find a chapter by its questions, and writes what MkDocs
does not: short addresses, their QR codes and lists, and print pages. Everything it calls works without MkDocs.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import lxml.html
from mkdocs.exceptions import PluginError

from guidebook import addresses, assets, linkkit, rules
from guidebook.compose import PrintError, mend_series_page, write_print_page
from guidebook.markdown import AuthorError, hold, release
from guidebook.problems import no_room, report
from guidebook.series import Series

log = logging.getLogger("mkdocs.hooks.guidebook")


def _root(config) -> Path:
    return Path(config["config_file_path"]).parent


_parts: dict[str, list[str]] = {}


def on_config(config):
    """Let pages ask for one script and one sheet, which on_post_build writes, and name the edition in their foot."""
    config["extra"]["edition_words"] = Series(_root(config)).edition_words
    for key, joined in (("extra_javascript", assets.SCRIPT), ("extra_css", assets.SHEET)):
        ours = [str(part) for part in config[key] if (Path(config["docs_dir"]) / str(part)).is_file()]
        if ours:
            _parts[joined] = ours
            config[key] = [joined, *(part for part in config[key] if str(part) not in ours and str(part) != joined)]
    return config


def on_pre_build(config) -> None:
    """Stop on any fault in the content, with all of them in one report."""
    problems = rules.check(Series(_root(config)))
    if problems:
        raise PluginError(f"The content has faults.\n{report(problems)}")
    hold(_root(config))


def on_page_markdown(markdown: str, page, config, files) -> str:
    """Let search find a chapter by the questions it answers and the words its readers use for its topic.

    As tags, which Material's search weighs above any text; the theme shows them nowhere (see base.css).
    """
    words = [*(page.meta.get("questions") or []), *(page.meta.get("also") or [])]
    if words:
        page.meta["tags"] = [str(word) for word in words]
    return markdown


def on_page_content(content: str, page, config, files) -> str:
    """Count the minutes that a page takes to read."""
    # Reading time: 200 words a minute of what stands on the page, the notes at citations not counted.
    tree = lxml.html.fromstring(f"<div>{content}</div>")
    for note in tree.xpath('.//*[contains(concat(" ", @class, " "), " note ")]'):
        note.drop_tree()
    page.meta["minutes"] = max(1, round(len(tree.text_content().split()) / 200))
    return content


def on_build_error(error, **kwargs) -> None:
    """A block that cannot be rendered is an author's matter, a full disk the machine's owner's: no traceback."""
    release()
    if isinstance(error, AuthorError | PrintError):
        raise PluginError(str(error)) from None
    if isinstance(error, OSError) and (words := no_room(error)):
        raise PluginError(words) from None


def on_post_build(config) -> None:
    series, site = Series(_root(config)), Path(config["site_dir"])
    for joined, parts in _parts.items():
        assets.join(series.docs, parts, site / joined)
    assets.shrink_all(site)
    count = addresses.write_pages(series, site)
    linkkit.write_files(series, site)
    try:
        mend_series_page(series, site)
        for guide in series.guides:
            write_print_page(series, guide, site)
    except PrintError as error:
        raise PluginError(str(error)) from None
    release()
    if os.environ.get("GUIDEBOOK_VERBOSE"):
        log.info("%d short addresses", count)
