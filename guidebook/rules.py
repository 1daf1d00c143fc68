"""The content rules: one small function each, returning problems an author can mend.

`make check`, the build and the tests run the same functions through :func:`check`. A rule sees the sources
only (see `guidebook.source`), so all of them together take a second. What can be seen only in a composed
document (a link that dies in print) is in `guidebook.compose`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from guidebook import addresses, crosswalk, glossary, library, quotes, register, training
from guidebook.markdown import BLOCK_NAMES
from guidebook.problems import Problem
from guidebook.series import ANY_CODE, BLOCK_CODE, CHAPTER_CODE, CODED_BLOCKS, Guide, Series
from guidebook.source import SourceBlock, SourcePage

# Front matter: what a chapter must say, and what any other page may.
CHAPTER_FIELDS = {"code", "summary", "questions", "serves"}
OPTIONAL_FIELDS = {"also", "duties"}
PAGE_FIELDS = {"code", "summary"}
PAGE_OPTIONAL = {"also", "template", "hide"}
# Whom a chapter can serve: the professions of the series, in the words of the site.
SERVES = (
    "social work", "health", "psychology", "child protection", "law enforcement", "labour inspection",
    "border and immigration", "consular", "law", "education", "vocational training", "job counselling",
    "shelter", "public administration", "policy",
)  # fmt: skip
# Options a block takes: name -> (required, optional).
BLOCK_OPTIONS = {
    "exercise": ({"id", "minutes"}, {"group", "material"}),
    "notepad": ({"id"}, {"lines"}),
    "checklist": ({"id"}, set()),
    "figure": ({"id", "src"}, set()),
    "session": ({"id", "minutes", "group", "material", "room"}, set()),
    "question": ({"id"}, set()),
    "write-in": ({"id"}, {"lines"}),
}
TITLED = {"exercise", "notepad", "checklist", "figure", "scenario", "references", "session", "question", "answer", "write-in", "link-kit"}
OF_A_GUIDE = {"references", "link-kit"}  # their title is a guide's folder
# What the id of a block without a code looks like.
ID_EXAMPLES = {"session": "plan-id-60", "question": "eval-id-1", "write-in": "feedback-1"}
# Words the guides do not use, and what to write instead. A pattern matches whole words, any case.
BANNED = {
    r"child prostitut\w+": "Write of a child who is sexually exploited.",
    r"(?:modern[- ]day|modern) slaves?": 'Write "a person who was trafficked".',
    r"sex slaves?": 'Write "a person trafficked for sexual exploitation".',
    r"rescu(?:e|ed|es|ing|er|ers)": 'Say what was done: "raid", "brought out", "taken to a shelter".',
    r"broken (?:people|person|lives|women|men|children|victims?)": "Name the harm, not the person.",
    r"voiceless": "People have a voice; say who was not listened to.",
    r"illegal (?:im)?migrants?": 'Write "a person without papers" or "irregular migrant".',
}
ANY_BANNED = re.compile(rf"\b(?:{'|'.join(f'({pattern})' for pattern in BANNED)})\b", re.IGNORECASE)  # a group each
CHANGES = "changes.md"  # what is new, edition by edition
QUOTES = re.compile(r"[\"“”«»„]")


def check(series: Series, draft: bool = False) -> list[Problem]:
    """Run every rule over the whole series; returns all problems in file order.

    Register faults come first and alone: without a register no citation can be judged. A `draft`, as a live preview
    shows it to its author, may have straight quotes.
    """
    try:
        evidence = register.load(series.root / "evidence")
    except register.RegisterError as error:
        return sorted(error.problems)
    problems: list[Problem] = []
    for page in series.pages:
        for rule in PAGE_RULES:
            problems += [_placed(series, page, *fault) for fault in rule(page, series)]
        problems += [_placed(series, page, *fault) for fault in citations_checked(page, series, evidence)]
    for rule in SERIES_RULES:
        problems += rule(series)
    if not draft:
        problems += straight_quotes(series)
    return sorted(set(problems))


def _placed(series: Series, page: SourcePage, line: int, problem: str, cure: str) -> Problem:
    return Problem(f"{series.docs.name}/{page.path.as_posix()}", line, problem, cure)


Faults = Iterator[tuple[int, str, str]]


def is_chapter(page: SourcePage, series: Series) -> bool:
    return series.guide_of(page) is not None and bool(CHAPTER_CODE.match(page.code))


def is_about(page: SourcePage, series: Series) -> bool:
    """The About page of a guide: its chapter 1, which needs none of a chapter's parts."""
    match = CHAPTER_CODE.match(page.code)
    return bool(match) and match["number"] == "1"


# ---------------------------------------------------------------- one page at a time


def front_matter(page: SourcePage, series: Series) -> Faults:
    if page.meta_fault:
        yield 1, f"{page.meta_fault}.", "See skeletons/chapter.md for a front matter that works."
        return
    in_guide = page.path.parts[0] in series.config["extra"]["guides"]
    chapter = in_guide and page.path.name != "references.md"
    required, optional = (CHAPTER_FIELDS, OPTIONAL_FIELDS) if chapter else (PAGE_FIELDS, PAGE_OPTIONAL)
    for name in sorted(required - set(page.meta)):
        yield 1, f'the front matter lacks "{name}".', f"Add it; a page needs {', '.join(sorted(required))}."
    for name in page.meta:
        if name not in required | optional:
            yield (
                page.meta_lines.get(name, 1),
                f'the front matter field "{name}" is unknown.',
                f"Use {', '.join(sorted(required | optional))}.",
            )
    if chapter and page.code and not CHAPTER_CODE.match(page.code):
        yield page.meta_lines.get("code", 1), f'"{page.code}" is not a chapter code.', "Write it like ID5."
    guide = series.guide_of(page)
    if chapter and guide and CHAPTER_CODE.match(page.code) and not page.code.startswith(guide.prefix):
        yield (
            page.meta_lines.get("code", 1),
            f"{page.code} does not begin with {guide.prefix}, the prefix of its guide.",
            f"Use {guide.prefix} and the chapter's number.",
        )
    for name in ("questions", "serves", "also", "duties"):
        if name in page.meta and not isinstance(page.meta[name], list):
            yield page.meta_lines.get(name, 1), f'"{name}" is not a list.', "Write one item a line, each after a dash."
    for role in page.meta.get("serves") or [] if isinstance(page.meta.get("serves"), list) else []:
        if role not in SERVES:
            yield page.meta_lines.get("serves", 1), f'"{role}" is not a profession we serve.', f"Choose from: {', '.join(SERVES)}."
    duties = page.meta.get("duties") if isinstance(page.meta.get("duties"), list) else []
    for duty in duties:
        if duty not in crosswalk.BY_CODE:
            yield page.meta_lines.get("duties", 1), f'"{duty}" is not in the crosswalk.', f"Choose from: {', '.join(crosswalk.BY_CODE)}."
    if is_chapter(page, series) and not is_about(page, series) and not duties:
        yield (
            page.meta_lines.get("duties", 1),
            "the chapter serves no theme or article of the crosswalk.",
            'Add `duties: [ACWC 2]`, with the codes that fit (guidebook/crosswalk.py has them all).',
        )
    if len(str(page.meta.get("summary", ""))) > 200:
        yield page.meta_lines.get("summary", 1), "the summary is longer than 200 characters.", "Shorten it."


def headings(page: SourcePage, series: Series) -> Faults:
    tops = [h for h in page.headings if h.level == 1]
    if not tops:
        yield page.body_line, "the page has no title.", "Begin it with one line `# Title`."
    for extra in tops[1:]:
        yield extra.line, "a second title (#) on one page.", "Use ## for a section."
    level = 0
    for heading in page.headings:
        if level and heading.level > level + 1:
            yield (
                heading.line,
                f'the heading "{heading.text}" skips from level {level} to level {heading.level}.',
                f"Use {'#' * (level + 1)} here.",
            )
        level = heading.level


def sections_filled(page: SourcePage, series: Series) -> Faults:
    """A heading has something under it: text, a block, or a heading below its own level."""
    ends = [*(h.line for h in page.headings[1:]), len(page.lines) + 1]
    following = [*page.headings[1:], None]
    for heading, end, after in zip(page.headings, ends, following, strict=True):
        empty = not any(line.strip() for line in page.lines[heading.line : end - 1])
        if empty and (after is None or after.level <= heading.level):
            yield heading.line, f'nothing stands under the heading "{heading.text}".', "Write the section, or remove its heading."


def blocks_known(page: SourcePage, series: Series) -> Faults:
    for block in page.blocks:
        if block.name not in BLOCK_NAMES:
            yield block.line, f'there is no block "{block.name}".', f"Use one of: {', '.join(BLOCK_NAMES)}."
            continue
        if not block.end:
            yield (
                block.line,
                f'the block "{block.name}" is never closed.',
                "Close it with a line of as many slashes as open it; an outer block needs more slashes than an inner one.",
            )
        if block.options_fault:
            yield block.line, f'the block "{block.name}": {block.options_fault}.', "Write one `name: value` a line."
            continue
        required, optional = BLOCK_OPTIONS.get(block.name, (set(), set()))
        for name in sorted(set(block.options) - required - optional):
            yield (
                block.line + 1,
                f'the block "{block.name}" takes no option "{name}".',
                f"It takes: {', '.join(sorted(required | optional)) or 'none'}.",
            )
        for name in sorted(required - set(block.options)):
            cure = f"Write it as a line `    {name}: ...` below the block's first line."
            if name == "id":
                cure = f"Give it one like {ID_EXAMPLES.get(block.name) or _example(page, block)}."
            yield block.line, f'the block "{block.name}" has no {name}.', cure
        for name in ("minutes", "lines"):
            if name in block.options and not str(block.options[name]).isdigit():
                yield block.line + 1, f'{name} "{block.options[name]}" is not a whole number.', "Write it in digits."
        for name in ("id", "src", "group", "material", "room"):
            if name in block.options and not isinstance(block.options[name], str):
                yield block.line + 1, f'{name} "{block.options[name]}" is not a text.', "Put it in quotes."
        if block.name in TITLED and not block.title:
            yield block.line, f'the block "{block.name}" has no title.', f"Write `/// {block.name} | Title`."
        if block.name in OF_A_GUIDE and block.title and block.title not in series.config["extra"]["guides"]:
            yield block.line, f'the block "{block.name}" names no guide "{block.title}".', f"Use one of: {', '.join(series.config['extra']['guides'])}."
        if block.name == "facilitation" and (block.parent is None or block.parent.name != "exercise"):
            yield block.line, "facilitation notes stand outside an exercise.", "Move them before the exercise's closing line."


def _example(page: SourcePage, block: SourceBlock) -> str:
    return f"{page.code.lower() or 'id5'}-{CODED_BLOCKS[block.name].lower()}1"


def block_ids(page: SourcePage, series: Series) -> Faults:
    """Ids of exercises, notepads, checklists and figures are codes of their own chapter."""
    for block in page.blocks:
        if block.name not in CODED_BLOCKS or not block.id:
            continue
        match = BLOCK_CODE.match(block.id.upper())
        letter = CODED_BLOCKS[block.name]
        good = _example(page, block)
        if not match or block.id != block.id.lower():
            yield block.line + 1, f'{block.name} id "{block.id}" is not a code.', f"Write it like {good}."
        elif match["chapter"] != page.code:
            yield block.line + 1, f'{block.name} id "{block.id}" is not of this chapter ({page.code}).', f"Write it like {good}."
        elif match["letter"] != letter:
            yield block.line + 1, f'{block.name} id "{block.id}" has the letter of another block.', f"Use {letter.lower()}: {good}."


def chapter_parts(page: SourcePage, series: Series) -> Faults:
    if not is_chapter(page, series) or is_about(page, series):
        return
    names = [block.name for block in page.blocks]
    if "at-a-glance" not in names:
        yield page.body_line, "the chapter has no at-a-glance block.", "Begin it with `/// at-a-glance`, three to five sentences."
    if "exercise" not in names:
        yield page.body_line, "the chapter has no exercise.", "Add one that makes the reader use the chapter."
    if names.count("notepad") < 2:
        yield page.body_line, f"the chapter has {names.count('notepad')} notepad(s).", "Give it at least two."
    for block in page.blocks:
        inside = [b for b in page.blocks if b.parent is block and b.name == "facilitation"]
        if block.name == "exercise" and not inside:
            yield block.line, "the exercise has no facilitation notes.", "Add `/// facilitation` before its closing line."


def citations_checked(page: SourcePage, series: Series, evidence: register.Register) -> Faults:
    in_guide = page.path.parts[0] in series.config["extra"]["guides"]
    for found in page.citations:
        resolved = evidence.resolve(found.value)
        if not resolved:
            yield found.line, f"the citation @{found.value} is not in the evidence register.", "Check its spelling in evidence/*.yaml."
            continue
        source, finding = resolved
        if finding and not finding.checked:
            yield (
                found.line,
                f"the finding @{found.value} is not checked.",
                "Read it again at its source and date it (evidence/README.md), or cite another.",
            )
        elif not source.checked_findings:
            yield found.line, f"the source @{found.value} has no checked finding.", "Check one at its source first (evidence/README.md)."
        elif not in_guide:
            yield found.line, f"@{found.value} is cited outside a guide.", "Citations belong in a guide's folder, which has a reference list."


def terms_defined(page: SourcePage, series: Series) -> Faults:
    terms = glossary.load(series.docs)
    for number, line in enumerate(page.lines, 1):
        if line.startswith("|") and (bent := re.search(r"\[\[[^\]]*\|[^\]]*\]\]", line)):
            yield number, f'"{bent[0]}" stands in a table, whose columns its bar would part.', "Write the term itself: [[presumed victim]]."
    for found in page.terms:
        if found.value.lower() not in terms:
            yield found.line, f'the term "{found.value}" is not in the glossary.', "Define it in docs/glossary.md, or remove the brackets."
        elif page.path.parts[0] not in series.config["extra"]["guides"]:
            yield found.line, f'the term "{found.value}" is marked outside a guide.', "Link to glossary.md instead."


def links_resolve(page: SourcePage, series: Series) -> Faults:
    own = urlsplit(series.site_url)
    for found in page.links:
        parts = urlsplit(found.value)
        if parts.scheme in ("http", "https"):
            if parts.netloc == own.netloc:
                yield found.line, f'"{found.value}" is an absolute link to our own site.', "Link to the .md file instead."
            continue
        if parts.scheme or found.value.startswith("//"):
            if parts.scheme != "mailto":
                yield found.line, f'"{found.value}" is not a link we can publish.', "Link to a .md file or to https://."
            continue
        if parts.path.startswith("/"):
            yield found.line, f'"{found.value}" begins at the root of one server.', "Link to the .md file, relative to this one."
            continue
        target = page
        if parts.path:
            path = _joined(page, unquote(parts.path))
            if path in series.by_path:
                target = series.by_path[path]
            elif path and (series.docs / path).is_file():
                continue
            else:
                yield found.line, f'the link "{found.value}" leads nowhere.', "Check the file's name and folder."
                continue
            printed = series.guide_of(page) or page.path.parts[0] == training.FOLDER
            if printed and series.guide_of(target) is not series.guide_of(page) and not target.code:
                yield (
                    found.line,
                    f'the link "{found.value}" breaks in print: that page has no short address.',
                    'Give that page a "code" in its front matter.',
                )
        if parts.fragment:
            ids = target.ids() | ({term.id for term in glossary.load(series.docs).values()} if target.path.name == "glossary.md" else set())
            evidence_anchor = target.path.name == "references.md" or target.path.parts[0] == library.FOLDER
            if parts.fragment not in ids and not evidence_anchor:
                yield found.line, f'the anchor "#{parts.fragment}" is not on {target.path.as_posix()}.', "Check the heading or the block's id."


def _joined(page: SourcePage, path: str) -> str:
    parts: list[str] = list(page.path.parent.parts)
    for part in PurePosixPath(path).parts:
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def images_described(page: SourcePage, series: Series) -> Faults:
    for image in page.images:
        if not image.text.strip():
            yield image.line, f'the image "{image.value}" has no text alternative.', "Say in the brackets what it shows: ![...](file)."
        if urlsplit(image.value).scheme:
            yield image.line, f'the image "{image.value}" is on another site.', "Keep it in the guide's images/ folder."
        elif not (series.docs / _joined(page, image.value)).is_file():
            yield image.line, f'the image file "{image.value}" is missing.', "Check its name and folder."
    for block in page.blocks:
        if block.name != "figure":
            continue
        source = block.options.get("src")
        if source and not (series.docs / _joined(page, str(source))).is_file():
            yield block.line, f'the figure\'s file "{source}" is missing.', "Check its name and folder."
        body = [line for line in page.lines[block.line + len(block.options) : max(block.end - 1, 0)] if line.strip()]
        if block.end and not body:
            yield block.line, "the figure has no text alternative.", "Say inside the block, in words, what the figure shows."


def table_heads(page: SourcePage, series: Series) -> Faults:
    """A head cell says what its column holds: who listens to a table hears it at each cell."""
    for number, (line, following) in enumerate(zip(page.lines, page.lines[1:], strict=False), 1):
        if line.startswith("|") and re.fullmatch(r"\|(?:\s*:?-+:?\s*\|)+", following.strip()):
            if any(not cell.strip() for cell in line.strip().strip("|").split("|")):
                yield number, "a table has an empty head cell.", "Say in a word what the column holds: Who, When, Question."


def words(page: SourcePage, series: Series) -> Faults:
    # The glossary may name a word in order to explain why the guides avoid it.
    if page.path.name == "glossary.md":
        return
    text, cures = "\n".join(page.lines), list(BANNED.values())
    for match in ANY_BANNED.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, f'"{match[0]}" is a term we do not use.', cures[match.lastindex - 1]


def experience_unquoted(page: SourcePage, series: Series) -> Faults:
    for block in page.blocks:
        if block.name != "experience":
            continue
        for number in range(block.line, max(block.end, block.line)):
            if QUOTES.search(page.lines[number - 1]):
                yield number, "quotation marks in an experience.", "Tell it in our own words: what people told researchers is paraphrased."
        cited = any(block.line <= c.line <= block.end for c in page.citations)
        if block.end and not cited:
            yield block.line, "the experience cites no finding.", "Name the finding it comes from: [@key-1]."


# ---------------------------------------------------------------- training


def plans(page: SourcePage, series: Series) -> Faults:
    """A session plan can be run as it stands: ids, times that add up, codes that exist, enough time for an exercise."""
    for block in page.blocks:
        if block.name != "session" or block.options_fault:
            continue
        if page.path.parts[0] != training.FOLDER:
            yield block.line, "a session plan stands outside the training pages.", f"Move it to a page in docs/{training.FOLDER}/."
            continue
        yield from _plan_id(page, block, series)
        yield from _plan_codes(page, block, series)
        found = training.tables(page, block)
        if block.end and not any(table.rows for table in found):
            yield block.line, "the plan has no table.", f"Give it one that begins `| {' | '.join(training.COLUMNS)} |`."
        total, whole = 0, True
        for table in found:
            if table.head.cells != training.COLUMNS:
                yield table.head.line, "the plan's table has other columns.", f"Begin it with `| {' | '.join(training.COLUMNS)} |`."
                whole = False
                continue
            for row in table.rows:
                if row.minutes is None:
                    yield row.line, f'"{row.cells[0]}" is not whole minutes.', "Write them in digits, without a word; lunch is no row."
                    whole = False
                total += row.minutes or 0
                yield from _row(row, series)
        minutes = str(block.options.get("minutes", ""))
        if whole and total and minutes.isdigit() and total != int(minutes):
            yield (
                block.line,
                f"the rows of the plan add up to {total} minutes, and it says {minutes}.",
                "Change a row, or the option minutes.",
            )


def _plan_id(page: SourcePage, block: SourceBlock, series: Series) -> Faults:
    owners = [guide.prefix.lower() for guide in series.guides] + list(training.TEAMS)
    match = training.PLAN_ID.match(block.id)
    if block.id and not (match and match["whose"] in owners and match["length"] in training.LENGTHS):
        yield (
            block.line + 1,
            f'session id "{block.id}" does not say whose plan it is and how long.',
            f"Write it like plan-id-60: plan, one of {', '.join(owners)}, one of {', '.join(training.LENGTHS)}.",
        )
    elif match:
        if page.code != f"plans-{match['whose']}":
            yield block.line + 1, f'session id "{block.id}" is not of this page ({page.code}).', f"Move it to the page with the code plans-{match['whose']}."
        low, high = training.LENGTHS[match["length"]]
        minutes = str(block.options.get("minutes", ""))
        if minutes.isdigit() and not low <= int(minutes) <= high:
            span = str(low) if low == high else f"{low} to {high}"
            yield block.line + 1, f'"{block.id}" takes {minutes} minutes.', f"A plan with that id takes {span} minutes."


def _plan_codes(page: SourcePage, block: SourceBlock, series: Series) -> Faults:
    """Every code that a plan names anywhere leads to something."""
    prefixes = {guide.prefix for guide in series.guides}
    for number in range(block.line, max(block.end, block.line)):
        for match in ANY_CODE.finditer(page.lines[number - 1]):
            if match[0][:2] in prefixes and match[0] not in series.coded:
                yield number, f'the plan names "{match[0]}", which does not exist.', "Look the code up in addresses.yml."


def _row(row: training.Row, series: Series) -> Faults:
    if len(row.cells) != len(training.COLUMNS):
        yield row.line, f"a row of the plan has {len(row.cells)} cells.", f"Give it {len(training.COLUMNS)}; write a bar in a text as \\|."
        return
    if not row.cells[2]:
        yield row.line, "a row of the plan does not say what happens.", "Say it in the third column."
    if row.code and row.code not in series.coded:
        if not ANY_CODE.fullmatch(row.code):  # one that looks like a code is told by _plan_codes
            yield row.line, f'"{row.code}" is not a code.', "Write one code like ID8 or ID8-E1, or leave the cell empty."
        return
    needs = series.coded[row.code].minutes if row.code else 0
    if row.minutes is not None and row.minutes < needs:
        yield row.line, f"the row gives {row.code} {row.minutes} minutes, and the exercise takes {needs}.", f"Give it at least {needs}."


def evaluations(page: SourcePage, series: Series) -> Faults:
    """An evaluation page: ten questions, each with three or four options and an answer that leads to a chapter."""
    questions = [block for block in page.blocks if block.name == "question"]
    for block in page.blocks:
        if block.name == "answer" and (block.parent is None or block.parent.name != "question"):
            yield block.line, "an answer stands outside a question.", "Move it before the question's closing line."
    wanted = page.path.parts[0] == training.FOLDER and page.code.startswith("evaluation-")
    if questions and not wanted:
        yield questions[0].line, "a question stands outside the evaluation pages.", f"Move it to docs/{training.FOLDER}/evaluation-<guide>.md."
    if not wanted:
        return
    whose = page.code.removeprefix("evaluation-")
    guide = training.owner(series, whose)
    if guide is None:
        yield page.meta_lines.get("code", 1), f'"{page.code}" names no guide.', f"End it with one of {', '.join(g.prefix.lower() for g in series.guides)}."
        return
    if len(questions) != training.QUESTIONS:
        yield page.body_line, f"the evaluation has {len(questions)} questions.", f"Give it {training.QUESTIONS}: its form is one sheet."
    for number, block in enumerate(questions, 1):
        if block.id and block.id != f"eval-{whose}-{number}":
            yield block.line + 1, f'question id "{block.id}" is not that of question {number} of this page.', f"Write eval-{whose}-{number}."
        yield from _question(page, block, guide)


def _question(page: SourcePage, block: SourceBlock, guide: Guide) -> Faults:
    options = training.options_of(page, block)
    if not 3 <= len(options) <= 4:
        yield block.line, f"the question has {len(options)} options.", "Give it three or four, as a list."
    answers = [b for b in page.blocks if b.name == "answer" and b.parent is block]
    if len(answers) != 1:
        yield block.line, f"the question has {len(answers)} answers.", "Write one `/// answer | b` before its closing line."
        return
    answer = answers[0]
    letters = training.LETTERS[: len(options)]
    if answer.title.strip() not in list(letters):
        yield answer.line, f'the answer "{answer.title}" is the letter of no option.', f"Write one of {', '.join(letters) or 'a, b, c'}."
    chapters = {chapter.path.as_posix() for chapter in guide.chapters}
    inside = [link for link in page.links if answer.line < link.line < answer.end]
    if answer.end and not any(_joined(page, unquote(urlsplit(link.value).path)) in chapters for link in inside):
        yield (
            answer.line,
            f"the answer links no chapter of {guide.short_title}.",
            f"Say where it is answered, like [{guide.chapters[-1].code}](../{guide.chapters[-1].path.as_posix()}).",
        )


PAGE_RULES = (
    front_matter, headings, sections_filled, blocks_known, block_ids, chapter_parts, terms_defined, links_resolve,
    images_described, table_heads, words, experience_unquoted,
    plans, evaluations,
)  # fmt: skip


# ---------------------------------------------------------------- the series as a whole


def codes_unique(series: Series) -> list[Problem]:
    problems: list[Problem] = []
    seen: dict[str, tuple[SourcePage, int]] = {}
    for page in series.pages:
        marks: list[tuple[str, int, SourceBlock | None]] = []
        if page.code:
            marks.append((page.code, page.meta_lines.get("code", 1), None))
        marks += [(b.id.upper(), b.line + 1, b) for b in page.blocks if b.id]
        for code, line, block in marks:
            if code in seen:
                first, at = seen[code]
                what = f'{block.name} id "{block.id}"' if block else f"the code {code}"
                problems.append(
                    _placed(series, page, line, f"{what} is already used in {first.path.as_posix()} at line {at}.", "Choose another.")
                )
            else:
                seen[code] = (page, line)
    return problems


def nav_complete(series: Series) -> list[Problem]:
    text = (series.root / "mkdocs.yml").read_text(encoding="utf-8").splitlines()

    def line_of(path: str) -> int:
        return next((n for n, line in enumerate(text, 1) if path in line), 1)

    problems = [
        Problem("mkdocs.yml", line_of(path), f'the nav names "{path}", which is not in docs/.', "Write the file, or mend its name.")
        for path in series.nav
        if path not in series.by_path
    ]
    problems += [
        _placed(series, page, 1, "the page is not in the nav.", "Add its path under `nav` in mkdocs.yml.")
        for path, page in series.by_path.items()
        if path not in series.nav
    ]
    problems += [
        Problem("mkdocs.yml", line_of(path), f'the nav names "{path}" twice.', "Keep one.")
        for path in {p for p in series.nav if series.nav.count(p) > 1}
    ]
    return problems


def edition_told(series: Series) -> list[Problem]:
    """Number and date are readable, and the newest entry of the change log is of this edition."""
    extra = series.config["extra"]
    lines = (series.root / "mkdocs.yml").read_text(encoding="utf-8").splitlines()
    at = next((n for n, line in enumerate(lines, 1) if line.strip().startswith("edition")), 1)
    if not isinstance(extra.get("edition_number"), str) or not re.fullmatch(r"\d+\.\d+", extra["edition_number"]):
        return [Problem("mkdocs.yml", at, f'edition_number "{extra.get("edition_number")}" is not a number in quotes.', 'Write it like "1.0".')]
    try:
        words = f"Edition {series.edition_words}"
    except ValueError:
        return [Problem("mkdocs.yml", at, f'edition "{series.edition}" is not a date.', 'Write it like "2026-11-24".')]
    page = series.by_path.get(CHANGES)
    newest = next((heading for heading in page.headings if heading.level == 2), None) if page else None
    if newest is None or newest.text != words:
        line, found = (newest.line, f'the newest entry is "{newest.text}"') if newest else (1, "there is no entry")
        return [Problem(f"{series.docs.name}/{CHANGES}", line, f'{found}, but this is "{words}".', f"Begin the list with `## {words}` and say what is new, or mend the edition in mkdocs.yml.")]
    return []


def ledger_agrees(series: Series) -> list[Problem]:
    return addresses.problems(series)


def codes_exist(series: Series) -> list[Problem]:
    """A code that a page names in its text, in a plan or a sentence, is a code of the series.

    What is an address and no text (the target of a link, a citation) is left out.
    """
    known, retired = series.addresses(), addresses.read(series.root)["retired"]
    code = re.compile(rf"(?<![\w/-])(?:{'|'.join(guide.prefix for guide in series.guides)})\d+(?:-[A-Z]+\d+)?(?!\w)")
    address = re.compile(r"\]\([^)]*\)|https?://\S+|\[@[^\]]*\]|\{[^}]*\}")
    problems = []
    for page in series.pages:
        for number, line in enumerate(page.lines[page.body_line - 1 :], page.body_line):
            for found in code.findall(address.sub(" ", line)):
                if found in known:
                    continue
                if found in retired:
                    problems.append(_placed(series, page, number, f"{found} was withdrawn.", f"Name what took its place: {retired[found]}."))
                    continue
                own = [other for other in known if other.partition("-")[0] == found.partition("-")[0]]
                cure = f"That chapter has {', '.join(own)}." if own else "Check it against addresses.yml."
                problems.append(_placed(series, page, number, f"there is no {found}.", cure))
    return problems


def crosswalk_whole(series: Series) -> list[Problem]:
    """Every theme and article of the crosswalk is served by a chapter."""
    served = {duty for guide in series.guides for page in guide.chapters for duty in crosswalk.of(page)}
    return [
        Problem("guidebook/crosswalk.py", 1, f'no chapter serves "{duty.code}" ({duty.title}).', "Name it under duties in a chapter that does.")
        for duty in crosswalk.DUTIES
        if duty not in served
    ]


def straight_quotes(series: Series) -> list[Problem]:
    """Running text has the quotation marks and apostrophes of a printed book, in pages, drawings and the register."""
    return [
        Problem(file.relative_to(series.root).as_posix(), number, "straight quotation marks or apostrophes.", f"Run `make quotes`, which sets them: {mended.strip()[:60]}")
        for file in quotes.files(series.root)
        for number, mended in quotes.faults(file, file.read_text(encoding="utf-8"))
    ]


SERIES_RULES = (edition_told, codes_unique, nav_complete, ledger_agrees, codes_exist, crosswalk_whole, library.problems)
