"""Machines on a bad day: a full disk, no network, no Pango, no Chromium, a far time zone, a folder with spaces."""

from __future__ import annotations

import errno
import filecmp
import os
import resource
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import guidebook.__main__ as command
from guidebook import pdf as paper
from guidebook.series import Series

ROOT = Path(__file__).parents[2]
# No program to call, a far time zone, no language set.
BARE = {"PATH": "/nowhere", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}


def run(*arguments: str, cwd: Path, env: dict | None = None, **options) -> subprocess.CompletedProcess:
    return subprocess.run(arguments, cwd=cwd, env=env, capture_output=True, text=True, check=False, **options)


def last_good(folder: Path) -> Path:
    out = folder / "site"
    out.mkdir(parents=True)
    (out / "index.html").write_text("the last good site", encoding="utf-8")
    return out


def said_shortly(done: subprocess.CompletedProcess) -> str:
    """What was printed, after the lines that say what is done; never a traceback."""
    said = done.stdout + done.stderr
    assert done.returncode != 0, said
    assert "Traceback" not in said
    return said


# ---------------------------------------------------------------- a build that does not end


@pytest.fixture
def steps(monkeypatch):
    """steps(site, pdf): stand-ins for the two long steps, to stop a build where a test wants it."""

    def put(site=lambda draft: 0, pdf=lambda draft: 0):
        def write(root, draft):
            draft.mkdir()
            draft.with_name("site-server").mkdir()
            (draft / "index.html").write_text("the new site", encoding="utf-8")
            return site(draft)

        monkeypatch.setattr(command, "check", lambda root: 0)
        monkeypatch.setattr(command, "_pages", write)
        for step in ("policy", "_folder", "_worker"):
            monkeypatch.setattr(command, step, lambda root, draft: 0)
        monkeypatch.setattr(command, "pdf", lambda root, draft: pdf(draft))

    return put


def interrupted(draft):
    raise KeyboardInterrupt


@pytest.mark.parametrize("fault", [{"site": lambda draft: 1}, {"pdf": lambda draft: 1}, {"pdf": interrupted}], ids=["site", "pdf", "interrupted"])
def test_a_build_that_stops_leaves_the_last_site(tmp_path, steps, fault):
    out = last_good(tmp_path)
    steps(**fault)
    try:
        assert command.site(ROOT, out) == 1
    except KeyboardInterrupt:
        pass
    assert (out / "index.html").read_text(encoding="utf-8") == "the last good site"
    assert os.listdir(tmp_path) == ["site"]


def test_a_whole_build_takes_the_place_of_the_last_and_of_what_an_aborted_one_left(tmp_path, steps):
    out = last_good(tmp_path)
    (tmp_path / ".site.new" / "half").mkdir(parents=True)
    steps()
    assert command.site(ROOT, out) == 0
    assert sorted(os.listdir(tmp_path)) == ["site", "site-server"], "with all that was made beside it"
    assert os.listdir(out) == ["index.html"]
    assert (out / "index.html").read_text(encoding="utf-8") == "the new site"


def test_a_build_killed_while_it_changed_places_is_put_right(tmp_path, steps):
    last_good(tmp_path / ".site.old")
    steps(site=lambda draft: 1)
    assert command.site(ROOT, tmp_path / "site") == 1
    assert (tmp_path / "site" / "index.html").read_text(encoding="utf-8") == "the last good site"


# ---------------------------------------------------------------- a full disk


def test_a_disk_that_fills_up_is_said_in_one_line(project):
    """A real build against a real limit: no file may grow beyond 600 kB, which a late one does."""
    out = last_good(project)
    limit = 600_000
    done = run(
        sys.executable, "-m", "guidebook", "site", "--no-pdfs", "--out", str(out), cwd=project,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    said = said_shortly(done)
    assert "The build stopped: File too large" in said and "Make room" in said
    assert "site/ is as it was before." in said
    assert (out / "index.html").read_text(encoding="utf-8") == "the last good site"
    assert not list(project.glob(".site*"))


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="mounting a small disk needs root")
def test_a_full_disk_leaves_the_last_site(project, tmp_path_factory):
    disk = tmp_path_factory.mktemp("disk")
    script = (
        'mount -t tmpfs -o size=3m small "$1" && mkdir "$1/site" && echo good > "$1/site/index.html" || exit 77\n'
        '"$2" -m guidebook site --no-pdfs --out "$1/site"; code=$?; cat "$1/site/index.html"; ls -A "$1"; exit $code'
    )
    done = run("unshare", "-m", "sh", "-c", script, "sh", str(disk), sys.executable, cwd=project)
    if done.returncode == 77:
        pytest.skip("this machine lets nobody mount a small disk")
    said = said_shortly(done)
    assert "No space left on device" in said and "site/ is as it was before." in said
    assert done.stdout.splitlines()[-2:] == ["good", "site"]


def test_a_disk_that_fills_up_with_pdfs_is_said_in_one_line(project, monkeypatch, capsys):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "children.pdf")

    monkeypatch.setattr(command, "ProcessPoolExecutor", ThreadPoolExecutor)
    for name in ("build_pdf", "build_plain", "build_handouts", "build_handbook", "build_evaluation", "build_feedback"):
        monkeypatch.setattr(paper, name, full)
    assert command.pdf(project, project / "site") == 1
    assert capsys.readouterr().out == "The build stopped: No space left on device (children.pdf). Make room, then build again.\n"


def test_a_pdf_is_put_in_its_place_whole_or_not_at_all(tmp_path, monkeypatch):
    kept, target = tmp_path / "kept.pdf", tmp_path / "guide.pdf"
    kept.write_bytes(b"new" * 1000)
    target.write_bytes(b"last")

    def half(source, to):
        Path(to).write_bytes(Path(source).read_bytes()[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", half)
    with pytest.raises(OSError, match="No space"):
        paper._put(kept, target)
    assert target.read_bytes() == b"last" and sorted(os.listdir(tmp_path)) == ["guide.pdf", "kept.pdf"]


# ---------------------------------------------------------------- what a machine may lack


def test_the_same_bytes_without_network_in_a_folder_with_spaces_in_a_far_time_zone(project, site, tmp_path_factory):
    """One build in all these at once, without a single program on its path (so without Chromium), against an ordinary one."""
    folder = tmp_path_factory.mktemp("a folder") / "with spaces, and Ünicode"
    shutil.copytree(project, folder, symlinks=True)
    (folder / "docs" / "assets" / "fonts").symlink_to(ROOT / "docs" / "assets" / "fonts")
    out = folder / "the site"
    arguments = [sys.executable, "-m", "guidebook", "site", "--no-pdfs", "--out", str(out)]
    if (ROOT / ".cache").exists():  # what is kept says nothing of the machine: half of it made here, half taken
        shutil.copytree(ROOT / ".cache", folder / ".cache", ignore=shutil.ignore_patterns("pdf", "test-site", "qr-*", "deck*", "preview*"))
    offline = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if shutil.which("unshare") and run(*offline, "true", cwd=folder).returncode == 0:
        arguments = [shutil.which("unshare"), *offline[1:], *arguments]
    done = run(*arguments, cwd=folder, env=BARE)
    assert done.returncode == 0, done.stdout + done.stderr
    theirs = sorted(file.relative_to(out) for file in out.rglob("*") if file.is_file())
    assert len(theirs) > 500
    # What says which workbooks there are differs, because this build has none.
    told = {"sw.js", "offline/index.html"}
    differ = [file for file in theirs if file.as_posix() not in told and not filecmp.cmp(out / file, site / file, shallow=False)]
    assert not differ, f"these depend on the machine: {differ[:10]}"


def test_make_works_in_a_folder_with_spaces(project, tmp_path_factory):
    folder = tmp_path_factory.mktemp("make") / "a folder with spaces"
    shutil.copytree(project, folder, symlinks=True)
    for name in ("Makefile", "pyproject.toml", "requirements"):
        (folder / name).symlink_to(ROOT / name)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    for stamp in ("site", "test", "pango", "chromium", "servers", "supply"):
        (folder / ".venv" / f"{stamp}.stamp").touch()
    done = run("make", "-n", "site", "test", "check", "ledger", "bench", "release", "clean", cwd=folder)
    assert done.returncode == 0, done.stderr
    shell = 'cd "$1" && . "$2/bin/activate" 2>/dev/null; PYTHONPATH="$3" make check'
    done = run("sh", "-c", shell, "sh", str(folder), str(Path(sys.prefix)), os.pathsep.join(sys.path[1:]), cwd=folder)
    assert done.returncode == 0 and "no problems" in done.stdout, done.stdout + done.stderr


def test_without_pango_the_author_learns_what_to_install(tmp_path):
    """Pango's libraries cannot be loaded; the rest is as it is."""
    script = (
        "import sys, cffi\n"
        "load = cffi.FFI.dlopen\n"
        "def missing(self, name, *rest):\n"
        "    if 'pango' in str(name): raise OSError(f'cannot load library {name!r}: no such file')\n"
        "    return load(self, name, *rest)\n"
        "cffi.FFI.dlopen = missing\n"
        "from pathlib import Path\n"
        "from guidebook.compose import PrintError\n"
        "from guidebook.pdf import render\n"
        "from guidebook.series import Series\n"
        "try: render(Series(Path(sys.argv[1])), '<p>text', Path(sys.argv[2]))\n"
        "except PrintError as error: print(error)\n"
    )
    done = run(sys.executable, "-c", script, str(ROOT), str(tmp_path / "a.pdf"), cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("PDFs and pictures need Pango") and "libpangoft2-1.0-0" in done.stdout and "--no-pdfs" in done.stdout
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize(
    "what, there, missing",
    [
        ("pango", [], "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
        ("chromium", [], "chromium poppler-utils"),
        ("chromium", ["pdftotext"], "chromium"),
        ("chromium", ["chromium"], "poppler-utils"),
        ("engines", [], "firefox-esr webkit2gtk-driver xvfb"),
        ("engines", ["firefox", "Xvfb"], "webkit2gtk-driver"),
    ],
)
def test_the_installer_names_exactly_what_is_missing(tmp_path, what, there, missing):
    for name in ("id", "tr", "grep"):
        (tmp_path / name).symlink_to(shutil.which(name))
    for name in there:
        (tmp_path / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    done = run("/bin/sh", "requirements/debian.sh", what, cwd=ROOT, env={"PATH": str(tmp_path)})
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(f"Missing: {missing} ("), done.stderr


def test_the_edition_is_the_clock(series, monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    command._clock(Series(series.root))
    assert int(os.environ["SOURCE_DATE_EPOCH"]) % 86400 == 0, "midnight at Greenwich, wherever the machine stands"
