"""The colours of paper and slides. Their one home is the roles at the top of `print.css`; nothing repeats them."""

from __future__ import annotations

import re

from guidebook.series import Guide, Series


def roles(series: Series, guide: Guide | None = None, plain: bool = False) -> dict[str, str]:
    """Role (`ink`, `paper`, `accent` ...) -> `#rrggbb`, as print.css gives them to `guide`, to no guide, or to the `plain` edition."""
    sheet = (series.docs / "assets" / "styles" / "print.css").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    own = r'^\[data-edition="plain"\][^{]*\{(.*?)\}' if plain else rf'^\[data-guide="{guide.slug}"\]\s*\{{(.*?)\}}' if guide else None
    rules = [r":root\s*\{(.*?)\}", *([own] if own else [])]
    for rule in rules:
        for body in re.findall(rule, sheet, flags=re.S | re.M):
            found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]+)", body))
    return found
