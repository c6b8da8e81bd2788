"""What a failure tells one to run shows the failure again, whoever found it: a person, a test, a page."""

from __future__ import annotations

import inspect
import os
import shlex
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from drmg_check import check_implementation, parametrize_with_laws, pytest_plugin
from drmg_check.referee import NonconformanceError
from drmg_check.referee.asking import function_address, replay_options
from drmg_check.runs import Check

NAMED = """
import numpy as np


def half(p, V, rho, uncertainty):
    assert uncertainty.kind == "tv"
    return float(p @ V) - rho / 2 * float(np.ptp(V))


def moved(p, V, rho, ground):
    return float(p @ V) + rho / 9 * float(np.abs(V).max()) * float(ground.max())


def flat_backup(P, r, rho, V, uncertainty):
    assert uncertainty.kind == "tv"
    return r + P @ V


def nothing_gained(P, r, rho, pi, actions):
    return np.zeros(r.shape[::2])


def cooperative(u, actions):
    return np.eye(u.shape[1])[u.sum(axis=0).argmax()]


class Shelf:
    def __call__(self, p, V, rho):
        return float(p @ V)

    @staticmethod
    def mean(p, V, rho):
        return float(p @ V)
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Callable[..., object]]:
    """Write a module into the working folder; return what imports a function from it."""
    (tmp_path / "mine.py").write_text(NAMED, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "mine", raising=False)

    def load(name: str) -> Callable[..., object]:
        from importlib import import_module

        function = import_module("mine")
        for part in name.split("."):
            function = getattr(function, part)
        assert callable(function)
        return function

    return load


def in_shell(line: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", line],
        env={**os.environ, "PATH": path, "COLUMNS": "80"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def first_failure(target: object, *sets: str, **declaration: object) -> Check:
    results = check_implementation(target, list(sets), on_fail=None, diagnose=None, **declaration)
    return next(check for check in results if check.failure is not None)


@pytest.mark.parametrize(
    ("name", "level", "sets", "check"),
    [
        ("half", "worst-case", ("tv",), "tv/oracle/small"),
        ("Shelf.mean", "worst-case", ("kl",), "kl/oracle/small"),
        ("flat_backup", "backup", ("tv",), "tv/oracle/telling"),
        ("nothing_gained", "gap", ("tv",), "tv/oracle/telling"),
        ("cooperative", "equilibrium", (), "nash/smoke/prisoners-dilemma"),
    ],
)
def test_the_line_of_a_function_names_what_was_declared_and_fails_again(
    mine: Callable[[str], Callable[..., object]], name: str, level: str, sets: tuple[str, ...], check: str
):
    results = check_implementation(
        mine(name), list(sets), level=level, checks=[check], on_fail=None, diagnose=None, accuracy="1e-5"
    )
    failed = [each for each in results if each.failure is not None]
    line = failed[0].replay
    words = shlex.split(line)
    assert words[:3] == ["drmg-check", "validate", f"mine.py:{name}"]
    assert {"--level", level, "--accuracy", "1e-5"} <= set(words)
    done = in_shell(line)
    assert done.returncode == 1, done.stderr
    assert f"FAILED {check}" in done.stdout
    assert failed[0].failure is not None
    assert failed[0].failure.got in done.stdout.replace("\n    ", " ")


def test_a_function_that_no_line_finds_is_judged_again_by_its_call():
    wrong = first_failure(lambda p, V, rho: float(p @ V), "tv", checks=["tv/oracle/small"])
    assert wrong.replay.startswith("check_implementation(..., checks=['tv/oracle/small'], profile='quick'")
    assert "<lambda> is found by no command line" in wrong.replay


def test_addresses_name_files_of_users_and_modules_of_packages(
    mine: Callable[[str], Callable[..., object]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    assert function_address(mine("half")) == ("mine.py:half", True)
    assert function_address(mine("Shelf.mean")) == ("mine.py:Shelf.mean", True)
    assert function_address(check_implementation) == ("drmg_check.referee._api:check_implementation", True)
    assert function_address(mine("Shelf")()) == ("mine.py:Shelf", False)
    monkeypatch.chdir(tmp_path.parent)
    assert function_address(mine("half")) == (f"{tmp_path.name}/mine.py:half", True)


def test_limits_that_were_set_are_part_of_the_line():
    assert replay_options({"distribution": False}) == ()
    assert replay_options({}, limit=0.5, memory=2 * 2**30) == ("--time-limit", "0.5", "--memory", "2")


@pytest.mark.parametrize(
    ("name", "level", "sets", "check"),
    [
        ("half", "worst-case", ("tv",), "tv/oracle/small"),
        ("moved", "worst-case", ("wasserstein",), "wasserstein/oracle/small"),
        ("moved", "worst-case", ("wasserstein",), "wasserstein/law/bounds"),
        ("half", "worst-case", ("tv",), "tv/law/mixing-adversary"),
        ("flat_backup", "backup", ("tv",), "tv/oracle/telling"),
    ],
)
def test_programs_call_with_every_parameter_that_is_filled_in(
    mine: Callable[[str], Callable[..., object]], name: str, level: str, sets: tuple[str, ...], check: str
):
    """They end with the assertion, and not with a TypeError for a parameter that was left out."""
    wrong = first_failure(mine(name), *sets, level=level, checks=[check])
    assert wrong.failure is not None
    done = subprocess.run(
        [sys.executable, "-c", wrong.failure.snippet], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("AssertionError"), wrong.failure.snippet
    assert 'assert uncertainty.kind == "tv"' not in done.stderr


TESTS = """
from drmg_check import check_implementation, parametrize_with_laws
from mine import half


@parametrize_with_laws(half, "tv", checks=["tv/oracle/small"])
def test_conforms(check):
    check()


def test_at_once():
    check_implementation(half, "tv", checks=["tv/oracle/small"])


def test_of_a_wrong_call():
    check_implementation(half, "tv", checks=["tv/nonsense"])
"""


def test_tracebacks_of_failing_tests_end_in_the_test(
    mine: Callable[[str], Callable[..., object]], tmp_path: Path
):
    """But an error of another kind keeps the frames that tell where it comes from."""
    (tmp_path / "test_mine.py").write_text(TESTS, encoding="utf-8")
    shown = {}
    for test in ("test_conforms", "test_at_once", "test_of_a_wrong_call"):
        words = f"{sys.executable} -m pytest -q -p no:cacheprovider test_mine.py -k {test}"
        shown[test] = in_shell(words).stdout
    for test in ("test_conforms", "test_at_once"):
        assert "_api.py" not in shown[test]
        assert "drmg_check.referee.NonconformanceError: tv/oracle/small" in shown[test]
        assert "check_implementation(half" in shown[test] or "check()" in shown[test]
    assert "_api.py" in shown["test_of_a_wrong_call"]


def test_suites_search_alike_whoever_calls():
    """The command line searches longer; what runs in a suite has one default, written down once."""
    options = Namespace()

    class Group:
        def addoption(self, name: str, **kept: object) -> None:
            setattr(options, name.strip("-").replace("-", "_"), kept.get("default"))

    class Parser:
        def getgroup(self, *_: str) -> Group:
            return Group()

    pytest_plugin.pytest_addoption(Parser())
    defaults = {
        inspect.signature(function).parameters["profile"].default
        for function in (check_implementation, parametrize_with_laws)
    }
    assert defaults == {options.drmg_profile} == {"quick"}


def test_the_plugin_judges_other_levels(mine: Callable[[str], Callable[..., object]]):
    words = "-q -p no:cacheprovider --drmg-target mine.py:nothing_gained --drmg-set tv --drmg-level gap"
    shown = in_shell(f"{sys.executable} -m pytest {words} --drmg-checks tv/oracle/telling").stdout
    assert "mine.py:nothing_gained: tv/oracle/telling" in shown
    assert "reproduce with: drmg-check validate mine.py:nothing_gained --set tv --level gap" in shown


def test_the_error_is_named_as_it_is_imported():
    assert NonconformanceError.__module__ == "drmg_check.referee"
