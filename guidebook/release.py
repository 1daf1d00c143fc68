"""`make release`: all that is given out with an edition, in one folder, the same bytes from the same commit.

    dist/
      *.pdf, *.pptx                    what the site offers to download
      practitioner-guides-1.0.zip      the whole site, for a server or a USB stick
      Caddyfile, nginx.conf            what those servers must know of just this site (deploy/README.md)
      CHANGES.md                       what is new, from docs/changes.md
      sbom.cdx.json                    what the site was built with, if `make sbom` has listed it
      SHA256SUMS                       check with: sha256sum --check SHA256SUMS
"""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
from pathlib import Path

from guidebook.policy import SERVER_FILES, server_folder
from guidebook.rules import CHANGES
from guidebook.series import Series

GIVEN_OUT = (".pdf", ".pptx")
SBOM = "sbom.cdx.json"


class ReleaseError(ValueError):
    """Something is missing; the message says which command makes it."""


def write(series: Series, site: Path, dist: Path) -> list[Path]:
    """Fill `dist` from the built `site`; returns the files in the order of SHA256SUMS. Raises ReleaseError."""
    downloads = sorted(file for file in (site / "downloads").glob("*") if file.suffix in GIVEN_OUT)
    servers = [server_folder(site) / name for name in SERVER_FILES]
    needed = [*(site / "downloads" / f"{guide.slug}.pdf" for guide in series.guides), *servers]
    missing = [file.relative_to(site.parent).as_posix() for file in needed if not file.exists()]
    if missing:
        raise ReleaseError(f"These are missing: {', '.join(missing)}. Run `make site` first.")
    shutil.rmtree(dist, ignore_errors=True)
    dist.mkdir(parents=True)
    for file in [*downloads, *servers]:
        shutil.copyfile(file, dist / file.name)
    name = re.sub(r"\W+", "-", str(series.config["site_name"]).lower())
    number = series.config["extra"]["edition_number"]
    pack(site, dist / f"{name}-{number}.zip", f"{name}-{number}", series.edition)
    (dist / "CHANGES.md").write_text(newest(series), encoding="utf-8")
    if (series.root / SBOM).exists():
        shutil.copyfile(series.root / SBOM, dist / SBOM)
    files = sorted(dist.iterdir())
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (dist / "SHA256SUMS").write_text("".join(sums), encoding="ascii")
    return files


def pack(site: Path, target: Path, folder: str, day: str) -> None:
    """Zip `site` below `folder`: in the order of names, every file of the edition's day and readable by all."""
    year, month, date = (int(part) for part in day.split("-"))
    with zipfile.ZipFile(target, "w") as bundle:
        for file in sorted(file for file in site.rglob("*") if file.is_file()):
            entry = zipfile.ZipInfo(f"{folder}/{file.relative_to(site).as_posix()}", (year, month, date, 0, 0, 0))
            entry.external_attr, entry.create_system, entry.compress_type = 0o100644 << 16, 3, zipfile.ZIP_DEFLATED
            bundle.writestr(entry, file.read_bytes(), compresslevel=9)


def newest(series: Series) -> str:
    """The newest entry of the change log as Markdown that stands alone: links lead to the site."""
    page = series.by_path[CHANGES]
    starts = [heading.line for heading in page.headings if heading.level == 2]
    end = starts[1] - 1 if len(starts) > 1 else len(page.lines)
    text = "\n".join(page.lines[starts[0] - 1 : end]).strip() + "\n"

    def absolute(match: re.Match) -> str:
        path, _, anchor = match[1].partition("#")
        address = re.sub(r"(^|/)index\.md$|\.md$", lambda m: m[1] or "" if "index" in m[0] else "/", path)
        return f"]({series.site_url}{address}{'#' + anchor if anchor else ''})"

    return re.sub(r"\]\((?!https?://)([^)]+)\)", absolute, text)
