"""Hypothesis profiles; the header says which one runs and how to run the other."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from drmg_check.cli import main

settings.register_profile(
    "ci",
    derandomize=True,
    max_examples=100,
    deadline=None,
    print_blob=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", max_examples=20_000, deadline=None, print_blob=True)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")
settings.load_profile(PROFILE)


def pytest_report_header() -> str:
    return f"hypothesis profile: {PROFILE} (HYPOTHESIS_PROFILE=deep for the long one)"


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Ledgers of planted claims, importable here and in worker processes."""
    folder = str(Path(__file__).parent / "planted")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", folder)
    return import_module("drmg_planted")


@pytest.fixture
def install_ledgers(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, planted: ModuleType
) -> Callable[[str, dict[str, str]], None]:
    """Install the example of a ledger; return what registers others as an installer does.

    Importable and registered here and in worker processes.
    """
    site = tmp_path_factory.mktemp("site-packages")
    example = Path(__file__).parents[1] / "examples/ledger"
    for folder in (example, site):
        monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", str(example), prepend=os.pathsep)
    monkeypatch.setenv("PYTHONPATH", str(site), prepend=os.pathsep)

    def install(package: str, ledgers: dict[str, str]) -> None:
        folder = site / f"{package}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        lines = ["[drmg_check.ledgers]", *(f"{name} = {value}" for name, value in ledgers.items())]
        (folder / "entry_points.txt").write_text("\n".join(lines) + "\n")

    project = tomllib.loads((example / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    install(project["name"].replace("-", "_"), project["entry-points"]["drmg_check.ledgers"])
    return install


@pytest.fixture
def drmg_check(tmp_path: Path, planted: ModuleType) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line as a user does: in an empty folder, piped, 80 columns wide."""

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "drmg_check", *map(str, words)],
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "80"},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    return run


class Done(NamedTuple):
    """How a command ended."""

    code: object
    out: str
    err: str


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    planted: ModuleType,
) -> Callable[..., Done]:
    """Run a command line in this process: what it prints, without the cost of a start."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*words: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["drmg-check", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Done(ended.value.code, out, err)

    return run
