"""Judge the code of strangers, keep what the diagnosis said, and rewrite its section of ``docs/power.md``."""

from __future__ import annotations

import sys
import warnings

from benchmarks.strangers import GAMES, ROWS
from benchmarks.strangers._judge import judged
from benchmarks.strangers._page import read, write


def main() -> int:
    """Judge those that are named, or all; exit code 1 if one was misnamed or not caught."""
    verdicts = read()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # strangers divide by zero
        for stranger in (*ROWS, *GAMES):
            if len(sys.argv) == 1 or stranger.name in sys.argv[1:]:
                verdicts[stranger.name] = judged(stranger)
                print(stranger.name, verdicts[stranger.name].outcome(stranger), flush=True)
                write(verdicts)
    wrong = {"misnamed", "not caught"}
    return int(any(verdicts[stranger.name].outcome(stranger) in wrong for stranger in (*ROWS, *GAMES)))


if __name__ == "__main__":
    sys.exit(main())
