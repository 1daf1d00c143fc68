"""The thin adapter between MkDocs and this package, named under `hooks:` in mkdocs.yml.

It runs the content rules before a build, lets search find a chapter by its questions, and writes what MkDocs
does not: short addresses, their QR codes and lists, and print pages. Everything it calls works without MkDocs.
"""

from __future__ import annotations

import logging
import os
from html import escape
from pathlib import Path

import lxml.html
from mkdocs.exceptions import PluginError

from guidebook import addresses, assets, library, linkkit, offline, rules, search
from guidebook.compose import PrintError, mend_series_page, write_print_page
from guidebook.markdown import AuthorError, hold, release
from guidebook.problems import no_room, report
from guidebook.series import Series

log = logging.getLogger("mkdocs.hooks.guidebook")


def _root(config) -> Path:
    return Path(config["config_file_path"]).parent


_parts: dict[str, list[str]] = {}


_live = False


def on_startup(command: str, dirty: bool) -> None:
    """Note whether this is the live preview: pages that a worker stored would hide what an author just wrote."""
    global _live
    _live = command == "serve"


def on_config(config):
    """Let pages ask for one script and one sheet, which on_post_build writes; name the edition; let it be stored, unless live."""
    config["extra"] |= {"edition_words": Series(_root(config)).edition_words, "offline": not _live}
    folder = Path(config["docs_dir"])
    scripts, sheets = ([str(part) for part in config[key] if (folder / str(part)).is_file()] for key in ("extra_javascript", "extra_css"))
    if assets.SCRIPT not in scripts and scripts:
        _parts[assets.SCRIPT] = [part for part in scripts if Path(part).stem not in assets.WHEN_WRITING]
        _parts[assets.WRITING] = [part for part in scripts if Path(part).stem in assets.WHEN_WRITING]
        _parts[assets.SHEET] = sheets
        config["extra_javascript"] = [assets.SCRIPT, *_others(config["extra_javascript"], scripts)]
        config["extra_css"] = [assets.SHEET, *_others(config["extra_css"], sheets)]
    return config


def _others(parts, ours: list[str]) -> list:
    """What is neither ours nor of the page of the whole series, which compose.mend_series_page gives its sheets."""
    return [part for part in parts if str(part) not in ours and "print-site" not in str(part)]


def on_pre_build(config) -> None:
    """Stop on any fault in the content, with all of them in one report."""
    series = Series(_root(config))
    problems = rules.check(series, draft=_live)
    if problems:
        raise PluginError(f"The content has faults.\n{report(problems)}")
    hold(series)


def on_page_content(content: str, page, config, files) -> str:
    """Count the minutes that a page takes to read; describe the page by its summary where people search and share."""
    # The theme writes it into an attribute as it is.
    page.meta.setdefault("description", escape(page.meta.get("summary") or config["site_description"]))
    # Reading time: 200 words a minute of what stands on the page, the notes at citations not counted.
    tree = lxml.html.fromstring(f"<div>{content}</div>")
    for note in tree.xpath('.//*[contains(concat(" ", @class, " "), " note ")]'):
        note.drop_tree()
    page.meta["minutes"] = max(1, round(len(tree.text_content().split()) / 200))
    return content


def on_post_page(output: str, page, config) -> str:
    """Send readers no byte that shows nowhere, and the findings behind citations in a file of their own."""
    output, name, cited = assets.part_cited(assets.squeeze(output))
    if name:
        target = Path(config["site_dir"], name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(cited, encoding="utf-8")
    return output


def on_build_error(error, **kwargs) -> None:
    """A block that cannot be rendered is an author's matter, a full disk the machine's owner's: no traceback."""
    release()
    if isinstance(error, AuthorError | PrintError):
        raise PluginError(str(error)) from None
    if isinstance(error, OSError) and (words := no_room(error)):
        raise PluginError(words) from None


def on_post_build(config) -> None:
    series, site = Series(_root(config)), Path(config["site_dir"])
    count = addresses.write_pages(series, site)
    linkkit.write_files(series, site)
    try:
        mend_series_page(series, site)
        for guide in series.guides:
            write_print_page(series, guide, site)
    except PrintError as error:
        raise PluginError(str(error)) from None
    search.write(series, site)
    library.write_words(series, site)
    for joined, parts in _parts.items():
        assets.join(series.docs, parts, site / joined)
    assets.shrink(series, site)
    release()
    if not _live:
        offline.write_worker(series, site)  # and again when all else is there: `guidebook.__main__.site`
    if os.environ.get("GUIDEBOOK_VERBOSE"):
        log.info("%d short addresses", count)
