"""The evidence register: load `evidence/*.yaml` into typed records, or say what is wrong and where.

The form of an entry and the rules for adding one are in `evidence/README.md`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from guidebook.problems import Problem
from guidebook.source import YAML

TYPES = ("article", "book", "guideline", "law", "report", "thesis", "toolkit", "treaty", "webpage")
KINDS = ("challenge", "definition", "experience", "obligation", "practice", "trend")
# How much of a work was read, and how the library says so.
SEEN = {
    "abstract": "read in abstract",
    "excerpt": "read in its opening pages",
    "front-matter": "read in its front matter",
    "citation-only": "known from its citation only",
}
GUIDES = ("identification", "protection", "reintegration", "children")
# Who was studied: the closed list behind the library's filter, kept in `study.groups`.
GROUPS = (
    "children", "domestic workers", "fishers", "lgbt people", "men", "migrants and refugees",
    "persons with disabilities", "practitioners", "women", "law and policy",
)  # fmt: skip
SOURCE_FIELDS = {
    "key", "type", "authors", "year", "title", "container", "publisher", "place", "doi", "url",
    "seen_at", "seen", "study", "findings", "guides", "title_is_description",
}  # fmt: skip
FINDING_FIELDS = {"id", "fact", "themes", "kind", "checked"}
STUDY_FIELDS = {"population", "countries", "sample", "method", "period", "groups"}


@dataclass(frozen=True)
class Finding:
    """One thing a source says, in our words. `checked` is the ISO date it was read again at its source, or ''."""

    id: str
    fact: str
    themes: tuple[str, ...]
    kind: str
    checked: str
    source_key: str


@dataclass(frozen=True)
class Study:
    population: str = ""
    countries: tuple[str, ...] = ()
    sample: str = ""
    method: str = ""
    period: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """One work. Empty fields were not shown where the work was read, and stay empty."""

    key: str
    type: str
    authors: tuple[str, ...]
    year: int | None
    title: str
    container: str
    publisher: str
    place: str
    doi: str
    url: str
    seen: str
    study: Study
    findings: tuple[Finding, ...]
    guides: tuple[str, ...]
    title_is_description: bool

    @property
    def checked_findings(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.checked)

    @property
    def link(self) -> str:
        """The work's own address: its DOI, else its `url`. Never a copy elsewhere."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True)
class Register:
    sources: dict[str, Source]
    findings: dict[str, Finding]

    def resolve(self, key: str) -> tuple[Source, Finding | None] | None:
        """The source, and the finding if the key names one; None for an unknown key."""
        if key in self.findings:
            finding = self.findings[key]
            return self.sources[finding.source_key], finding
        if key in self.sources:
            return self.sources[key], None
        return None

    @property
    def published(self) -> list[Source]:
        """The sources a reader may see: those with a checked finding."""
        return [source for source in self.sources.values() if source.checked_findings]


class RegisterError(ValueError):
    """The register has faults; `problems` lists them."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def _lines_of(node: yaml.Node) -> dict[str, int]:
    """Where each entry's key and each finding's id stands, from the YAML node tree."""
    where: dict[str, int] = {}
    for entry in getattr(node, "value", []):
        for name, value in getattr(entry, "value", []):
            if name.value == "key":
                where.setdefault(f"{value.value}", value.start_mark.line + 1)
    return where


def _entry_faults(entry: dict) -> list[tuple[str, str]]:
    faults = []

    def fault(text: str, cure: str) -> None:
        faults.append((text, cure))

    for name in entry:
        if name not in SOURCE_FIELDS:
            fault(f'unknown field "{name}"', f"Use only: {', '.join(sorted(SOURCE_FIELDS))}.")
    for name in ("key", "type", "title", "seen", "findings", "guides"):
        if name not in entry:
            fault(f'the field "{name}" is missing', "See the form of an entry in evidence/README.md.")
    if entry.get("type") not in TYPES:
        fault(f'type "{entry.get("type")}" is not known', f"Choose one of: {', '.join(TYPES)}.")
    if entry.get("seen") not in SEEN:
        fault(f'seen "{entry.get("seen")}" is not known', f"Choose one of: {', '.join(SEEN)}.")
    if entry.get("year") not in (None, "") and not isinstance(entry.get("year"), int):
        fault(f'year "{entry.get("year")}" is not a number', "Write the year as four digits, or leave it empty.")
    for guide in entry.get("guides") or []:
        if guide not in GUIDES:
            fault(f'guide "{guide}" is not known', f"Choose from: {', '.join(GUIDES)}.")
    study = entry.get("study") or {}
    for name in study:
        if name not in STUDY_FIELDS:
            fault(f'unknown field "study.{name}"', f"Use only: {', '.join(sorted(STUDY_FIELDS))}.")
    for group in study.get("groups") or []:
        if group not in GROUPS:
            fault(f'group "{group}" is not known', f"Choose from: {', '.join(GROUPS)}.")
    findings = entry.get("findings")
    if findings is not None and not isinstance(findings, list):
        fault('"findings" is not a list', "Give each finding its own `- id:`.")
        findings = []
    for finding in findings or []:
        name = finding.get("id", "without id")
        for extra in set(finding) - FINDING_FIELDS:
            fault(f'finding {name}: unknown field "{extra}"', f"Use only: {', '.join(sorted(FINDING_FIELDS))}.")
        if not str(finding.get("id", "")).startswith(f"{entry.get('key')}-"):
            fault(f"finding {name}: the id does not begin with its source's key", f"Write {entry.get('key')}-1, -2, …")
        if not str(finding.get("fact") or "").strip():
            fault(f"finding {name}: the fact is empty", "Say in your own words what the source says, or remove it.")
        if finding.get("kind") not in KINDS:
            fault(f'finding {name}: kind "{finding.get("kind")}" is not known', f"Choose one of: {', '.join(KINDS)}.")
        checked = finding.get("checked")
        if checked:
            try:
                datetime.date.fromisoformat(str(checked))
            except ValueError:
                fault(f'finding {name}: checked "{checked}" is not a date', "Write it as '2026-11-24'.")
    if any((f or {}).get("checked") for f in findings or []) and not study.get("groups"):
        fault("it has checked findings but no study.groups", f"Say who was studied, from: {', '.join(GROUPS)}.")
    return faults


def _source(entry: dict) -> Source:
    study = entry.get("study") or {}
    findings = tuple(
        Finding(
            id=f["id"],
            fact=str(f["fact"]).strip(),
            themes=tuple(f.get("themes") or ()),
            kind=f["kind"],
            checked=str(f.get("checked") or ""),
            source_key=entry["key"],
        )
        for f in entry.get("findings") or []
    )
    text = {name: str(entry.get(name) or "") for name in ("container", "publisher", "place", "doi", "url")}
    return Source(
        key=entry["key"],
        type=entry["type"],
        authors=tuple(entry.get("authors") or ()),
        year=entry.get("year") or None,
        title=str(entry["title"]),
        seen=entry["seen"],
        study=Study(
            population=str(study.get("population") or ""),
            countries=tuple(study.get("countries") or ()),
            sample=str(study.get("sample") or ""),
            method=str(study.get("method") or ""),
            period=str(study.get("period") or ""),
            groups=tuple(study.get("groups") or ()),
        ),
        findings=findings,
        guides=tuple(entry.get("guides") or ()),
        title_is_description=bool(entry.get("title_is_description")),
        **text,
    )


def _stamp(folder: Path) -> tuple:
    return tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in sorted(folder.glob("*.yaml")))


def load(folder: Path) -> Register:
    """Load and validate every `*.yaml` in `folder`.

    Raises RegisterError with one Problem per fault, each naming file and entry.
    Loaded once per process for unchanged files.
    """
    return _load(folder.resolve(), _stamp(folder))


def _read(text: str) -> tuple[yaml.Node | None, list | None]:
    """A YAML text as nodes, which know their lines, and as what they stand for."""
    reader = YAML(text)
    try:
        node = reader.get_single_node()
        return node, reader.construct_document(node) if node else None
    finally:
        reader.dispose()


@lru_cache(maxsize=4)
def _load(folder: Path, stamp: tuple) -> Register:
    sources: dict[str, Source] = {}
    findings: dict[str, Finding] = {}
    problems: list[Problem] = []
    for name, *_ in stamp:
        file = folder / name
        shown = f"{folder.name}/{name}"
        text = file.read_text(encoding="utf-8")
        try:
            node, entries = _read(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problems.append(
                Problem(shown, mark.line + 1 if mark else 1, f"not valid YAML: {getattr(error, 'problem', error)}",
                        "Mend the line; a text with a colon needs quotes.")
            )  # fmt: skip
            continue
        where = _lines_of(node)
        for entry in entries or []:
            key = str(entry.get("key", "without key"))
            line = where.get(key, 1)
            faults = _entry_faults(entry)
            problems += [Problem(shown, line, f"{key}: {text}.", cure) for text, cure in faults]
            if key in sources:
                problems.append(Problem(shown, line, f"{key}: the key is used twice.", "Give each source its own key."))
                continue
            if faults:
                continue
            source = _source(entry)
            sources[key] = source
            for finding in source.findings:
                if finding.id in findings:
                    problems.append(
                        Problem(shown, line, f"{finding.id}: the finding's id is used twice.", "Number it anew.")
                    )
                findings[finding.id] = finding
    if problems:
        raise RegisterError(problems)
    return Register(sources, findings)
