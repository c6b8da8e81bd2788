"""Whether the tests notice a mutant."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from benchmarks.mutants._mutants import Mutant
from benchmarks.mutants._tree import copied_tree, interpreter

Verdict: TypeAlias = Literal["killed", "survived", "timeout"]
_COMPILED = re.compile(r"@kernel|@compiled|@njit|import numba|from numba")
_FAILED, _BROKEN = 1, 2  # how pytest ends: a test failed, or could not be collected


class Outcome(NamedTuple):
    """What became of a mutant, and which test noticed it."""

    verdict: Verdict
    by: str = ""


class DriverError(RuntimeError):
    """The tests could not be run, or fail without a mutant."""


class Workshop:
    """A copy of the project in which one mutant after the other is tested.

    What a mutant of compiled code leaves in its caches may be inlined elsewhere: such a mutant gets a copy of
    its own, and a process that starts from nothing.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._copy = self._stack.enter_context(copied_tree())
        self._process = subprocess.Popen(  # noqa: S603 - our own file
            [interpreter(self._copy), self._copy / "benchmarks" / "mutants" / "_warm.py"],
            cwd=self._copy, env=_variables(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            encoding="utf-8", start_new_session=True,
        )  # fmt: skip

    def close(self) -> None:
        """End the process and remove the copy."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._stack.close()

    def run(self, mutant: Mutant, limit: float) -> Outcome:
        """Apply a mutant, run its tests, and take it back.

        Raises
        ------
        DriverError
            Pytest was misused: no such test, no tests.
        """
        path = self._copy / mutant.file
        source = path.read_text(encoding="utf-8")
        if _COMPILED.search(source):
            return run(mutant, limit)
        changed = path.stat().st_mtime
        try:
            path.write_text(mutant.applied(source), encoding="utf-8")
            _forget(path)
            return self._tested(mutant.tests, limit)
        finally:
            path.write_text(source, encoding="utf-8")
            os.utime(path, (changed, changed))
            _forget(path)

    def _tested(self, tests: Sequence[str], limit: float) -> Outcome:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        output = self._copy / "output-of-pytest.txt"
        asked = {"words": _words(tests), "limit": limit, "output": str(output)}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code = json.loads(self._process.stdout.readline())
        said = output.read_text(encoding="utf-8", errors="replace")
        return Outcome("timeout") if code is None else _outcome(code, tests, said)


def _forget(path: Path) -> None:
    """Remove what Python keeps of a file: it looks at the size, and at the time in seconds."""
    Path(cache_from_source(str(path))).unlink(missing_ok=True)


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
    process = subprocess.Popen(  # noqa: S603 - the tests of this project
        [interpreter(copy), "-m", "pytest", *_words(tests)],
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
    return _outcome(process.returncode, tests, output)


def _words(tests: Sequence[str]) -> list[str]:
    return ["-x", "-q", "-p", "no:cacheprovider", "--tb=no", "-rfE", *tests]


def _outcome(code: int, tests: Sequence[str], output: str) -> Outcome:
    if code == 0:
        return Outcome("survived")
    if code in (_FAILED, _BROKEN) or code < 0:
        return Outcome("killed", _first_failure(output))
    raise DriverError(f"pytest {' '.join(tests)} ended with {code}:\n{output[-2000:]}")


def _first_failure(output: str) -> str:
    lines = (line.partition(" ") for line in output.splitlines())
    named = [rest.partition(" - ")[0] for word, _, rest in lines if word in ("FAILED", "ERROR")]
    return named[0] if named else "the interpreter ended"


def _variables() -> dict[str, str]:
    own = {"HYPOTHESIS_PROFILE": "ci", "COLUMNS": "200"}
    foreign = ("PYTHONPATH", "NUMBA_CACHE_DIR", "PYTHONDONTWRITEBYTECODE")  # would lead back to the original
    return {**{name: value for name, value in os.environ.items() if name not in foreign}, **own}
