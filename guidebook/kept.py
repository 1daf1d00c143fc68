"""What is slow to make and small to keep, in `.cache/` from build to build. Its name holds all that it depends on."""

from __future__ import annotations

import os
from pathlib import Path


def save(file: Path, others: str, content: str | bytes) -> None:
    """Write `file` whole or not at all, in place of the `others` (a pattern) of its folder.

    A folder that cannot be written to is done without: what is kept saves time, and nothing else.
    """
    draft = file.with_suffix(f".{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content if isinstance(content, bytes) else content.encode())
        for old in file.parent.glob(others):
            old.unlink(missing_ok=True)
        draft.replace(file)
    except OSError:
        try:
            draft.unlink(missing_ok=True)
        except OSError:
            pass
