"""Where a source stands in the evidence library."""

from __future__ import annotations

import pytest

from guidebook.citations import Reference
from guidebook.library import letter_of


@pytest.mark.parametrize(
    ("entry", "letter"),
    [
        ("Kiss, L. (2015). Health.", "K"),
        ("<i>“The</i> law of return.” (2012).", "T"),
        ("Éthier, C. (2010). Care.", "E"),
        ("3P report. (2011).", "A"),
        ("Đặng, N. (2014). Work.", "Z"),
        ("[A description of a law] (1999).", "A"),
    ],
)
def test_every_reference_stands_under_a_letter(entry, letter):
    assert letter_of(Reference("key", "Label, 2015", entry)) == letter
