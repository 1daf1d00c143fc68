"""A page and its policy, as text in and text out."""

from __future__ import annotations

import pytest

from guidebook import policy

PAGE = """<!doctype html>
<html lang="en"><head>{head}
<meta charset="utf-8">
<title>A page – with a dash</title>
<link rel="stylesheet" href="a.css"><script>say("a < b && c")</script>
<script type="application/json">{{"data": 1}}</script>
</head><body>{body}<svg viewBox="0 0 1 1"><path d="M0 0"/></svg></body></html>
"""


def page(body: str = "", head: str = "") -> str:
    return PAGE.format(body=body, head=head)


def test_the_policy_stands_right_behind_the_charset_and_all_else_is_as_it_was():
    text, found = policy.sealed(page())
    before, behind = page().split('<meta charset="utf-8">')
    assert text.startswith(before + '<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="default-src')
    assert text.endswith(behind)
    assert found.scripts == {policy.sha256('say("a < b && c")')}, "what is data needs no hash"
    assert not found.styles


def test_known_hash():
    """An example that manuals of browsers give."""
    assert policy.sha256("alert('Hello, world.');") == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"


def test_sealing_again_changes_nothing_and_unsealing_gives_the_page_back():
    once, _ = policy.sealed(page())
    assert policy.sealed(once)[0] == once
    assert policy.unsealed(once) == page()
    assert policy.unsealed(page()) == page()


def test_a_style_in_a_drawing_counts():
    _, found = policy.sealed(page("<svg><style>.a{fill:red}</style></svg>"))
    assert found.styles == {policy.sha256(".a{fill:red}")}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('<p class="x" style="color:red">x</p>', """<p class='x'> has style="color:red". Give it a class"""),
        ('<p onclick="go()">x</p>', "<p> has onclick. Listen for the event in a script"),
        ('<a href="JavaScript:go()">x</a>', "<a> leads to a script"),
        ('<script src="https://elsewhere.example/a.js"></script>', "loads https://elsewhere.example/a.js from another site"),
        ('<img src="//elsewhere.example/a.png">', "loads //elsewhere.example/a.png from another site"),
    ],
)
def test_what_no_hash_can_allow_is_named_with_its_cure(body, words):
    with pytest.raises(policy.PolicyError) as error:
        policy.sealed(page(body), "a/index.html")
    assert str(error.value).startswith("a/index.html: ") and words in str(error.value)


def test_a_link_to_another_site_is_no_fault():
    policy.sealed(page('<a href="https://elsewhere.example/">x</a><link rel="canonical" href="https://elsewhere.example/">'))


def test_what_would_run_before_the_policy_is_refused():
    with pytest.raises(policy.PolicyError, match="<script> stands before <meta charset>"):
        policy.sealed(page(head="<script>early()</script>"))


def test_a_page_without_a_head_is_refused():
    with pytest.raises(policy.PolicyError, match="has no <head>"):
        policy.sealed("<p>x</p>")


def test_one_faulty_page_leaves_all_as_they_were(tmp_path):
    (tmp_path / "a.html").write_text(page(), encoding="utf-8")
    (tmp_path / "b.html").write_text(page('<p style="x:y">x</p>'), encoding="utf-8")
    with pytest.raises(policy.PolicyError, match="b.html"):
        policy.seal(tmp_path)
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize(("name", "kept"), [("main.57a0d79d.min.css", True), ("site.js", False), ("id8.html", False), ("site-57a0d79d.js", True), ("handouts-20261124.zip", False)])
def test_only_a_hash_in_the_name_means_for_ever(name, kept):
    assert bool(policy.HASHED.search(name)) is kept
