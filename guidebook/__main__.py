"""`python -m guidebook check | ledger | site | pdf | policy | release`: what the Makefile's targets call."""

from __future__ import annotations

import argparse
import functools
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from guidebook import addresses, quotes, register, rules
from guidebook import policy as policies
from guidebook.problems import no_room, report
from guidebook.series import Series


def _clock(series: Series) -> None:
    """All build times are the edition's date, so that two builds of one commit are the same bytes."""
    import datetime

    day = datetime.datetime.fromisoformat(series.edition).replace(tzinfo=datetime.UTC)
    os.environ["SOURCE_DATE_EPOCH"] = str(int(day.timestamp()))
    # MkDocs and Material print a notice about their successors that says nothing to an author.
    os.environ |= {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}


def check(root: Path) -> int:
    """Run the content rules; prints every fault, returns the exit code."""
    series = Series(root)
    problems = rules.check(series)
    if problems:
        print(report(problems))
        return 1
    words = sum(len(line.split()) for page in series.pages for line in page.lines)
    evidence = register.load(root / "evidence")
    checked = sum(1 for finding in evidence.findings.values() if finding.checked)
    print(f"{len(series.pages)} pages, about {words:,} words: no problems.")
    print(f"{len(evidence.sources)} sources in the register, {checked:,} of their {len(evidence.findings):,} findings checked.")
    return 0


def ledger(root: Path) -> int:
    """Bring addresses.yml up to date: new codes, pages that moved. What was withdrawn is a person's to say."""
    change = addresses.update(Series(root))
    new = change.new
    print(f"{addresses.NAME}: {len(new)} new code{'s' if len(new) != 1 else ''}{': ' + ', '.join(new) if new else ''}.")
    for old, code in change.moved.items():
        print(f"{code} moved: {old} leads to it from now on.")
    if change.gone:
        print(f"Gone from the sources: {', '.join(change.gone)}. Put them back, or name under retired what took their place.")
    return 0


def _tells_of_a_full_disk(step):
    """Let a step that finds no room say so in one line and return 1; other faults of the machine pass on."""

    @functools.wraps(step)
    def told(*arguments):
        try:
            return step(*arguments)
        except OSError as error:
            if not no_room(error):
                raise
            print(no_room(error))
            return 1

    return told


def set_quotes(root: Path) -> int:
    """Set the straight quotes that authors typed; says where."""
    for file, count in quotes.mend(root):
        print(f"  {file}: {count} line{'s' if count != 1 else ''}")
    return 0


def site(root: Path, out: Path, pdfs: bool = True) -> int:
    """Check, build the site and what is to be downloaded from it, then put it in the place of `out`.

    All is made in a folder beside `out`, and what lies there takes its place at the end: a build that stops,
    whatever the reason, leaves the last good site as it was. What an aborted build left is cleared away first.
    """
    if check(root):
        return 1
    new, old = out.with_name(f".{out.name}.new"), out.with_name(f".{out.name}.old")
    if (old / out.name).exists() and not out.exists():  # killed between the two renames below
        (old / out.name).rename(out)
    try:
        for folder in (new, old):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        done = _make(root, new / out.name, pdfs)
        for made in sorted(new.iterdir()) if done == 0 else ():
            place = out.with_name(made.name)
            if place.exists():
                place.rename(old / made.name)
            made.rename(place)
        if done and out.exists():
            print(f"{out.name}/ is as it was before.")
        return done
    finally:
        for folder in (new, old):
            shutil.rmtree(folder, ignore_errors=True)


@_tells_of_a_full_disk
def _make(root: Path, out: Path, pdfs: bool) -> int:
    """Each step of a build in its order; the exit code of the first that fails, else 0."""
    return _pages(root, out) or (pdf(root, out) if pdfs else 0) or (_folder(root, out) if pdfs else 0) or policy(root, out) or _worker(root, out)


def _folder(root: Path, out: Path) -> int:
    """The site as one folder to download: it holds the workbooks, and its pages are not yet sealed for a server."""
    from guidebook import offline

    folder = offline.write(Series(root), out)
    print(f"  {folder.name}: {offline.megabytes(folder.stat().st_size)}", flush=True)
    return 0


def _worker(root: Path, out: Path) -> int:
    """The list for offline use, last of all: it says what is in every file."""
    from guidebook import offline

    offline.write_worker(Series(root), out)
    return 0


def _pages(root: Path, out: Path) -> int:
    """The site alone, without downloads, by MkDocs; returns its exit code."""
    _clock(Series(root))
    started = time.perf_counter()
    print("Building the site ...", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", str(root / "mkdocs.yml"),
         "--site-dir", str(out)], cwd=root, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        print(f"  {out.name}/ in {time.perf_counter() - started:.1f} s", flush=True)
    return done.returncode


def policy(root: Path, out: Path) -> int:
    """Seal a built site with its content security policy, and write what servers need beside it."""
    try:
        folder = policies.write_server_files(Series(root), out, policies.seal(out))
    except policies.PolicyError as error:
        print(f"A strict content security policy would block parts of the built site.\n{error}")
        return 1
    print(f"  {folder.name}/ for Caddy and nginx, {out.name}/_headers for hosts that read it", flush=True)
    return 0


@_tells_of_a_full_disk
def pdf(root: Path, out: Path) -> int:
    """From a built site: workbooks, plain editions, handouts, what trainers take along, a picture a page for pasted addresses.

    Unchanged ones are taken from the cache.
    """
    from guidebook import forms
    from guidebook import pdf as paper
    from guidebook.compose import PrintError
    from guidebook.deck import build_deck
    from guidebook.pictures import write_previews

    series = Series(root)
    _clock(series)
    documents = [*series.guides, series.whole] if len(series.guides) > 1 else series.guides
    # The longest first, so that none is waited for at the end.
    jobs = [(paper.build_pdf, guide) for guide in reversed(documents)]
    jobs.append((paper.build_handbook,))
    jobs += [(build, guide) for build in (paper.build_plain, paper.build_handouts) for guide in series.guides]
    jobs += [(build_deck, guide) for guide in reversed(series.guides)]
    jobs += [(paper.build_evaluation, guide) for guide in series.guides if forms.evaluation_page(series, guide)]
    if forms.feedback_page(series):
        jobs.append((paper.build_feedback,))
    jobs.append((write_previews,))
    try:
        # Two at a time: a rendering keeps one core busy.
        with ProcessPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
            try:
                for done in [pool.submit(build, series, *which, out) for build, *which in jobs]:
                    done.result()
            finally:
                pool.shutdown(cancel_futures=True)  # one has failed: do not wait for the rest
    except PrintError as error:
        print(error)
        return 1
    if series.site_url.endswith(".example/"):
        print(f"Note: printed addresses begin with {series.site_url}, a stand-in. Set site_url in mkdocs.yml before you publish.")
    return 0


@_tells_of_a_full_disk
def release(root: Path, out: Path, dist: Path) -> int:
    """Gather in `dist` what is given out with an edition, from the built site in `out`."""
    from guidebook.release import ReleaseError, write

    try:
        files = write(Series(root), out, dist)
    except ReleaseError as error:
        print(error)
        return 1
    print(f"  {dist.name}/: {len(files)} files, {sum(file.stat().st_size for file in files) / 1e6:.0f} MB, and SHA256SUMS")
    return 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="guidebook", description=__doc__)
    parser.add_argument("command", choices=("check", "quotes", "ledger", "site", "pdf", "policy", "release"))
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the folder of mkdocs.yml")
    parser.add_argument("--out", type=Path, help="where the site is built (default: site/)")
    parser.add_argument("--no-pdfs", action="store_true", help="with site: the pages alone, for a quick look or a machine without Pango")
    options = parser.parse_args(argv)
    root = options.root.resolve()
    out = (options.out or root / "site").resolve()
    match options.command:
        case "check":
            return check(root)
        case "quotes":
            return set_quotes(root)
        case "ledger":
            return ledger(root)
        case "site":
            return site(root, out, pdfs=not options.no_pdfs)
        case "release":
            return release(root, out, root / "dist")
        case "policy":
            return policy(root, out)
        case _:
            return pdf(root, out)


if __name__ == "__main__":
    sys.exit(main())
