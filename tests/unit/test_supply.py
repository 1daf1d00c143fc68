"""What a release says it was built from."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def bill(target: Path) -> dict:
    """What `make sbom` writes, with the tools of this test run."""
    done = subprocess.run(
        ["make", "--no-print-directory", "-o", ".venv/supply.stamp", "sbom", f"PY={sys.executable}", f"SBOM={target}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"},  # another test may have set it
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(target.read_text(encoding="utf-8"))


def test_the_bill_of_materials_names_what_is_pinned_and_is_the_same_each_time(tmp_path):
    found = bill(tmp_path / "one.json")
    bill(tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert "timestamp" not in found["metadata"]
    assert (found["bomFormat"], found["metadata"]["component"]["name"]) == ("CycloneDX", "guidebook")
    pinned = {}
    for block in re.split(r"\n(?=\S)", (ROOT / "requirements" / "site.txt").read_text(encoding="utf-8")):
        if named := re.match(r"([\w.-]+)==([\w.]+)", block):
            pinned[named.groups()] = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", block))
    assert len(pinned) > 30
    listed = {
        (part["name"], part["version"]): {sum_["content"] for reference in part["externalReferences"] for sum_ in reference["hashes"]}
        for part in found["components"]
    }
    assert listed == pinned


def test_every_requirement_is_pinned_by_hash():
    """What pip installs and the audit reads; a file without hashes would stop both."""
    for file in sorted((ROOT / "requirements").glob("*.txt")):
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line[0].isspace() and not line.startswith("#")]
        assert lines, file.name
        assert all(re.match(r"[\w.-]+==\S+( ;.*)? \\$", line) for line in lines), file.name
