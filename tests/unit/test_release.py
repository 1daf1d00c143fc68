"""What is given out with an edition: whole, checkable, the same bytes each time."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from guidebook import policy, release
from guidebook.series import Series, day_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def built(tmp_path, series) -> Path:
    site = tmp_path / "site"
    (site / "downloads").mkdir(parents=True)
    (site / "index.html").write_text("<p>Ünicode</p>", encoding="utf-8")
    for guide in series.guides:
        (site / "downloads" / f"{guide.slug}.pdf").write_bytes(b"%PDF " + guide.slug.encode())
    (site / "downloads" / "identification.pptx").write_bytes(b"slides")
    policy.write_server_files(series, site, policy.Found())
    return site


def test_a_release_holds_what_is_given_out_and_can_be_checked(series, built, tmp_path):
    dist = tmp_path / "dist"
    release.write(series, built, dist)
    number = series.config["extra"]["edition_number"]
    pdfs = {f"{guide.slug}.pdf" for guide in series.guides}
    assert pdfs | {"identification.pptx", f"practitioner-guides-{number}.zip", "CHANGES.md", "Caddyfile", "nginx.conf", "SHA256SUMS"} <= set(os.listdir(dist))
    done = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=dist, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert len(done.stdout.splitlines()) == len(os.listdir(dist)) - 1, "all but the list itself is in the list"
    with zipfile.ZipFile(dist / f"practitioner-guides-{number}.zip") as bundle:
        assert bundle.testzip() is None
        assert bundle.read(f"practitioner-guides-{number}/index.html").decode() == "<p>Ünicode</p>"


def test_two_releases_are_the_same_bytes_whenever_they_are_made(series, built, tmp_path, monkeypatch):
    def sums(dist):
        release.write(series, built, dist)
        return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in dist.iterdir()}

    first = sums(tmp_path / "one")
    for file in built.rglob("*"):
        os.utime(file, (1, 1))
    (built / "index.html").chmod(0o600)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    assert sums(tmp_path / "two") == first


def test_a_release_without_pdfs_names_what_is_missing_and_keeps_the_last(series, built, tmp_path):
    (built / "downloads" / "children.pdf").unlink()
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "last").touch()
    with pytest.raises(release.ReleaseError, match=r"missing: site/downloads/children\.pdf\. Run `make site` first"):
        release.write(series, built, dist)
    assert os.listdir(dist) == ["last"]


def test_the_notes_of_a_release_are_the_newest_entry_and_lead_to_the_site(project):
    page = project / "docs" / "changes.md"
    entry = "## Edition 99.9, 3 March 2099\n\nSee [home](index.md), [roles](roles/index.md), [what we do](privacy.md#what-we-collect), [them](https://a.example/b.md).\n\n"
    page.write_text(page.read_text(encoding="utf-8").replace("## Edition ", f"{entry}## Edition ", 1), encoding="utf-8")
    series = Series(project)
    notes = release.newest(series)
    assert notes.startswith("## Edition 99.9, 3 March 2099\n") and notes.count("\n## ") == 0
    *ours, theirs = re.findall(r"\]\(([^)]+)\)", notes)
    assert [link.removeprefix(series.site_url) for link in ours] == ["", "roles/", "privacy/#what-we-collect"]
    assert all(link.startswith(series.site_url) for link in ours) and theirs == "https://a.example/b.md"


def test_the_edition_is_said_in_one_form(series):
    assert day_of("2027-03-09") == "9 March 2027"
    assert re.fullmatch(r"\d+\.\d+, \d{1,2} [A-Z][a-z]+ \d{4}", Series(ROOT).edition_words)
