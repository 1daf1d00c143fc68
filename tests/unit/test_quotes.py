"""Straight quotes become typographic where text is read, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from guidebook import quotes


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("She isn't \"free\".", "She isn’t “free”."),
        ("the children's, the victims' and their \"'own' words\"", "the children’s, the victims’ and their “‘own’ words”"),
        ("**\"Stop\"**, (\"no\"), a|\"cell\"", "**“Stop”**, (“no”), a|“cell”"),
        ("\"*Who* asks?\"", "“*Who* asks?”"),
        ('<em>"Go"</em> and `x` "`y`"', '<em>“Go”</em> and `x` “`y`”'),
        ("\"'Go,' she said.\"", "“‘Go,’ she said.”"),
    ],
)
def test_quotes_open_after_a_space_and_close_elsewhere(typed, set_):
    assert quotes.curl_markdown(typed) == set_
    assert quotes.curl_markdown(set_) == set_


@pytest.mark.parametrize("line", ['`make "x"`', '<span class="short">x</span>', '[x](a.md "title")', '## Title {: #id title="x"}', "nothing"])
def test_what_is_not_read_stays(line):
    assert quotes.curl_markdown(line) == line


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("summary: What the person's \"yes\" means", "summary: What the person’s “yes” means"),
        ("  title: 'Women''s work: \"It''s ours\"'", "  title: 'Women’s work: “It’s ours”'"),
        ('- "Is it \\"his\\" idea?"', '- "Is it “his” idea?"'),
        ('duties: ["UN 6(1)", ACWC 2]', 'duties: ["UN 6(1)", ACWC 2]'),
        ("checked: '2026-11-24'", "checked: '2026-11-24'"),
        ("url: https://example.org/o'neill", "url: https://example.org/o'neill"),
    ],
)
def test_the_quotes_of_yaml_itself_stay(typed, set_):
    assert quotes.curl_yaml(typed) == set_


def test_code_stays(tmp_path):
    text = 'Say "so":\n\n```yaml\na: "b"\n```\n\n"Yes"\n'
    assert list(quotes.faults(tmp_path / "a.md", text)) == [(1, "Say “so”:"), (7, "“Yes”")]


def test_a_project_is_mended_once_and_then_found_clean(tmp_path):
    page = tmp_path / "docs" / "a.md"
    page.parent.mkdir()
    page.write_text("---\nsummary: 'It isn''t'\n---\n\n/// exercise | Whose \"yes\"?\n    id: id1-e1\n    material: the child's file\nIt's so.\n///\n", encoding="utf-8")
    assert quotes.mend(tmp_path) == [(Path("docs/a.md"), 4)]
    assert page.read_text(encoding="utf-8") == "---\nsummary: 'It isn’t'\n---\n\n/// exercise | Whose “yes”?\n    id: id1-e1\n    material: the child’s file\nIt’s so.\n///\n"
    assert quotes.mend(tmp_path) == []
