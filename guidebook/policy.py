"""What a browser may run and load on the built site, and the files that tell servers to say the same.

Every page gets a Content-Security-Policy made from what stands in it: nothing but this site's own files, and of
inline scripts and styles exactly those that were built, known by their SHA-256 (https://www.w3.org/TR/CSP3/).
A text that a browser was tricked into adding runs nowhere, and nothing a reader writes can be sent to another
site. The page says it itself, so that it holds on servers that send no headers; `_headers`, the Caddyfile and
nginx.conf say it again, with what only a header can say (https://owasp.org/www-project-secure-headers/).

It reads what is built and knows nothing of the theme. It comes last: whatever changes a page afterwards must run
`seal` again, which replaces what it wrote before.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import html

from guidebook.series import Series


class PolicyError(ValueError):
    """A page holds what the policy would block; the message names pages, elements and cures."""


# Scripts that a browser runs; of any other type (application/json) the text is data, and needs no hash.
RUNS = {"", "text/javascript", "application/javascript", "module"}

# Worker and manifest for the offline copy, data: for small drawings in sheets. Search and filters listen, and send
# nothing; only a page whose form asks the site itself for another page (a mistyped code) may submit one.
BASE = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}

# What a page may ask the device for: to keep the screen on in the projector view, to put a short link on the
# clipboard. The rest is off; the names are those that Chromium knows, so that its console stays quiet
# (https://github.com/w3c/webappsec-permissions-policy/blob/main/features.md).
ALLOWED = ("clipboard-write", "screen-wake-lock")
DENIED = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "display-capture", "encrypted-media",
    "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection", "local-fonts",
    "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get", "serial", "storage-access",
    "sync-xhr", "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip

# File endings and their types: servers differ in what they know, above all of the newer ones.
TYPES = {
    "html": "text/html", "css": "text/css", "js": "text/javascript", "json": "application/json",
    "webmanifest": "application/manifest+json", "svg": "image/svg+xml", "png": "image/png",
    "jpg": "image/jpeg", "ico": "image/x-icon", "woff2": "font/woff2", "xml": "text/xml", "txt": "text/plain",
    "csv": "text/csv", "pdf": "application/pdf", "zip": "application/zip", "gz": "application/gzip", "epub": "application/epub+zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
TEXTS = ("html", "css", "js", "json", "webmanifest", "svg", "xml", "txt", "csv")

# A name that holds a hash of the content never means another content: it may be kept for ever. A day is no hash.
HASHED = re.compile(r"[.-](?=[0-9]*[a-f])[0-9a-f]{8,}\.[\w.]+$")

SERVER_FILES = ("Caddyfile", "nginx.conf")


@dataclass
class Found:
    """What a policy must allow of inline code, as CSP source expressions."""

    scripts: set[str] = field(default_factory=set)
    styles: set[str] = field(default_factory=set)
    form: bool = False  # one that leads to a page of the site

    def policy(self) -> str:
        """The value of a Content-Security-Policy. The same code gives the same bytes."""
        sources = dict(BASE)
        for name, found in (("script-src", self.scripts), ("style-src", self.styles)):
            sources[name] = " ".join([sources[name], *sorted(found)])
        if self.form:
            sources["form-action"] = "'self'"
        return "; ".join(f"{name} {value}" for name, value in sources.items())


def sha256(text: str) -> str:
    """The CSP source expression of an inline script or style."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") + "'"


def read(page: str, name: str) -> Found:
    """The inline scripts and styles of a page, given as text; `name` is what messages call it.

    Raises PolicyError for what no hash can allow: style attributes, on... attributes, javascript: links, and files
    from other sites.
    """
    tree = html.document_fromstring(page.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    found, faults = Found(), []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for key, value in element.attrib.items():
            if key == "style":
                faults.append(f'{name}: {_shown(element)} has style="{value}". Give it a class, and the style to a sheet.')
            elif key.startswith("on"):
                faults.append(f"{name}: {_shown(element)} has {key}. Listen for the event in a script of docs/assets/scripts/.")
            elif key in ("href", "src", "action") and value.strip().lower().startswith("javascript:"):
                faults.append(f"{name}: {_shown(element)} leads to a script ({value[:40]}). Use a button and a script file.")
        if element.tag == "script" and (element.get("type") or "").lower() in RUNS:
            if element.get("src") is None:
                found.scripts.add(sha256(element.text or ""))
        elif element.tag == "style":
            found.styles.add(sha256(element.text or ""))
        elif element.tag == "form" and element.get("action"):
            found.form = True
        loads = element.get("src") or (element.get("href") if element.tag == "link" and "stylesheet" in (element.get("rel") or "") else "")
        if loads and urlsplit(loads).netloc:
            faults.append(f"{name}: {_shown(element)} loads {loads} from another site. Put the file into docs/assets/.")
    if faults:
        raise PolicyError("\n".join(faults))
    return found


def _shown(element: html.HtmlElement) -> str:
    """An element's tag as messages show it."""
    return f"<{element.tag}{''.join(f' {key}={element.get(key)!r}' for key in ('id', 'class') if element.get(key))}>"


class _Enough(Exception):
    """The head was read; the rest of a page does not matter to its place."""


class _Head(HTMLParser):
    """Where a page's head begins, where its charset is said, and where `seal` wrote before: offsets in the text."""

    def __init__(self, page: str, name: str):
        super().__init__(convert_charrefs=False)
        self.place: int | None = None  # behind <head>, then behind <meta charset>
        self.ours: list[tuple[int, int]] = []
        self.early: str | None = None  # what stands before the place and would escape the policy
        self.waiting: str | None = None  # the first such thing so far
        self.lines = [0]
        for line in page.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        try:
            self.feed(page)
        except _Enough:
            pass
        if self.place is None:
            raise PolicyError(f"{name}: the page has no <head>, so it cannot say its policy. Write the whole HTML frame.")
        if self.early:
            raise PolicyError(f"{name}: {self.early} stands before <meta charset>, where the policy would come too late. Move it down.")

    def handle_starttag(self, tag, attrs):
        line, column = self.getpos()
        start = self.lines[line - 1] + column
        end = start + len(self.get_starttag_text() or "")
        attrs = {key: (value or "").lower() for key, value in attrs}
        if tag == "head":
            self.place = end
        elif tag == "meta" and "charset" in attrs:
            self.place = end
            self.early = self.waiting
        elif tag == "meta" and (attrs.get("http-equiv") == "content-security-policy" or attrs.get("name") == "referrer"):
            self.ours.append((start, end))
        elif tag in ("script", "style", "link", "base", "img"):
            self.waiting = self.waiting or f"<{tag}>"
        elif tag == "body":
            raise _Enough

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        if tag == "head":
            raise _Enough


def unsealed(page: str, name: str = "page") -> str:
    """The page without what `seal` wrote into it, byte for byte as it was: for a copy that must do without."""
    return _without(_Head(page, name).ours, page)


def _without(places: list[tuple[int, int]], page: str) -> str:
    for start, end in reversed(places):
        start -= page.endswith("\n", 0, start)
        page = page[:start] + page[end:]
    return page


def sealed(page: str, name: str = "page") -> tuple[str, Found]:
    """The page with its own policy right behind its charset, and what the policy allows. All else stays as it is.

    lxml reads the page; it does not write it, because that would change more than this one place.
    """
    head = _Head(page, name)
    if head.ours:
        page = _without(head.ours, page)
        head = _Head(page, name)
    found = read(page, name)
    place = head.place
    policy = escape(found.policy(), quote=False)  # it holds single quotes, and no double ones
    said = f'\n<meta http-equiv="Content-Security-Policy" content="{policy}">\n<meta name="referrer" content="no-referrer">'
    return page[:place] + said + page[place:], found


def seal(site: Path) -> Found:
    """Write each page's policy into it; returns all that the pages of the built `site` need together.

    Runs on a built folder, as often as one likes. Raises PolicyError with all faults of all pages, and then
    leaves every page as it was.
    """
    union, faults, pages = Found(), [], {}
    for file in sorted(site.rglob("*.html")):
        try:
            text, found = sealed(file.read_text(encoding="utf-8"), file.relative_to(site).as_posix())
        except PolicyError as error:
            faults.append(str(error))
            continue
        pages[file] = text
        union.scripts |= found.scripts
        union.styles |= found.styles
        union.form |= found.form
    if faults:
        raise PolicyError("\n".join(faults))
    for file, text in pages.items():
        file.write_text(text, encoding="utf-8", newline="")
    return union


def headers(found: Found) -> dict[str, str]:
    """The headers of every answer, by name. `found` is what all pages need together.

    Strict-Transport-Security leaves out includeSubDomains: other sites under the publisher's name are not ours to bind.
    """
    return {
        "Content-Security-Policy": f"{found.policy()}; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": ", ".join([*(f"{name}=()" for name in DENIED), *(f"{name}=(self)" for name in ALLOWED)]),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000",
    }


def server_folder(site: Path) -> Path:
    """Where the files for servers go: beside the site, because what is in the site is public."""
    return site.parent / f"{site.name}-server"


def write_server_files(series: Series, site: Path, found: Found) -> Path:
    """Write `_headers` into the site and Caddyfile and nginx.conf beside it, from `deploy/`; returns their folder.

    `_headers` must lie in the site: the hosts that know it (Netlify, Cloudflare Pages) look for it there and do not
    show it, and the two others refuse it.
    """
    address = urlsplit(series.site_url)
    kept = [file.relative_to(site).as_posix() for file in sorted(site.rglob("*")) if file.is_file() and HASHED.search(file.name)]
    templates = Environment(
        loader=FileSystemLoader(series.root / "deploy"), undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True,
        autoescape=False,  # these are no HTML
    )  # fmt: skip
    values = {
        "host": address.hostname, "base": address.path or "/", "headers": headers(found), "types": TYPES,
        "texts": [type for ending, type in TYPES.items() if ending in TEXTS], "hashed": HASHED.pattern, "kept": kept,
    }  # fmt: skip
    folder = server_folder(site)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("_headers", *SERVER_FILES):
        text = templates.get_template(name).render(values)
        ((site if name == "_headers" else folder) / name).write_text(text, encoding="utf-8")
    return folder
