"""What is installed from the built wheel works without the repository around it."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run Python in an empty folder with the wheel's packages in front of the repository's."""
    site = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    here = tmp_path_factory.mktemp("elsewhere")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            cwd=here,
            env={**os.environ, "PYTHONPATH": str(site), "COLUMNS": "80"},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    packages = ("drmg_check", "drmg_oracles", "drmg_properties", "drmg_reports")
    where = run("-c", f"import {', '.join(packages)}; print({', '.join(f'{p}.__file__' for p in packages)})")
    assert all(path.startswith(str(site)) for path in where.stdout.split()), where.stdout + where.stderr
    return run


def test_the_wheel_holds_what_it_should(wheel: Path):
    done = subprocess.run(
        [Path(sys.executable).with_name("check-wheel-contents"), wheel], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout
    roots = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {root for root in roots if not root.endswith(".dist-info")} == {
        "drmg_check",
        "drmg_oracles",
        "drmg_properties",
        "drmg_reports",
    }


def test_it_audits_and_renders_the_report(installed: Run):
    done = installed("-m", "drmg_check", "audit", "--claims", "A3,D8", "--profile", "quick", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    page = installed("-c", "print(open('drmg-audit/audit.html', encoding='utf-8').read()[:15])")
    assert page.stdout == "<!doctype html>\n"


def test_it_certifies_and_the_certificate_verifies(installed: Run):
    words = ("-m", "drmg_check", "certify", "zoo:initial-shock", "--policy", "uniform")
    done = installed(*words, "--kernel-out", "kernel.json", "--json", "certificate.json")
    assert (done.returncode, done.stderr) == (0, "")
    verified = installed("-m", "drmg_check", "verify-certificate", "certificate.json")
    assert (verified.returncode, verified.stderr) == (0, "")
    assert "certificate.json: initial-shock: NE gap 11/128" in verified.stdout
    assert verified.stdout.endswith("1 proved, 0 refused\n")


def test_it_computes_bounds_and_writes_a_ledger_that_runs(installed: Run):
    done = installed("-m", "drmg_check", "bound", "-H", "3")
    assert (done.returncode, done.stderr) == (0, "")
    assert installed("-m", "drmg_check", "claims", "new", "my_paper").returncode == 0
    done = installed(
        "-m", "drmg_check", "claims", "run", "X2", "--profile", "quick", "--ledger", "my_paper:LEDGER"
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_published_schema_is_in_it(wheel: Path):
    """The schemas of the repository, byte by byte; ``protocol --schema`` prints one of them."""
    roots = [ROOT / root for root in (".", "oracles", "properties", "reports")]
    packages = ("drmg_check", "drmg_oracles", "drmg_properties", "drmg_reports")
    published = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for root in roots
        for package in packages
        for path in (root / package).glob("**/*.schema.json")
    }
    assert {name.rpartition("/")[2].removesuffix(".schema.json") for name in published} == {
        "certificate",
        "game",
        "gap-certificate",
        "policy",
        "protocol",
        "study",
        "vector",
        "worst-kernels",
    }
    with zipfile.ZipFile(wheel) as archive:
        assert {name: archive.read(name) for name in archive.namelist() if name in published} == published
    assert all(json.loads(text)["$schema"] for text in published.values())


def test_it_prints_the_schema_of_the_protocol(installed: Run):
    done = installed("-m", "drmg_check", "protocol", "--schema")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["$schema"]
