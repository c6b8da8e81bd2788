"""Whether the tests notice a mutant."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from benchmarks.mutants._mutants import Mutant
from benchmarks.mutants._tree import copied_tree, interpreter

Verdict: TypeAlias = Literal["killed", "survived", "timeout"]
_FAILED, _BROKEN = 1, 2  # how pytest ends: a test failed, or could not be collected


class Outcome(NamedTuple):
    """What became of a mutant, and which test noticed it."""

    verdict: Verdict
    by: str = ""


class DriverError(RuntimeError):
    """The tests could not be run, or fail without a mutant."""


def run(mutant: Mutant, limit: float) -> Outcome:
    """Apply a mutant to a copy of the project and run its tests there.

    Raises
    ------
    DriverError
        Pytest was misused: no such test, no tests.
    """
    with copied_tree() as copy:
        path = copy / mutant.file
        path.write_text(mutant.applied(path.read_text(encoding="utf-8")), encoding="utf-8")
        return _tested(copy, mutant.tests, limit)


def check_unmutated(tests: Sequence[str], limit: float) -> None:
    """Run tests in a copy without a mutant.

    Raises
    ------
    DriverError
        They do not pass, so that a failure would say nothing.
    """
    with copied_tree() as copy:
        outcome = _tested(copy, tests, limit)
    if outcome.verdict != "survived":
        raise DriverError(f"without a mutant, {outcome.by or 'the tests'}: {outcome.verdict}")


def _tested(copy: Path, tests: Sequence[str], limit: float) -> Outcome:
    words = ["-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=no", "-rfE", *tests]
    process = subprocess.Popen(  # noqa: S603 - the tests of this project
        [interpreter(copy), *words],
        cwd=copy, env=_variables(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        encoding="utf-8", errors="replace", start_new_session=True,
    )  # fmt: skip
    try:
        output, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        return Outcome("timeout")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # whatever the tests started and left behind
        process.wait()
    if process.returncode == 0:
        return Outcome("survived")
    if process.returncode in (_FAILED, _BROKEN) or process.returncode < 0:
        return Outcome("killed", _first_failure(output))
    raise DriverError(f"pytest {' '.join(tests)} ended with {process.returncode}:\n{output[-2000:]}")


def _first_failure(output: str) -> str:
    lines = (line.partition(" ") for line in output.splitlines())
    named = [rest.partition(" - ")[0] for word, _, rest in lines if word in ("FAILED", "ERROR")]
    return named[0] if named else "the interpreter ended"


def _variables() -> dict[str, str]:
    own = {"HYPOTHESIS_PROFILE": "ci", "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"}
    foreign = ("PYTHONPATH", "NUMBA_CACHE_DIR")  # would lead back to the original
    return {**{name: value for name, value in os.environ.items() if name not in foreign}, **own}
