"""``drmg-check validate`` as a user runs it: the guide's commands, harnesses, files, exit codes."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import jsonschema
import pytest

from drmg_check.referee import open_target, plan_validation, run_check
from drmg_check.runs import Check, Footer, read_events
from drmg_check.targets import protocol_schema

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/validate.md").read_text(encoding="utf-8")
HONEST = ("validate", "drmg_targets:textbook", "--set", "tv", "--profile", "quick")
LIAR = ("validate", "drmg_targets:half_radius", "--set", "tv", "--profile", "quick")
FEW = ("--checks", "tv/smoke/*,tv/law/bounds,tv/oracle/small")


def timeless(text: str) -> str:
    return re.sub(r"in \d[\d.]* m?s\b", "in TIME", text).rstrip()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    """A folder with the file that the guide tells to save, and the examples."""
    (tmp_path / "mine.py").write_text(blocks("python")[0], encoding="utf-8")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


@pytest.mark.parametrize("block", range(len(blocks("console"))))
def test_every_command_of_the_guide_shows_what_the_guide_shows(guide: Path, block: int):
    """An ellipsis on a line of its own stands for what the guide leaves out."""
    text = blocks("console")[block]
    if "$ cc " in text and not shutil.which("cc"):
        pytest.skip("no C compiler")
    environment = {**os.environ, "COLUMNS": "80"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=guide,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.stderr == ""
        pattern = re.escape(timeless(expected)).replace(r"\.\.\.", r"[\s\S]*")
        assert re.fullmatch(pattern, timeless(done.stdout)), done.stdout


def test_the_tests_of_the_guide_pass(guide: Path):
    (tests,) = (block for block in blocks("python") if "parametrize_with_laws" in block)
    (guide / "test_mine.py").write_text(tests, encoding="utf-8")
    done = pytest_in(guide, "test_mine.py", "-k", "smoke or small or all_at_once")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_the_harness_of_the_guide_is_right(guide: Path):
    (harness,) = (block for block in blocks("python") if "sys.stdin" in block)
    (guide / "harness.py").write_text(harness, encoding="utf-8")
    with open_target(f"cmd: {sys.executable} {guide}/harness.py", {}) as (subject, session):
        validation = plan_validation(subject, profile="quick", patterns=["*/smoke/*", "*/oracle/[st]*"])
        checks = [run_check(validation, session, check) for check in validation.checks]
    assert {check.outcome for check in checks} == {"passed"}


def test_a_finding_is_exit_code_1_with_all_files(drmg_check: Run, tmp_path: Path):
    done = drmg_check(*LIAR, *FEW)
    assert (done.returncode, done.stderr) == (1, "")
    events = read_events(tmp_path / "drmg-validate/validate.ndjson")
    assert isinstance(events[-1], Footer)
    assert events[-1].unexpected == 2
    assert "half_radius" in (tmp_path / "drmg-validate/validate.html").read_text(encoding="utf-8")
    badge = json.loads((tmp_path / "drmg-validate/badge.json").read_text(encoding="utf-8"))
    assert badge == {
        "schemaVersion": 1,
        "label": "drmg-check tv",
        "message": "3 passed, 2 failed",
        "color": "red",
    }
    report = drmg_check("report", "drmg-validate/validate.ndjson", "--junit", "a.xml", "--markdown", "a.md")
    assert (report.returncode, report.stderr) == (1, "")
    assert 'failures="2"' in (tmp_path / "a.xml").read_text(encoding="utf-8")
    assert "tv/oracle/small" in (tmp_path / "a.md").read_text(encoding="utf-8")


def test_the_line_to_paste_shows_the_same_fault_again(drmg_check: Run, tmp_path: Path):
    drmg_check(*LIAR, *FEW)
    events = read_events(tmp_path / "drmg-validate/validate.ndjson")
    check = next(event for event in events if isinstance(event, Check) and event.case == "tv/oracle/small")
    assert check.failure is not None
    done = subprocess.run(
        ["bash", "-c", check.replay.replace("drmg-check", f"{sys.executable} -m drmg_check", 1)],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert check.failure.lines[1] in done.stdout


def test_a_run_that_was_killed_goes_on_with_resume(drmg_check: Run, tmp_path: Path):
    done = drmg_check(*HONEST, *FEW)
    assert done.returncode == 0
    path = tmp_path / "drmg-validate/validate.ndjson"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:4]) + lines[4][:20])
    assert drmg_check(*HONEST, *FEW).returncode == 2
    resumed = drmg_check(*HONEST, *FEW, "--resume", "--json")
    assert (resumed.returncode, resumed.stderr) == (0, "")
    again = path.read_bytes().splitlines(keepends=True)
    assert again[:4] == lines[:4]
    assert len(again) == len(lines)
    other = drmg_check(*LIAR, *FEW, "--resume")
    assert other.returncode == 2
    assert "cannot resume" in other.stderr


def test_expected_failures_are_no_findings_and_idle_ones_are_named(drmg_check: Run, tmp_path: Path):
    (tmp_path / "x.toml").write_text(
        '"tv/oracle/*" = "known"\n"tv/smoke/two-states" = "known"\n"tv/law/bound" = "typing error"\n',
        encoding="utf-8",
    )
    done = drmg_check(*LIAR, *FEW, "--xfails", "x.toml", "-q")
    assert done.returncode == 0
    assert done.stderr == (
        "Warning: expected failure 'tv/law/bound' matches no check; did you mean 'tv/law/bounds'?\n"
    )
    assert timeless(done.stdout) == "3 passed, 2 xfail in TIME"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no_such_module:f", "--set", "tv"], "No module named"),
        (["drmg_targets:textbook"], "declares no uncertainty set"),
        (["drmg_targets:textbook", "--set", "tw"], "set='tw' is unknown"),
        (["drmg_targets:textbook", "--set", "tv", "--accuracy", "1"], "accuracy=1"),
        (
            ["drmg_targets:textbook", "--set", "tv", "--checks", "tv/law/bound"],
            "did you mean 'tv/law/bounds'",
        ),
        (["drmg_targets:textbook", "--set", "tv", "--row", "{}"], "expected an object with"),
    ],
)
def test_wrong_usage_is_exit_code_2_in_one_sentence(drmg_check: Run, words: list[str], said: str):
    done = drmg_check("validate", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler")
def test_the_harness_in_c_passes_every_check(drmg_check: Run, tmp_path: Path):
    subprocess.run(
        ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", "tv", str(ROOT / "examples/harness/tv.c")],
        cwd=tmp_path,
        check=True,
    )
    done = drmg_check("validate", "cmd: ./tv", "--profile", "quick", "-q")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_the_harness_in_the_shell_passes_the_oracle(drmg_check: Run):
    target = f"cmd: sh {ROOT / 'examples/harness/contamination.sh'}"
    done = drmg_check("validate", target, "--checks", "*/smoke/*,*/oracle/[stz]*", "-q", "--profile", "quick")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_the_schema_refuses_what_is_no_line_of_the_protocol():
    schema = json.loads(protocol_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for line in ('{"seq":1}', '{"seq":1,"value":1,"error":"both"}', '{"cmd":"stop"}'):
        assert not validator.is_valid(json.loads(line))


def test_an_adapter_filled_in_with_the_textbook_passes_smoke(drmg_check: Run, tmp_path: Path):
    assert drmg_check("init-adapter", "adapter.py").returncode == 0
    assert drmg_check("init-adapter", "adapter.py").returncode == 2
    text = (tmp_path / "adapter.py").read_text(encoding="utf-8")
    body = blocks("python")[0].split('"""')[2]
    filled = text.replace(
        '    raise NotImplementedError("call your implementation here")\n', body.lstrip("\n")
    )
    assert filled != text
    (tmp_path / "adapter.py").write_text(filled, encoding="utf-8")
    done = drmg_check("validate", "adapter.py:worst_case", "--checks", "tv/smoke/*", "-q")
    assert (done.returncode, timeless(done.stdout)) == (0, "3 passed in TIME")


LEARNER = """
import numpy as np
from drmg_check.targets import implementation


@implementation("tv", level="learner", concept="cce")
def learner(P, r, rho, actions, episodes, delta, seed):
    "Learn nothing: play at random, promise what is certain, deny all regret."
    H, S, A, _ = P.shape
    bounds = np.ones((episodes, len(actions)))
    pi = np.full((episodes, H, S, A), 1 / A)
    return {"pi": pi, "lower": 0 * bounds, "upper": H * bounds, "regret": np.zeros(episodes)}


@implementation(level="equilibrium", concept="ce")
def stage(u, actions):
    "Let the agents cooperate."
    return np.eye(u.shape[1])[u.sum(axis=0).argmax()]
"""


def test_a_learner_is_caught_in_its_own_process_with_a_program_that_shows_it(drmg_check: Run, tmp_path: Path):
    (tmp_path / "mine.py").write_text(LEARNER, encoding="utf-8")
    done = drmg_check("validate", "mine.py:learner", "--profile", "quick", "--verbose")
    assert (done.returncode, done.stderr) == (1, "")
    events = read_events(tmp_path / "drmg-validate/validate.ndjson")
    checks = {event.case: event for event in events if isinstance(event, Check)}
    failed = [case for case, check in checks.items() if check.outcome == "failed"]
    assert failed == ["tv/oracle/regret-alone", "tv/oracle/regret-pair", "tv/oracle/telling"]
    assert "wrong regret: the gaps of episodes 0 to 0 sum to" in done.stdout
    failure = checks[failed[0]].failure
    assert failure is not None
    program = subprocess.run(
        [sys.executable, "-c", failure.snippet], cwd=tmp_path, capture_output=True, check=False
    )
    assert b"AssertionError" in program.stderr


def test_a_stage_solver_is_caught_without_any_set(drmg_check: Run, tmp_path: Path):
    (tmp_path / "mine.py").write_text(LEARNER, encoding="utf-8")
    done = drmg_check("validate", "mine.py:stage", "--profile", "quick", "-q")
    assert (done.returncode, done.stderr) == (1, "")
    assert "no equilibrium: agent 0 gains 1 in s0 by deviating" in done.stdout
    badge = json.loads((tmp_path / "drmg-validate/badge.json").read_text(encoding="utf-8"))
    assert badge["label"] == "drmg-check ce"
    words = ("validate", "mine.py:stage", "--set", "tv")
    assert "a stage game has no uncertainty set" in drmg_check(*words).stderr


def pytest_in(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", *plugin(), *words],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def plugin() -> tuple[str, ...]:
    """Name the plugin where the installed metadata do not."""
    from importlib.metadata import entry_points

    installed = any(entry.value == "drmg_check.pytest_plugin" for entry in entry_points(group="pytest11"))
    return () if installed else ("-p", "drmg_check.pytest_plugin")


def test_the_plugin_makes_a_test_of_each_check(guide: Path, planted: ModuleType):
    (guide / "x.toml").write_text('"tv/oracle/[!s]*" = "known"\n', encoding="utf-8")
    options = ("--drmg-set", "tv", "--drmg-checks", "tv/smoke/*", "--drmg-checks", "tv/oracle/[sz]*")
    good = pytest_in(guide, "--drmg-target", "mine.py:worst_case", *options)
    assert (good.returncode, good.stderr) == (0, ""), good.stdout
    bad = pytest_in(guide, "--drmg-target", "drmg_targets:half_radius", *options, "--drmg-xfails", "x.toml")
    assert bad.returncode == 1
    assert "drmg_targets:half_radius: tv/smoke/two-states" in bad.stdout
    assert "got 0.375, certified 1/4" in bad.stdout
    assert re.search(r"4 failed, \d+ passed, 1 xfailed", bad.stdout)


def test_the_plugin_refuses_a_target_that_does_not_start(guide: Path):
    done = pytest_in(guide, "--drmg-target", "mine.py:nothing", "--drmg-set", "tv")
    assert done.returncode == 4
    assert "has no attribute 'nothing'" in done.stderr


def test_the_plugin_costs_a_run_that_does_not_use_it_next_to_nothing():
    """It imports nothing of ours but its own file: less than 50 ms on any machine, about one on most."""
    code = (
        "import sys, time\n"
        "import pytest\n"
        "before, started = set(sys.modules), time.process_time()\n"
        "import drmg_check.pytest_plugin\n"
        "spent = time.process_time() - started\n"
        "print(spent, *sorted(m for m in set(sys.modules) - before if 'drmg' in m or m in HEAVY))"
    )
    heavy = ("numba", "cvxpy", "hypothesis", "numpy", "flint", "scipy", "click", "msgspec")
    done = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {heavy!r}\n{code}"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    spent, *modules = done.stdout.split()
    assert modules == ["drmg_check", "drmg_check.pytest_plugin", "drmg_check.version"]
    assert float(spent) < 0.05
