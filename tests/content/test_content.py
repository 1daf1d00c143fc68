"""Every chapter against every rule, and the promises the guide makes about itself."""

from __future__ import annotations

import itertools
import re

from guidebook import addresses, register, rules
from guidebook.problems import report
from guidebook.source import parse

SCREEN_WORDS = re.compile(r"[A-Za-z][A-Za-z'’-]*")


# What stands in the source and is no word of the text: citations, block names and options, link targets.
NOT_READ = re.compile(r"\s*\[@[^\]]*\]|^    \w+:.*$|^/{3,}\s*[\w-]*|\]\([^)]*\)", re.M)


def words_read(page) -> int:
    return len(SCREEN_WORDS.findall(NOT_READ.sub("", "\n".join(page.lines[page.body_line - 1 :]))))


def test_no_problem_in_any_page(series):
    problems = rules.check(series)
    assert not problems, report(problems)


# What each guide promises: words that a reader reads, and at least so many of each part.
PROMISES = {
    "identification": {"words": (12_000, 18_000), "chapters": 10, "exercise": 10, "figure": 7, "checklist": 8, "experience": 8, "findings": 60, "sources": 35},
    "protection": {"words": (15_000, 24_000), "chapters": 13, "exercise": 15, "figure": 8, "checklist": 9, "experience": 9, "findings": 80, "sources": 45},
    "reintegration": {"words": (15_000, 24_000), "chapters": 14, "exercise": 16, "figure": 8, "checklist": 10, "experience": 10, "findings": 80, "sources": 40},
    "children": {"words": (15_000, 24_000), "chapters": 14, "exercise": 16, "figure": 8, "checklist": 12, "experience": 9, "findings": 80, "sources": 45},
}  # fmt: skip


def test_the_guide_has_the_parts_it_promises(series, guide):
    promise = PROMISES[guide.slug]
    chapters = [page for page in guide.chapters if not rules.is_about(page, series)]
    names = [block.name for page in chapters for block in page.blocks]
    assert len(guide.chapters) == promise["chapters"]
    for name in ("exercise", "figure", "checklist"):
        assert names.count(name) >= promise[name], name
    assert sum(any(b.name == "experience" for b in page.blocks) for page in chapters) >= promise["experience"]
    low, high = promise["words"]
    assert low <= sum(words_read(page) for page in guide.chapters) <= high


def test_the_guide_cites_widely_enough(series, guide):
    evidence = register.load(series.root / "evidence")
    found = [evidence.resolve(key) for key in series.cited(guide.chapters)]
    assert len({finding.id for _, finding in found if finding}) >= PROMISES[guide.slug]["findings"]
    assert len({source.key for source, _ in found}) >= PROMISES[guide.slug]["sources"]


def sequences(guide, length: int = 10) -> set[tuple[str, ...]]:
    """All runs of ten words that a reader meets in one chapter of a guide."""
    found = set()
    for page in guide.chapters:
        words = [word.lower() for word in SCREEN_WORDS.findall(NOT_READ.sub("", "\n".join(page.lines[page.body_line - 1 :])))]
        found |= {tuple(words[n : n + length]) for n in range(len(words) - length + 1)}
    return found


def test_what_a_government_reported_is_cited_as_its_report(series):
    """A reader who looks a statement of the United States up finds the report, not the law that it speaks of."""
    evidence = register.load(series.root / "evidence")
    told = [finding for finding in evidence.findings.values() if finding.checked and finding.fact.startswith(("The United States reported", "According to the United States"))]
    assert len(told) > 20
    wrong = [finding.id for finding in told if "United States Department of State" not in evidence.sources[finding.source_key].authors]
    assert not wrong


def test_guides_repeat_no_more_than_lets_each_stand_alone(series):
    """Fewer than one in fifty runs of ten words stand in another guide too."""
    runs = {guide.slug: sequences(guide) for guide in series.guides}
    for one, other in itertools.combinations(runs, 2):
        shared = len(runs[one] & runs[other]) / min(len(runs[one]), len(runs[other]))
        assert shared < 0.02, (one, other, f"{shared:.1%}")


def test_home_asks_questions_that_chapters_answer(series):
    home = series.by_path["index.md"]
    asked = {(link.text, link.value) for link in home.links if link.text.endswith(("?", "."))}
    answers = {
        (question, page.path.as_posix()) for guide in series.guides for page in guide.chapters for question in page.meta["questions"]
    }
    assert len(asked) >= 8
    assert asked <= answers


def test_skeleton_is_a_chapter_that_passes_the_rules(series, project):
    from guidebook.series import Series

    text = (series.root / "skeletons" / "chapter.md").read_text(encoding="utf-8")
    (project / "docs" / "identification" / "new.md").write_text(text, encoding="utf-8")
    config = (project / "mkdocs.yml").read_text(encoding="utf-8")
    config = config.replace("      - identification/references.md", "      - identification/new.md\n      - identification/references.md")
    (project / "mkdocs.yml").write_text(config, encoding="utf-8")
    addresses.update(Series(project))
    assert not rules.check(Series(project))


def test_syllables_stay_plain(guide):
    """Flesch-Kincaid grade of the advice, which is what a reader must understand at once: 10 or lower."""
    for page in guide.chapters:
        text = "\n".join(page.lines[page.body_line - 1 :])
        text = re.sub(r"\[@[^\]]*\]|\[\[([^\]|]*)[^\]]*\]\]|^\s+\w+:.*$|^\|.*$|^/.*$|^#.*$", r"\1", text, flags=re.M)
        text = re.sub(r"\]\([^)]*\)", "", text)
        sentences = [s for s in re.split(r"[.!?:]\s|\n", text) if len(s.split()) > 3]
        words = SCREEN_WORDS.findall(" ".join(sentences))
        syllables = sum(max(1, len(re.findall(r"[aeiouy]+", w.lower().removesuffix("e")))) for w in words)
        grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
        assert grade <= 10.5, (page.code, round(grade, 1))


def test_parse_keeps_line_numbers():
    from pathlib import Path

    page = parse("---\ncode: ID1\n---\n# T\n\n/// notepad | Q\n    id: id1-n1\n    lines: 4\n///\n\nText [@a-1; @b].\n", Path("x.md"))
    assert page.blocks[0].line == 6 and page.blocks[0].end == 9 and page.blocks[0].options == {"id": "id1-n1", "lines": 4}
    assert [(c.line, c.value) for c in page.citations] == [(11, "a-1"), (11, "b")]
