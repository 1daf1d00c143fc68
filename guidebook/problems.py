"""One fault in the content, told to its author: where, what, and how to mend it."""

from __future__ import annotations

import errno
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    file: str
    line: int
    problem: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem} {self.cure}"


def report(problems: list[Problem]) -> str:
    """All problems, one a line in file order, with a closing count."""
    count = len(problems)
    lines = [str(problem) for problem in sorted(problems)]
    return "\n".join([*lines, f"{count} problem{'s' if count != 1 else ''} to mend."])


def no_room(error: OSError) -> str:
    """What to tell when nothing more can be written: a full disk, a used-up quota, a file too large; else ''."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return ""
    where = f" ({error.filename})" if error.filename else ""
    return f"The build stopped: {error.strerror}{where}. Make room, then build again."
