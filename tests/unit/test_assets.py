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
