"""A process of a copy of the project that has loaded what others wrote, and forks for every run of tests.

It reads a line of JSON, ``{"words": [...], "limit": seconds, "output": path}``, runs pytest with those words
in a child, and answers with how that ended, ``null`` for never. Nothing of the project is loaded before.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path

FOREIGN = (  # without Hypothesis, whose assertions pytest wants to rewrite
    *("numpy", "numba", "scipy.optimize", "scipy.special"),
    *("mpmath", "flint", "cvxpy", "msgspec", "jinja2", "click", "rich.console", "jsonschema", "pytest"),
)
MISUSED = 4  # as pytest says it
GLANCE = 0.02  # seconds between two looks at a child


def run(words: list[str], limit: float, output: str) -> int | None:
    """Run pytest in a child of its own session; return its exit code, or None if it did not end in time."""
    child = os.fork()
    if not child:
        os.setsid()
        file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(file, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        code = MISUSED
        try:
            sys.path[0] = str(Path.cwd())  # as for python -m pytest
            code = int(import_module("pytest").main(words))
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    ended, status = 0, 0
    while not ended and limit > 0:
        time.sleep(GLANCE)
        limit -= GLANCE
        ended, status = os.waitpid(child, os.WNOHANG)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # whatever the tests started and left behind
    if not ended:
        os.waitpid(child, 0)
        return None
    return os.waitstatus_to_exitcode(status)


def main() -> None:
    """Load what others wrote, and serve."""
    for name in FOREIGN:
        with suppress(ImportError):
            import_module(name)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(json.dumps(run(**json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
