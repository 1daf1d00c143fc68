"""`python -m guidebook check | ledger | site | pdf`: what the Makefile's targets call."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from guidebook import addresses, register, rules
from guidebook.problems import report
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


def site(root: Path, out: Path, pdfs: bool = True) -> int:
    """Check, build the site into `out`, then what is made from it: workbooks, slides, pictures of pasted addresses."""
    if check(root):
        return 1
    series = Series(root)
    _clock(series)
    started = time.perf_counter()
    print("Building the site ...", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", str(root / "mkdocs.yml"),
         "--site-dir", str(out)], cwd=root, check=False,
    )  # fmt: skip
    if done.returncode:
        return done.returncode
    print(f"  {out.name}/ in {time.perf_counter() - started:.1f} s", flush=True)
    return pdf(root, out) if pdfs else 0


def pdf(root: Path, out: Path) -> int:
    """From a built site: workbooks, plain editions, handouts, what trainers take along, a picture a page for pasted addresses.

    Unchanged ones are taken from the cache.
    """
    from guidebook import forms, offline
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
            for done in [pool.submit(build, series, *which, out) for build, *which in jobs]:
                done.result()
    except PrintError as error:
        print(error)
        return 1
    # Last: the folder holds the workbooks, and the list for offline use says what is in every file.
    offline.write(series, out)
    print(f"  {offline.FOLDER.split('/')[-1]}: {offline.megabytes((out / offline.FOLDER).stat().st_size)}", flush=True)
    if series.site_url.endswith(".example/"):
        print(f"Note: printed addresses begin with {series.site_url}, a stand-in. Set site_url in mkdocs.yml before you publish.")
    return 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="guidebook", description=__doc__)
    parser.add_argument("command", choices=("check", "ledger", "site", "pdf"))
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the folder of mkdocs.yml")
    parser.add_argument("--out", type=Path, help="where the site is built (default: site/)")
    options = parser.parse_args(argv)
    root = options.root.resolve()
    out = (options.out or root / "site").resolve()
    match options.command:
        case "check":
            return check(root)
        case "ledger":
            return ledger(root)
        case "site":
            return site(root, out)
        case _:
            return pdf(root, out)


if __name__ == "__main__":
    sys.exit(main())
