"""Ledgers of other authors: a skeleton that runs, and the example as its package would install it."""

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from drmg_check.vocabulary import InputError
from drmg_properties.audit import installed_ledgers, load_ledger

Run = Callable[..., subprocess.CompletedProcess[str]]
Install = Callable[[str, dict[str, str]], None]
Command = Callable[..., tuple[object, str, str]]


def test_an_installed_ledger_is_audited_by_its_name(
    drmg_check: Run, command: Command, install_ledgers: Install
):
    """By worker processes too."""
    done = drmg_check("audit", "--ledger", "rectangularity", "--profile", "quick", "--jobs", 2)
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 of 3 verdicts are as expected" in done.stdout
    code, out, err = command("replay", "R2", "--ledger", "rectangularity")
    assert (code, err) == (0, "")
    assert "slack = -1/2 < 0: this instance violates the claim." in out


def test_a_line_that_reproduces_a_refutation_names_the_ledger(command: Command, install_ledgers: Install):
    line = command("claims", "run", "R2", "--ledger", "rectangularity")[1].splitlines()[-1].strip()
    assert line.endswith("--ledger rectangularity")
    assert command(*shlex.split(line)[1:])[0] == 0


def test_a_ledger_that_nobody_registers_is_answered_with_those_that_are(install_ledgers: Install):
    with pytest.raises(InputError, match=r"ledger='rectangular' is registered by no .*: .*rectangularity\)"):
        load_ledger("rectangular")


def test_a_broken_registration_breaks_only_its_own_ledger(command: Command, install_ledgers: Install):
    install_ledgers("broken", {"broken": "no_such_module:LEDGER"})
    assert set(installed_ledgers()) == {"broken", "drmg-check", "mornavi", "rectangularity"}
    assert command("claims", "ledgers")[1].splitlines() == [
        "broken          no_such_module:LEDGER",
        "drmg-check      drmg_properties.claims.own:LEDGER",
        "mornavi         drmg_properties.claims.mornavi:LEDGER",
        "rectangularity  rectangularity_claims:LEDGER",
    ]
    code, out, err = command("claims", "list", "--ledger", "broken")
    assert (code, out) == (2, "")
    assert "No module named 'no_such_module'" in err
    assert command("claims", "list", "--ledger", "rectangularity")[0] == 0


def test_the_skeleton_imports_lints_and_runs(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    code, out, err = command("claims", "new", "my_paper")
    assert (code, err) == (0, "")
    monkeypatch.syspath_prepend(tmp_path)
    (line,) = (line for line in out.splitlines() if "drmg-check" in line)
    words = shlex.split(line.partition("drmg-check ")[2])
    code, out, err = command(*words, "--profile", "quick", "--jobs", 1)
    assert (code, err) == (0, "")
    assert "2 of 2 verdicts are as expected" in out
    for check in (["check", "--select", "E,F,I,ANN"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *check, "--isolated", "--config", "line-length = 110"]
        lint = subprocess.run(
            [*ruff, "my_paper.py"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
        )
        assert lint.returncode == 0, lint.stdout
    assert command("claims", "new", "my_paper")[0] == 2


@pytest.mark.parametrize("name", ["my-paper", "class", "1st", "a/b", ""])
def test_a_name_that_no_module_can_have_is_refused(command: Command, tmp_path: Path, name: str):
    code, out, err = command("claims", "new", name)
    assert (code, out) == (2, "")
    assert "is no name of a module" in err
    assert list(tmp_path.iterdir()) == []
