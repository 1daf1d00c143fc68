"""Scripts and sheets as the site serves them: joined into one file each, without comments and spare white space.

Writers and other builders see the small files that mkdocs.yml lists; readers on a slow network pay for few
requests. Licence notes stand in the files' own heads in `docs/assets/`.
"""

from __future__ import annotations

from pathlib import Path

import rcssmin
import rjsmin

# Where the joined files go: beside their parts, so that relative addresses in them stay true.
SCRIPT, SHEET = "assets/scripts/site.js", "assets/styles/site.css"


def join(docs: Path, parts: list[str], target: Path) -> None:
    """Write the files `parts` of `docs`, in their order, as one minified file at `target` (.js or .css)."""
    shrink = rjsmin.jsmin if target.suffix == ".js" else rcssmin.cssmin
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(shrink((docs / part).read_text(encoding="utf-8")) for part in parts) + "\n", encoding="utf-8")


def shrink_all(site: Path) -> None:
    """Minify what pages ask for one by one: the scripts of the print pages and of My notes."""
    for file in sorted((site / "assets" / "scripts").glob("*.js")):
        if file.name != Path(SCRIPT).name:
            file.write_text(rjsmin.jsmin(file.read_text(encoding="utf-8")) + "\n", encoding="utf-8")
