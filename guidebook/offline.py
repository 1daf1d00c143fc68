"""The guides without a network: the list for the service worker, and the whole site as one folder to unpack.

The worker (`docs/assets/scripts/worker.js`) stores an edition whole or not at all, so it must know every file and
what is in it: the list is made from the built site and stands at the head of `sw.js`. The folder holds the same pages
with links to files (`family/index.html`) where the site has links to folders, which no browser opens from a disk.
Both are made last of all, because both are true only of finished files.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import posixpath
import re
import zlib
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import rjsmin
from lxml import html

from guidebook.series import Series

WORKER, SOURCE = "sw.js", "assets/scripts/worker.js"
CODES = "assets/search/codes.json"  # where each code leads, for the worker: a thousand short addresses in one file
PAGE = "offline/index.html"
FOLDER = "downloads/practitioner-guides-site.zip"
# Needs a network, or a file that a reader chose to keep: heavy, and not for reading on a screen.
HEAVY = re.compile(r"^(print_page/|[a-z]+/print/|downloads/links/|downloads/.*\.(pdf|pptx|xlsx|csv|zip)$)")
KEEPABLE = re.compile(r"^downloads/[\w-]+\.pdf$")
STORED_KINDS = (".html", ".css", ".js", ".svg", ".woff2")
# In the folder no picture for pasted addresses, no slides and no second PDF of the same text: it would weigh 25 MB.
NOT_IN_FOLDER = re.compile(r"^(sw\.js|assets/search/codes\.json|404\.html|sitemap\.xml.*|robots\.txt|_headers|_redirects|\..*|assets/og/.*|downloads/.*\.(pptx|zip)|downloads/(series|[\w-]+-plain)\.pdf)$")
README = """{name}, edition of {edition}

Open the file index.html in this folder with your web browser (a double click does it on most computers).
Everything works without a network: all chapters, the search, the notepads, the evidence library.

- Keep all files together in this folder. You can copy the folder to a USB stick or another computer.
- The workbooks and handouts are in the folder "downloads". The plain editions, the starter slides and the volume
  with all guides are not inside: links to them, and to sources, lead to the internet.
- What you write in a notepad stays in your browser, not in this folder. Some browsers let every page that is opened
  from this computer's files share one store: save your notes as a file, and clear them, before others use it.
- The newest edition is at {address}

Text CC BY 4.0, code MIT. Nothing in this folder sends anything anywhere.
"""


def address_of(file: str) -> str:
    """The address that a built file is asked for at: `a/index.html` -> `a/`."""
    return file[: -len("index.html")] if file == "index.html" or file.endswith("/index.html") else file


def digest(content: bytes) -> str:
    """What the worker knows a file by: the first 16 digits of its SHA-256."""
    return hashlib.sha256(content).hexdigest()[:16]


def _files(site: Path) -> list[str]:
    below = ((Path(folder).relative_to(site).as_posix(), names) for folder, _, names in os.walk(site))
    return sorted(posixpath.normpath(f"{folder}/{name}") for folder, names in below for name in names)


def stored_files(series: Series, site: Path) -> list[str]:
    """The built files that an edition stores: every page to read, with its sheet, scripts, fonts and search.

    Left out are `HEAVY` ones, the parts of joined scripts and sheets, and the short addresses of codes in use: the
    worker leads on from those by the list at `CODES`.
    """
    joined = {str(part) for key in ("extra_javascript", "extra_css") for part in series.config.get(key, [])}
    codes = {f"go/{code.lower()}/index.html" for code in series.addresses()}
    sheets = {"assets/styles/site.css", "calendar/calendar.css"}
    found = []
    for file in _files(site):
        if file != CODES and not file.endswith(STORED_KINDS) or HEAVY.match(file) or file in joined or file in codes or file in (WORKER, SOURCE):
            continue
        if file.startswith(("assets/fonts/print/", "js/", "css/")) or file == "assets/scripts/print-notes.js":
            continue  # of print pages
        if file.endswith(".css") and file not in sheets or file.endswith(".svg") and not file.startswith("assets/images/"):
            continue  # parts of the joined sheet; drawings that stand in their pages
        found.append(file)
    return found


def write(series: Series, site: Path) -> Path:
    """Write the folder to download, and its size into the page on offline use; returns the folder's path."""
    fill_page(series, site, folder_bytes=0)
    folder = write_folder(series, site)
    fill_page(series, site, folder_bytes=folder.stat().st_size)
    return folder


def write_codes(series: Series, site: Path) -> None:
    """Write the address of each code in use, `{"id5-e1": "identification/…/#id5-e1"}`."""
    codes = {code.lower(): address for code, address in series.addresses().items()}
    (site / CODES).parent.mkdir(parents=True, exist_ok=True)
    (site / CODES).write_text(json.dumps(codes, separators=(",", ":")) + "\n", encoding="utf-8")


def write_worker(series: Series, site: Path) -> Path | None:
    """Write `sw.js` for the site as it now stands; returns its path, or None where there is no worker's source."""
    source = series.docs / SOURCE
    if not source.exists():
        return None
    (site / SOURCE).unlink(missing_ok=True)  # served at the root only, with its list
    write_codes(series, site)
    script = rjsmin.jsmin(source.read_text(encoding="utf-8"))
    files = {address_of(file): digest((site / file).read_bytes()) for file in stored_files(series, site)}
    every = _files(site)
    keepable = {file: digest((site / file).read_bytes()) for file in every if KEEPABLE.match(file)}
    heavy = sorted(address_of(file) for file in every if HEAVY.match(file) and file not in keepable and file != FOLDER)
    facts = {"edition": series.edition, "files": files, "keepable": keepable, "heavy": [*heavy, FOLDER]}
    facts["id"] = digest((json.dumps(facts) + script).encode())
    target = site / WORKER
    target.write_text(f"const EDITION={json.dumps(facts, separators=(',', ':'))};\n{script}\n", encoding="utf-8")
    return target


def megabytes(size: int) -> str:
    """A size as readers know it: `1.4 MB`."""
    return f"{max(size, 50_000) / 1e6:.1f} MB"


def fill_page(series: Series, site: Path, folder_bytes: int) -> None:
    """Write the sizes, known only now, into the page that `docs/offline.md` makes. No folder's size while it is 0."""
    file = site / PAGE
    if not file.exists():
        return
    tree = html.parse(str(file), parser=html.HTMLParser(encoding="utf-8"))
    kept = [name for name in stored_files(series, site) if name != PAGE]
    contents = [(site / name).read_bytes() for name in kept]
    packed = sum(len(zlib.compress(content, 6)) if not name.endswith(".woff2") else len(content) for name, content in zip(kept, contents, strict=True))
    for box in tree.xpath('//*[@class="offline"]'):
        box.set("data-edition", series.edition)
        box.set("data-size", megabytes(packed))
        box.set("data-files", str(len(kept) + 1))
    values = {"packed": megabytes(packed), "unpacked": megabytes(sum(map(len, contents))), "folder": megabytes(folder_bytes) if folder_bytes else ""}
    for span in tree.xpath("//*[@data-size-of]"):
        name = span.get("data-size-of")
        span.text = values.get(name) or (megabytes((site / name).stat().st_size) if (site / name).is_file() else "")
    for item in tree.xpath("//li[@data-file]"):
        if (site / item.get("data-file")).is_file():
            item.set("data-digest", digest((site / item.get("data-file")).read_bytes()))
    file.write_bytes(html.tostring(tree, encoding="utf-8", doctype="<!doctype html>"))


class _Links(HTMLParser):
    """Finds the tags of a page whose links must change in a folder, and keeps every other letter of it."""

    PLACES = {"a": "href", "area": "href", "form": "action", "link": "href"}

    def __init__(self, change):
        super().__init__(convert_charrefs=False)
        self.change = change
        self.found: list[tuple[tuple[int, int], str, str]] = []  # (line, column), the tag as it stands, as it shall be

    def handle_starttag(self, tag, attributes):
        place, values = self.PLACES.get(tag), dict(attributes)
        if tag == "script" and "data-offline" in values:  # a folder needs no worker
            new = {name: value for name, value in values.items() if name != "data-offline"}
        elif tag == "link" and values.get("rel") == "preload":  # browsers refuse it from a disk, aloud
            self.found.append((self.getpos(), self.get_starttag_text(), ""))
            return
        elif place and values.get(place) and not (tag == "link" and values.get("rel") in ("canonical", "stylesheet", "icon")):
            new = values | {place: self.change(values[place])}
        else:
            return
        if new != values:
            shown = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in new.items())
            self.found.append((self.getpos(), self.get_starttag_text(), f"<{tag}{shown}>"))

    handle_startendtag = handle_starttag


def as_file(text: str, page: str, inside: set[str], site_url: str) -> str:
    """A page of the site as it stands in the folder: `page` is its path there, `inside` what else the folder holds.

    A link to a folder names its file; a link to what the folder lacks leads to the site.
    """

    def change(link: str) -> str:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
            return link
        path = unquote(parts.path)
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
        tail = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        if target in inside:
            return link
        file = posixpath.normpath(posixpath.join(target, "index.html"))
        if file in inside:
            return posixpath.join(parts.path, "index.html") + tail
        slash = "/" if path.endswith("/") else ""
        return site_url + ("" if target == "." else target + slash) + tail

    parser = _Links(change)
    parser.feed(text)
    parser.close()
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    done, last = [], 0
    for (line, column), old, new in parser.found:
        at = starts[line - 1] + column
        done += [text[last:at], new]
        last = at + len(old)
    return "".join([*done, text[last:]])


def write_folder(series: Series, site: Path) -> Path:
    """Write the site as one zip that runs from a disk; the same bytes from the same site. Returns its path."""
    day = datetime.date.fromisoformat(series.edition)
    name = f"practitioner-guides-{series.edition}"
    files = [file for file in _files(site) if not NOT_IN_FOLDER.match(file) and file != SOURCE]
    inside = set(files)
    readme = README.format(name=series.config["site_name"], edition=series.edition, address=series.site_url)
    target = site / FOLDER
    target.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as folder:

        def add(path: str, content: bytes) -> None:
            entry = ZipInfo(f"{name}/{path}", (day.year, day.month, day.day, 0, 0, 0))
            packed = path.endswith((".woff2", ".xlsx", ".png"))
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_STORED if packed else ZIP_DEFLATED, 3, 0o644 << 16
            folder.writestr(entry, content)

        add("README.txt", readme.replace("\n", "\r\n").encode())
        for file in files:
            content = (site / file).read_bytes()
            if file.endswith(".html"):
                content = as_file(content.decode(), file, inside, series.site_url).encode()
            add(file, content)
    return target
