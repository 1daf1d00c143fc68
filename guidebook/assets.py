"""Scripts, sheets and fonts as the site serves them: few, small, and without what no page uses.

Writers and other builders see the small files that mkdocs.yml lists. Readers on a slow network get one sheet with
those rules of the theme that a page can match, one script for every page, one more when they write, fonts cut to the
letters that the guides use, and what stands behind a chapter's citations only when they open one. Licence notes stand
beside the files in `docs/assets/`.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
from html import unescape
from pathlib import Path

import rcssmin
import rjsmin
import tinycss2

from guidebook.kept import save
from guidebook.series import Series

# The joined files stand beside their parts, so that relative addresses in them stay true.
SCRIPT, WRITING, SHEET = "assets/scripts/site.js", "assets/scripts/writing.js", "assets/styles/site.css"
# What core.js fetches when a reader comes near something to write in.
WHEN_WRITING = ("interface", "store", "notepad", "checklist", "exercise", "projector", "progress")
NAME = re.compile(r"[\w-]+")
TAG = re.compile(r"<([a-z][a-z0-9-]*)((?:[^<>\"]|\"[^\"]*\")*)>")
ATTRIBUTE = re.compile(r"\s([a-z-]+)(?:=\"([^\"]*)\"|(?=[\s/]|$))")
STATES = frozenset({"open", "hidden"})  # attributes that a browser gives, or a script by a property of that name
SELECTOR_NAME = re.compile(r"[.#](-?[A-Za-z_][\w-]*)|\[([\w-]+(?:=[\w-]+\])?)")
SELECTOR_TAG = re.compile(r"(?:^|[\s>+~])([a-z][a-z0-9]*)(\.-?[A-Za-z_][\w-]*)?")
# Room between lines that no reader sees: blank lines and indents, but not where they are text, nor in data.
ROOM = re.compile(r"<(pre|textarea|script)\b.*?</\1>|\s*\n\s*", re.S)
INLINE_SCRIPT = re.compile(r"(?<=<script>).*?(?=</script>)", re.S)
THEME_HOOK = re.compile(r"\sdata-md-(?:component|level|scrollfix|type)(?:=\"[^\"]*\")?(?=[\s>])|(?<=class=\"note\") data-search-exclude=\"\"")
# The neighbouring pages: Firefox would fetch the next one ahead, which the site's policy forbids, and complain on every page.
# What the theme's script would fill or its search would open. Who built the page.
IDLE = re.compile(
    r"<link rel=\"(?:prev|next)\"[^>]*>|<meta name=\"generator\"[^>]*>|<input class=\"md-toggle\" data-md-toggle=\"search\"[^>]*>"
    r"|<div class=\"md-dialog\"[^>]*>\s*<div[^>]*></div>\s*</div>|<div>\s*</div>"
)
CITED = re.compile(r"<a ([^>]*class=\"cite-link\"[^>]*)>([^<]*)</a><span class=\"note\"[^>]*>((?:<span>[^<]*</span>)+<small>[^<]*</small>)</span>")
REPEATED = re.compile(r"^print_page/|/print/|^go/.+/|^downloads/links/")
# What people write with, besides the letters of the pages; without the signs of programmers, which weigh as much.
FIRST_LETTERS = frozenset(map(chr, range(0x20, 0x7F))) - frozenset("\\^_`{|}~<>")


def join(docs: Path, parts: list[str], target: Path) -> None:
    """Write the files `parts` of `docs`, in their order, as one minified file at `target` (.js or .css)."""
    shrink_text = rjsmin.jsmin if target.suffix == ".js" else rcssmin.cssmin
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(shrink_text((docs / part).read_text(encoding="utf-8")) for part in parts) + "\n", encoding="utf-8")


def squeeze(page: str) -> str:
    """The HTML of a page without what shows nowhere.

    Blank lines, indents, what is there for the theme's script and search, which we do not use, and what IDLE names.
    """
    page = IDLE.sub("", page)
    page = ROOM.sub(lambda m: m[0] if m[1] else "\n", page)
    return THEME_HOOK.sub("", INLINE_SCRIPT.sub(lambda m: rjsmin.jsmin(m[0]), page))


def part_cited(page: str) -> tuple[str, str, str]:
    """A page of HTML, squeezed, without the findings behind its citations; the name and the text of a script that brings them.

    They are a fifth of a chapter, and most readers open none: note.js fetches them with the first that is opened. A
    citation without script leads to its reference, as any link. The name below the site follows the content, so that a
    page never meets the findings of another edition. Both are empty where nothing is cited.
    """
    notes = [re.findall(r">([^<]+)<", content) for _, _, content in CITED.findall(page)]
    if not notes:
        return page, "", ""
    texts = json.dumps([[unescape(text) for text in note] for note in notes], ensure_ascii=False, separators=(",", ":"))
    mark = hashlib.sha256(texts.encode()).hexdigest()[:10]
    page = CITED.sub(lambda m: f"<a {re.sub(' ?aria-describedby=.note-[0-9]+. ?', '', m[1])}>{m[2]}</a>", page)
    return page.replace("<article ", f'<article data-cited="{mark}" ', 1), f"assets/cited/{mark}.js", f"guidebookCited({texts})\n"


def shrink(series: Series, site: Path) -> None:
    """Make a built site light: the theme's rules cut and joined to ours, its scripts gone, scripts minified, fonts cut."""
    # Not the heavy ones that hold the same blocks and letters once more, nor the hundreds that forward.
    files = [file for file in sorted(site.rglob("*.html")) if not REPEATED.search(file.relative_to(site).as_posix())]
    pages = [file.read_text(encoding="utf-8") for file in files]
    scripts = [file.read_text(encoding="utf-8") for file in sorted((site / "assets" / "scripts").glob("*.js"))]
    sheet = site / SHEET
    if sheet.exists():
        theme = sorted((site / "assets" / "stylesheets").glob("*.css"), key=lambda file: not file.name.startswith("main"))
        names = names_in(pages, scripts)
        ours = sheet.read_text(encoding="utf-8")
        cut = "\n".join(prune(re.sub(r"/\*#.*?\*/", "", file.read_text(encoding="utf-8")), names) for file in theme)
        sheet.write_text(rcssmin.cssmin(without_idle_properties(cut, ours)) + "\n" + ours, encoding="utf-8")
        for unused in ("assets/stylesheets", "assets/javascripts"):
            shutil.rmtree(site / unused, ignore_errors=True)
    for file in sorted((site / "assets" / "scripts").glob("*.js")):
        if file.name not in (Path(SCRIPT).name, Path(WRITING).name):
            file.write_text(rjsmin.jsmin(file.read_text(encoding="utf-8")) + "\n", encoding="utf-8")
    letters = FIRST_LETTERS | set("".join(re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.S) for page in pages))
    for file in sorted((site / "assets" / "fonts").glob("*.woff2")):
        cut_font(file, letters, series.root / ".cache" / "fonts")


def names_in(pages: list[str], scripts: list[str]) -> set[str]:
    """Every class, id and attribute that a page has or that a script or the browser could give it; tags as `<p`, a tag's classes as `p.note`."""
    names: set[str] = set(STATES)
    for tag, attributes in {found for page in pages for found in TAG.findall(page)}:
        names.add(f"<{tag}")
        for attribute, value in ATTRIBUTE.findall(attributes):
            names.update((attribute, f"{attribute}={value}"))
            if attribute in ("class", "id"):
                names.update(value.split())
            if attribute == "class":
                names.update(f"{tag}.{name}" for name in value.split())
    for script in scripts:
        for text in re.findall(r"[\"'`]([^\"'`]*)[\"'`]", script):
            names.update(NAME.findall(text))
    return names


def prune(css: str, names: set[str]) -> str:
    """The rules of `css` of which a selector can match: all its tags, classes, ids and attributes are among `names`."""
    css = "".join(_kept(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), names))
    moved = set(re.findall(r"[\w-]+", " ".join(re.findall(r"animation(?:-name)?:([^;}]+)", css))))
    return re.sub(r"@keyframes ([\w-]+)\{(?:[^{}]*\{[^{}]*\})*\s*\}", lambda m: m[0] if m[1] in moved else "", css)


def _kept(rules, names: set[str]) -> list[str]:
    found = []
    for rule in rules:
        if rule.type == "at-rule":
            if rule.at_keyword in ("media", "supports", "layer") and rule.content is not None:
                inner = _kept(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), names)
                if inner:
                    found.append(f"@{rule.at_keyword} {tinycss2.serialize(rule.prelude).strip()}{{{''.join(inner)}}}")
            else:
                found.append(rule.serialize())
        elif rule.type == "qualified-rule":
            selectors = _selectors(rule.prelude)
            kept = [selector for selector in selectors if _can_match(selector, names)]
            if kept:
                found.append(f"{','.join(kept)}{{{tinycss2.serialize(rule.content)}}}")
    return found


def _selectors(prelude) -> list[str]:
    """The selectors of a rule, parted at the commas that stand in no bracket."""
    parts: list[list] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def without_idle_properties(css: str, others: str) -> str:
    """`css` without the custom properties that neither it nor `others` reads; the theme's icons are such, and heavy."""
    while True:
        read = set(re.findall(r"var\(\s*(--[\w-]+)", css + others))
        idle = {name for name in re.findall(r"[{;](--[\w-]+):", css) if name not in read}
        if not idle:
            return css
        value = r"(?:[^;{}\"']|\"[^\"]*\"|'[^']*')*"
        css = re.sub(rf"(?<=[{{;])({'|'.join(map(re.escape, sorted(idle, key=len, reverse=True)))}):{value};?", "", css)


def _can_match(selector: str, names: set[str]) -> bool:
    # What :not() excludes need not be there, and of what :is() and :where() offer one is enough: both are left alone.
    bare = re.sub(r":(?:not|is|where|has|-webkit-any|-moz-any)\([^()]*(?:\([^()]*\)[^()]*)*\)", "", selector)
    bare = bare.replace('"', "").replace("'", "")
    return all((one or other.rstrip("]")) in names for one, other in SELECTOR_NAME.findall(bare)) and all(
        (f"<{tag}" in names or tag in names) and (not name or f"{tag}{name}" in names) for tag, name in SELECTOR_TAG.findall(bare)
    )


def cut_font(file: Path, letters: set[str], cache: Path) -> None:
    """Cut a variable font in place to `letters` and to the weights in use, 400 to 700; kept in `cache` by its content."""
    source = file.read_bytes()
    digest = hashlib.sha256(source + "".join(sorted(letters)).encode() + b"400:700 2").hexdigest()[:16]
    kept = cache / f"{file.stem}-{digest}.woff2"
    try:
        cut = kept.read_bytes()
    except OSError:
        cut = _cut(source, letters)
        save(kept, f"{file.stem}-{'?' * 16}.woff2", cut)
    file.write_bytes(cut)


def _cut(source: bytes, letters: set[str]) -> bytes:
    from fontTools import subset  # takes a while, and most builds have all fonts kept
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    def opened(content: bytes) -> TTFont:
        return TTFont(io.BytesIO(content), recalcTimestamp=False)

    def saved(font: TTFont, flavor: str | None) -> bytes:
        font.flavor, out = flavor, io.BytesIO()
        font.save(out, reorderTables=flavor is None)
        return out.getvalue()

    font = opened(source)
    wanted = sorted(ord(letter) for letter in letters if ord(letter) in font.getBestCmap())
    options = subset.Options(layout_features=["kern", "mark", "mkmk", "ccmp", "locl"], hinting=False, name_IDs=[0, 13, 14], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    plain = saved(font, None)
    font = opened(plain)
    if "fvar" in font and wanted:
        # Pairs of letters are as close in bold as in regular: that they vary would weigh a kilobyte.
        regular, places = opened(plain), [table for table in ("GPOS", "GDEF") if table in font]
        for table in places:
            del font[table]
        del regular["gvar"]  # of it the places of letters are needed, not their shapes
        font = instancer.instantiateVariableFont(font, {"wght": (400, 700)})
        regular = instancer.instantiateVariableFont(regular, {"wght": 400})
        for table in places:
            font[table] = regular[table]
    return saved(font, "woff2")
