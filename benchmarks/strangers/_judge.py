"""What the diagnosis says of a stranger's code, after a validation at the quick profile."""

from __future__ import annotations

import re
from dataclasses import dataclass

from benchmarks.strangers._strangers import Stranger
from drmg_check.referee import check_implementation

SAID = re.compile(r"(?:agrees with|its policies are equilibria with|, and with) (.+?) \(")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a stranger's code.

    Parameters
    ----------
    failed, judged : int
        Checks that failed, and that had something to say.
    names : tuple of tuple of str
        What the failures are called, the most severe first, each once; several where nothing that the code
        admits tells them apart.
    """

    failed: int
    judged: int
    names: tuple[tuple[str, ...], ...]

    def outcome(self, stranger: Stranger) -> str:
        """Return ``named``, ``misnamed``, ``unnamed`` or ``not caught``."""
        if not self.failed:
            return "not caught"
        if not self.names:
            return "unnamed"
        return "named" if all(stranger.entry in each for each in self.names) else "misnamed"


def judged(stranger: Stranger) -> Verdict:
    """Validate a stranger's code by every check."""
    checks = check_implementation(
        stranger.function,
        (stranger.sets,) if stranger.sets else (),
        level=stranger.level,
        profile="quick",
        on_fail=None,
        **stranger.declared,
    )
    failures = [check.failure for check in checks if check.failure]
    failures.sort(key=lambda failure: -(failure.severity or 0))
    said = dict.fromkeys(tuple(SAID.findall(failure.diagnosis)) for failure in failures)
    names = tuple(each for each in said if each)
    return Verdict(len(failures), sum(check.judged > 0 for check in checks), names)
