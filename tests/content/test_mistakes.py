"""Each mistake an author can make stops the build, with file, line, problem and cure. A case is one edit."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from guidebook import addresses, rules
from guidebook.compose import PrintError, compose
from guidebook.series import Series

ROOT = Path(__file__).parents[2]
CHAPTER = "docs/identification/why-people-decline.md"
SERIES = Series(ROOT)
NUMBER = SERIES.config["extra"]["edition_number"]
# name: (file, old text, new text, words of the problem, words of the cure)
CASES = {
    "unknown citation": (CHAPTER, "[@brunovskis2007leaving-9]", "[@nobody2001nothing-1]", "not in the evidence register", "spelling"),
    "finding not checked": (CHAPTER, "[@brunovskis2007leaving-9]", "[@UNCHECKED]", "is not checked", "Read it again at its source"),
    "unknown block": (CHAPTER, "/// at-a-glance", "/// at-a-glace", 'no block "at-a-glace"', "Use one of"),
    "block never closed": (CHAPTER, "/// at-a-glance", "///// at-a-glance", "never closed", "Close it"),
    "unknown option": (CHAPTER, "    minutes: 15", "    minuts: 15", 'takes no option "minuts"', "It takes"),
    "minutes not a number": (CHAPTER, "    minutes: 15", "    minutes: a while", "not a whole number", "digits"),
    "notepad without id": (CHAPTER, "    id: id6-n1\n", "", "has no id", "Give it one like id6-n1"),
    "doubled id": (CHAPTER, "    id: id6-n1\n", "    id: id6-n2\n", "already used", "Choose another"),
    "id of another chapter": (CHAPTER, "    id: id6-n1\n", "    id: id5-n9\n", "not of this chapter", "Write it like"),
    "no at-a-glance": (CHAPTER, "/// at-a-glance", "/// caution", "no at-a-glance", "Begin it with"),
    "straight quotes": (CHAPTER, "/// at-a-glance", "It isn't so.\n\n/// at-a-glance", "straight quotation marks", "make quotes"),
    "broken link": (CHAPTER, "(after-identification.md)", "(after-identificaton.md)", "leads nowhere", "name and folder"),
    "broken anchor": (CHAPTER, "(after-identification.md)", "(after-identification.md#nothing)", 'anchor "#nothing"', "heading"),
    "breaks only in print": ("docs/about.md", "code: about\n", "", "breaks in print", 'Give that page a "code"'),
    "image without alternative": (CHAPTER, "# Why people decline\n", "# Why people decline\n\n![](images/why-people-decline.svg)\n", "no text alternative", "Say in the brackets"),
    "image file missing": (CHAPTER, "# Why people decline\n", "# Why people decline\n\n![A path](images/no.svg)\n", "file \"images/no.svg\" is missing", "name and folder"),
    "figure file missing": (CHAPTER, "src: images/why-people-decline.svg", "src: images/no.svg", "figure's file", "name and folder"),
    "nav without file": ("mkdocs.yml", "identification/key-concepts.md", "identification/key-concept.md", "not in docs/", "Write the file"),
    "chapter in no nav": ("mkdocs.yml", "      - identification/key-concepts.md\n", "", "not in the nav", "Add its path"),
    "duplicate code": (CHAPTER, "code: ID6", "code: ID5", "the code ID5 is already used", "Choose another"),
    "edition without news": ("mkdocs.yml", f'edition_number: "{NUMBER}"', 'edition_number: "99.9"', f'the newest entry is "Edition {NUMBER}', "Begin the list with `## Edition 99.9,"),
    "edition not in quotes": ("mkdocs.yml", f'edition_number: "{NUMBER}"', f"edition_number: {NUMBER}", "not a number in quotes", 'Write it like "1.0"'),
    "edition's day no day": ("mkdocs.yml", f'edition: "{SERIES.edition}"', 'edition: "November"', "is not a date", "2026-11-24"),
    "code not in ledger": ("addresses.yml", "  ID6-N2: identification/why-people-decline/#id6-n2\n", "", "not in the ledger", "make ledger"),
    "ledger contradicts": ("addresses.yml", "  ID6: identification/why-people-decline/", "  ID6: identification/other/", "sources put it at", "under moved"),
    "published code gone": (CHAPTER, "    id: id6-n2\n", "    id: id6-n9\n", "gone from the sources", "Put it back"),
    "text names a code that is not there": (CHAPTER, "# Why people decline\n", "# Why people decline\n\nSee ID6-E9.\n", "there is no ID6-E9", "That chapter has ID6"),
    "text names a chapter that is not there": ("docs/about.md", "# About", "See **ID99**.\n\n# About", "there is no ID99", "addresses.yml"),
    "retired and still in use": ("addresses.yml", "retired: {}", "retired:\n  ID6-N2: ID6-N1", "is retired, and the sources use it", "a code never used"),
    "retired and never published": ("addresses.yml", "retired: {}", "retired:\n  ID6-N9: ID6-N1", "was never published", "spelling"),
    "retired for what is not there": ("addresses.yml", "retired: {}", "retired:\n  ID6-N2: ID6-N9", "in favour of ID6-N9, which is not there", "Name a code that is"),
    "moved to what is not there": ("addresses.yml", "moved: {}", "moved:\n  identification/old/: ID99", "leads to ID99, which is not there", "Name a code that is"),
    "new page at a moved address": ("addresses.yml", "moved: {}", "moved:\n  identification/key-concepts/: ID6", "stands again at the moved address", "another name"),
    "code given to another page": ("addresses.yml", "  ID6: identification/why-people-decline/\n", "  ID6: identification/key-concepts/\n", "sources put it at", "never given to something else"),
    "letter of the library without a page": ("docs/evidence/d-f.md", "/// evidence-library | D-F", "/// evidence-library | D-E", "holds the sources under F", "Put the letter back"),
    "letter of the library on two pages": ("docs/evidence/d-f.md", "/// evidence-library | D-F", "/// evidence-library | D-G", "under G stand on evidence/d-f.md already", "to one page"),
    "no letters of the library": ("docs/evidence/d-f.md", "/// evidence-library | D-F", "/// evidence-library | D to F", '"D to F" are no letters', "evidence-library | D-F"),
    "library outside its folder": (CHAPTER, "/// caution |", "/// evidence-library\n///\n\n/// caution |", "outside its folder", "docs/evidence/"),
    "link kit of no guide": ("docs/training/links-children.md", "/// link-kit | children", "/// link-kit | adults", 'no guide "adults"', "Use one of"),
    "heading level skipped": (CHAPTER, "### Debt and the way home", "##### Debt and the way home", "skips from level", "Use ###"),
    "unknown field": (CHAPTER, "summary: ", "sumary: ", 'field "sumary" is unknown', "Use also"),
    "missing field": (CHAPTER, "code: ID6\n", "", 'lacks "code"', "Add it"),
    "broken front matter": (CHAPTER, "summary: ", "summary: 'x: [", "not valid YAML", "skeletons/chapter.md"),
    "unknown profession": (CHAPTER, "serves: [social work", "serves: [wizardry", "not a profession", "Choose from"),
    "unknown duty": (CHAPTER, "duties: [ACWC 2", "duties: [ACWC 7", '"ACWC 7" is not in the crosswalk', "Choose from"),
    "chapter serves no duty": (CHAPTER, "duties: [ACWC 2, UN 6(3)]\n", "", "serves no theme or article", "Add `duties"),
    "term bent inside a table": (CHAPTER, "| Do | Don’t |\n", "| Do [[presumed victims|presumed victim]] | Don’t |\n", "stands in a table", "Write the term itself"),
    "empty head of a column": (CHAPTER, "| Do | Don’t |\n", "| | Don’t |\n", "empty head cell", "Say in a word"),
    "empty section": (CHAPTER, "## What gets in the way\n", "## Nothing here\n\n## What gets in the way\n", 'nothing stands under the heading "Nothing here"', "remove its heading"),
    "undefined term": (CHAPTER, "# Why people decline\n", "# Why people decline\n\nA [[made-up word]].\n", "not in the glossary", "Define it"),
    "absolute link to ourselves": (CHAPTER, "(after-identification.md)", f"({SERIES.site_url}identification/)", "absolute link", "Link to the .md file"),
    "banned term": (CHAPTER, "# Why people decline\n", "# Why people decline\n\nThe voiceless.\n", "a term we do not use", "listened"),
    "quotation in experience": (CHAPTER, "/// experience | An offer nobody could explain\n", "/// experience | An offer nobody could explain\n\"I was lost.\"\n", "quotation marks", "own words"),
    "notes outside an exercise": (CHAPTER, "/// caution |", "/// facilitation\nX\n///\n\n/// caution |", "outside an exercise", "Move them"),
}  # fmt: skip


PLANS, EVALUATION = "docs/training/plans-identification.md", "docs/training/evaluation-identification.md"
TRAINING_CASES = {
    "minutes do not add up": (PLANS, "| 20 | ID8-E1 |", "| 25 | ID8-E1 |", "add up to 65 minutes, and it says 60", "Change a row"),
    "minutes in words": (PLANS, "| 20 | ID8-E1 |", "| 20 min | ID8-E1 |", '"20 min" is not whole minutes', "digits"),
    "code that does not exist": (PLANS, "| ID8-E1 |", "| ID8-E9 |", 'the plan names "ID8-E9", which does not exist', "addresses.yml"),
    "material that does not exist": (PLANS, "material: ID8-E1", "material: ID8-E7", 'the plan names "ID8-E7"', "addresses.yml"),
    "words in the column of codes": (PLANS, "| ID8-E1 |", "| the exercise |", '"the exercise" is not a code', "Write one code"),
    "exercise cut short": (PLANS, "| 20 | ID8-E1 |", "| 15 | ID8-E1 |", "gives ID8-E1 15 minutes, and the exercise takes 20", "at least 20"),
    "row with a bar too many": (PLANS, "in pairs |", "in pairs | or threes |", "has 4 cells", "Give it 3"),
    "row that says nothing": (PLANS, "| The exercise, in pairs |", "| |", "does not say what happens", "third column"),
    "other columns": (PLANS, "| Minutes | Code | What happens |", "| Time | Code | What happens |", "has other columns", "Begin it with"),
    "plan without a table": (PLANS, "|---|---|---|\n", "", "has no table", "Give it one"),
    "plan without a room": (PLANS, "    room: chairs", "    chairs: chairs", "has no room", "room: ..."),
    "session id without a length": (PLANS, "id: plan-id-60", "id: plan-id-long", "does not say whose plan it is", "plan-id-60"),
    "session id of nobody": (PLANS, "id: plan-id-60", "id: plan-navy-60", "does not say whose plan it is", "police"),
    "session id of another page": (PLANS, "id: plan-id-60", "id: plan-ps-60", "is not of this page", "plans-ps"),
    "plan too short for its id": (PLANS, "id: plan-id-60", "id: plan-id-half", "takes 60 minutes", "180 to 240"),
    "plan outside the training pages": (CHAPTER, "/// caution |", "/// session | T\n///\n\n/// caution |", "outside the training pages", "docs/training/"),
    "too few options": (EVALUATION, "- Another that is wrong.\n", "", "has 2 options", "three or four"),
    "too many options": (EVALUATION, "- Another that is wrong.\n", "- Another.\n- And another.\n- One more.\n", "has 5 options", "three or four"),
    "answer that is no option": (EVALUATION, "/// answer | b", "/// answer | d", "letter of no option", "a, b, c"),
    "answer without a chapter": (EVALUATION, "](../identification/key-concepts.md)", "](../glossary.md)", "links no chapter of Identification", "Say where"),
    "answer outside a question": (EVALUATION, "# Evaluation: Identification\n", "# Evaluation: Identification\n\n/// answer | b\nX\n///\n", "outside a question", "Move it"),
    "question without an answer": (EVALUATION, "/// answer | b", "/// caution | b", "has 0 answers", "Write one"),
    "question of another number": (EVALUATION, "id: eval-id-1\n", "id: eval-id-11\n", "is not that of question 1", "eval-id-1."),
    "question elsewhere": (CHAPTER, "/// caution |", "//// question | Q?\n    id: eval-id-1\n- A\n- B\n- C\n////\n\n/// caution |", "outside the evaluation pages", "Move it"),
    "evaluation of no guide": (EVALUATION, "code: evaluation-id", "code: evaluation-xx", "names no guide", "id, ps"),
}  # fmt: skip


@pytest.fixture
def training_project(project):
    """The project with the training pages that the skeletons show, in place of its own."""
    for kind in ("plans", "evaluation"):
        path = f"training/{kind}-identification.md"
        shutil.copy(ROOT / "skeletons" / f"{kind}.md", project / "docs" / path)
        config = (project / "mkdocs.yml").read_text(encoding="utf-8")
        if path not in config:
            (project / "mkdocs.yml").write_text(config.replace("  - Training:\n", f"  - Training:\n      - {path}\n"), encoding="utf-8")
    addresses.update(Series(project))
    return project


def test_the_skeletons_of_training_pages_pass_the_rules(training_project):
    ours = [p for p in rules.check(Series(training_project)) if p.file in (PLANS, EVALUATION)]
    assert not ours, "\n".join(map(str, ours))


@pytest.mark.parametrize("name", TRAINING_CASES)
def test_mistake_in_a_training_page_is_told(name, training_project):
    told = made(training_project, *TRAINING_CASES[name])
    assert told[0].line > 1 or "code:" in TRAINING_CASES[name][1]


def test_an_evaluation_with_nine_questions_is_told(training_project):
    text = (training_project / EVALUATION).read_text(encoding="utf-8")
    (training_project / EVALUATION).write_text(text[: text.index("//// question | Question 10")], encoding="utf-8")
    found = [p for p in rules.check(Series(training_project)) if "has 9 questions" in p.problem]
    assert found and found[0].file == EVALUATION and "Give it 10" in found[0].cure


def unchecked_finding(root) -> str:
    from guidebook import register

    evidence = register.load(root / "evidence")
    return next(f.id for f in evidence.findings.values() if not f.checked)


def made(project, file, old, new, problem, cure) -> list:
    """Make one edit, check the project, and return the problems that tell of it."""
    target = project / file
    text = target.read_text(encoding="utf-8")
    assert old in text, f"the case no longer fits {file}"
    if "UNCHECKED" in new:
        new = new.replace("UNCHECKED", unchecked_finding(project))
    target.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = rules.check(Series(project))
    told = [p for p in found if problem in p.problem and cure in p.cure]
    assert told, "\n".join(map(str, found)) or "nothing was found"
    assert all(p.line >= 1 and (project / p.file).exists() for p in told)
    return told


@pytest.mark.parametrize("name", CASES)
def test_mistake_is_told_with_place_and_cure(name, project):
    made(project, *CASES[name])


def test_a_live_preview_lets_straight_quotes_pass(project):
    made(project, *CASES["straight quotes"])
    assert not rules.check(Series(project), draft=True)


def test_a_theme_or_article_that_no_chapter_serves_is_told(project):
    for page in (project / "docs").rglob("*.md"):
        page.write_text(page.read_text(encoding="utf-8").replace("UN 6(6)", "UN 6(2)"), encoding="utf-8")
    found = [p for p in rules.check(Series(project)) if 'no chapter serves "UN 6(6)"' in p.problem]
    assert found and "Name it under duties" in found[0].cure


def test_text_that_names_a_withdrawn_code_is_told_what_took_its_place(project):
    ledger = project / "addresses.yml"
    text = ledger.read_text(encoding="utf-8").replace("codes:\n", "codes:\n  ID6-N9: identification/why-people-decline/#id6-n9\n", 1)
    ledger.write_text(text.replace("retired: {}", "retired:\n  ID6-N9: ID6-N1"), encoding="utf-8")
    assert not rules.check(Series(project))
    page = project / CHAPTER
    page.write_text(page.read_text(encoding="utf-8") + "\nDo ID6-N9 first.\n", encoding="utf-8")
    found = rules.check(Series(project))
    assert [(p.file, p.problem, p.cure) for p in found] == [(CHAPTER, "ID6-N9 was withdrawn.", "Name what took its place: ID6-N1.")]
    assert page.read_text(encoding="utf-8").splitlines()[found[0].line - 1] == "Do ID6-N9 first."


def test_codes_in_addresses_are_not_taken_for_text(project):
    page = project / "docs/about.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n[A page](https://example.org/ID99) and ISO-ID77, VOID3.\n", encoding="utf-8")
    assert not [p for p in rules.check(Series(project)) if "there is no" in p.problem]


def test_the_ledger_never_records_a_code_that_another_page_takes_over(project):
    """Two chapters that change their codes have not moved: the lines stay, and the check says so."""
    one, other = project / CHAPTER, project / "docs/identification/signs-and-screening.md"
    texts = {one: one.read_text(encoding="utf-8"), other: other.read_text(encoding="utf-8")}
    one.write_text(texts[one].replace("code: ID6", "code: ID7").replace("id6-", "id7-"), encoding="utf-8")
    other.write_text(texts[other].replace("code: ID7", "code: ID6").replace("id7-", "id6-"), encoding="utf-8")
    before = addresses.read(project)
    change = addresses.update(Series(project))
    after = addresses.read(project)
    assert not change.moved and not after["moved"]
    assert {code: after["codes"][code] for code in before["codes"]} == before["codes"]
    told = [p for p in addresses.problems(Series(project)) if p.problem.startswith("ID7 leads to")]
    assert told and "never given to something else" in told[0].cure


def test_all_faults_come_in_one_report(project, capsys):
    from guidebook.__main__ import check

    target = project / CHAPTER
    text = target.read_text(encoding="utf-8")
    target.write_text(text.replace("/// at-a-glance", "/// glance").replace("[@brunovskis2007leaving-9]", "[@nobody-1]"), encoding="utf-8")
    assert check(project) == 1
    shown = capsys.readouterr().out
    assert "glance" in shown and "nobody-1" in shown and "problems to mend" in shown
    assert f"{CHAPTER}:" in shown


def test_the_build_stops_without_a_traceback(project):
    (project / CHAPTER).write_text((project / CHAPTER).read_text(encoding="utf-8").replace("/// at-a-glance", "/// glance"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(project / "out")],
        cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert 'there is no block "glance"' in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("- key: ahmed2012right\n", "- key: afterexploitation2020referral\n", "used twice"),
        ("  type: report\n", "  type: rumour\n", 'type "rumour" is not known'),
        ("    kind: challenge\n", "    kind: gossip\n", 'kind "gossip" is not known'),
        ("  seen: excerpt\n", "  seen: glimpsed\n", 'seen "glimpsed" is not known'),
        ("  doi: ''\n", "  dio: ''\n", 'unknown field "dio"'),
    ],
)
def test_fault_in_the_register_names_file_and_entry(project, old, new, words):
    evidence = project / "evidence"
    real = evidence.resolve()
    evidence.unlink()
    shutil.copytree(real, evidence)
    file = evidence / "identification.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [p for p in rules.check(Series(project)) if words in p.problem]
    assert found and found[0].file == "evidence/identification.yaml" and found[0].line > 0


def test_empty_finding_stops_the_build(project):
    evidence = project / "evidence"
    real = evidence.resolve()
    evidence.unlink()
    shutil.copytree(real, evidence)
    (evidence / "new.yaml").write_text(
        "- key: x2020y\n  type: report\n  title: T\n  seen: abstract\n  guides: [identification]\n"
        "  findings:\n  - {id: x2020y-1, fact: '', kind: trend}\n",
        encoding="utf-8",
    )
    assert any("the fact is empty" in p.problem and "x2020y" in p.problem for p in rules.check(Series(project)))


def test_a_moved_chapter_keeps_its_old_address(project, site):
    ledger = project / "addresses.yml"
    text = ledger.read_text(encoding="utf-8").replace("moved: {}", "moved:\n  identification/old-name/: ID6")
    ledger.write_text(text, encoding="utf-8")
    series = Series(project)
    assert not addresses.problems(series)
    out = project / "out"
    shutil.copytree(site, out)
    addresses.write_pages(series, out)
    page = (out / "identification" / "old-name" / "index.html").read_text(encoding="utf-8")
    assert "../why-people-decline/index.html" in page


def test_a_link_that_dies_in_print_stops_composition(project, site):
    out = project / "out"
    shutil.copytree(site, out)
    page = out / "identification" / "why-people-decline" / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace('href="../after-identification/"', 'href="../nowhere/"'), encoding="utf-8")
    series = Series(project)
    with pytest.raises(PrintError, match="breaks in print"):
        compose(series, series.guides[0], out)
