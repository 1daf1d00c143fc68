"""What the build takes out of pages and sheets, and what it must leave."""

from __future__ import annotations

from guidebook import assets

PAGE = """<html>

  <head>
    <script>
      const a = 1; // a comment
    </script>
    <script type="application/json">{"text": "one
  two"}</script>
    <link rel="prev" href="../a/">
    <link rel="next" href="../b/"><link rel="icon" href="c.svg">
  </head>
  <body data-md-component="container" dir="ltr">
    <input class="md-toggle" data-md-toggle="search" type="checkbox" id="__search" autocomplete="off">
    <span class="note" data-search-exclude="">n</span>
    <p>Two
       words</p>
    <pre>
  kept   as

  it is</pre>
    <ul data-md-scrollfix><li data-md-level="1">x</li></ul>
  </body>
</html>
"""


def test_room_goes_and_text_stays():
    got = assets.squeeze(PAGE)
    assert "<p>Two\nwords</p>" in got and "\n\n" not in got.replace("kept   as\n\n", "")
    assert "<pre>\n  kept   as\n\n  it is</pre>" in got
    assert '{"text": "one\n  two"}' in got
    assert "<script>const a=1;</script>" in got
    assert "md-toggle" not in got and '<span class="note">n</span>' in got
    assert '<body dir="ltr">' in got and "<ul><li>x</li></ul>" in got
    assert 'rel="icon"' in got and 'rel="next"' not in got and 'rel="prev"' not in got
    assert assets.squeeze(got) == got


def test_a_sheet_keeps_what_can_match_and_nothing_else():
    names = assets.names_in(
        ['<p class="note big" hidden>See an abstract of details class="no"</p><details id="x"><summary data-k="a>b">s</summary></details>'],
        ['document.createElement("h4").className = "by-script"'],
    )
    css = (
        "p{a:b}.note{a:b}.note,.abstract{a:b}details.note{a:b}details#x>summary[data-k]{a:b}kbd{a:b}h4.big{a:b}h4{a:b}.by-script{a:b}"
        "[hidden]{a:b}li:nth-child(odd),p:not(.nowhere){a:b}@media print{.abstract{a:b}p{a:b}}"
        "@keyframes used{0%{a:b}to{a:b}}@keyframes idle{0%{a:b}to{a:b}}summary{animation:used 1s}"
    )
    assert assets.prune(css, names).replace(" ", "") == (
        "p{a:b}.note{a:b}.note{a:b}details#x>summary[data-k]{a:b}h4{a:b}.by-script{a:b}"
        "[hidden]{a:b}p:not(.nowhere){a:b}@mediaprint{p{a:b}}"
        "@keyframesused{0%{a:b}to{a:b}}summary{animation:used1s}"
    )


def test_a_rule_stays_for_what_a_browser_or_a_script_brings_later():
    names = assets.names_in(["<details><summary>Show</summary><p>To close and open.</p></details>"], [])
    assert assets.prune("details[open]>summary{a:b}[hidden]{a:b}[close]{a:b}", names) == "details[open]>summary{a:b}[hidden]{a:b}"


def test_what_stands_behind_citations_leaves_the_page_and_a_terms_definition_stays():
    note = '<span class="note" id="note-{0}" role="tooltip">{1}<small>{2}</small></span>'
    page = (
        '<article class="a"><p><span class="cites">(<span class="cite" id="cite-a-1"><a aria-describedby="note-1" class="cite-link" href="../r/#a">A, 2001</a>'
        + note.format(1, "<span>One &amp; “two”.</span><span>Three.</span>", "A, 2001 · read in full")
        + '</span>)</span> <span class="term"><a aria-describedby="note-2" class="term-link" href="../g/#t">t</a>'
        + note.format(2, "<span>A term.</span>", "Glossary") + "</span></p></article>"
    )  # fmt: skip
    got, name, script = assets.part_cited(page)
    mark = name.removeprefix("assets/cited/").removesuffix(".js")
    assert f'<article data-cited="{mark}" class="a">' in got
    assert '<span class="cite" id="cite-a-1"><a class="cite-link" href="../r/#a">A, 2001</a></span>)' in got
    assert 'aria-describedby="note-2"' in got and "<span>A term.</span><small>Glossary</small>" in got
    assert script == 'guidebookCited([["One & “two”.","Three.","A, 2001 · read in full"]])\n'
    other = assets.part_cited(page.replace("Three", "Four"))[1]
    assert name != other, "a page never meets the findings of another edition"
    assert assets.part_cited("<article><p>x</p></article>") == ("<article><p>x</p></article>", "", "")
