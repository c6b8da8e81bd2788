"""The action and the workflows of the page are what the two systems read, and their lines run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
GITHUB, GITLAB = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in ACTION["runs"]["steps"]}
WRONG = """
import numpy as np


def worst_case(p, V, rho):
    return float(p @ V) - rho / 2 * float(np.ptp(V))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with an implementation that is wrong, and the failures that it knows about."""
    (tmp_path / "mine.py").write_text(WRONG, encoding="utf-8")
    (tmp_path / "known.toml").write_text('"tv/oracle/*" = "half the radius"\n', encoding="utf-8")
    return tmp_path


def in_action(name: str, folder: Path, given: dict[str, str]) -> tuple[int, dict[str, str], str]:
    """Run a step of the action as GitHub does; return its exit code, what it passes on, the job summary."""
    step, inputs = STEPS[name], {key: each["default"] for key, each in ACTION["inputs"].items()} | given
    known = {f"inputs.{key}": value for key, value in inputs.items()}
    environment = {
        **os.environ,
        **{
            key: re.sub(r"\$\{\{ (.*?) \}\}", lambda m: known[m[1]], text)
            for key, text in step["env"].items()
        },
        "GITHUB_OUTPUT": str(folder / "passed_on"),
        "GITHUB_STEP_SUMMARY": str(folder / "shown"),
    }
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    passed_on = (folder / "passed_on").read_text(encoding="utf-8") if (folder / "passed_on").exists() else ""
    shown = (folder / "shown").read_text(encoding="utf-8") if (folder / "shown").exists() else done.stderr
    return done.returncode, dict(line.split("=", 1) for line in passed_on.splitlines()), shown


def version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def test_the_action_is_composite_and_every_step_says_how_it_runs():
    assert ACTION["runs"]["using"] == "composite"
    for step in STEPS.values():
        assert ("uses" in step) != ("run" in step)
        assert ("run" in step) == ("shell" in step)
    ids = {step["id"] for step in STEPS.values() if "id" in step}
    asked = re.findall(r"steps\.(\w+)\.outputs", (ROOT / "action.yml").read_text(encoding="utf-8"))
    assert set(asked) == ids


def test_inputs_are_declared_used_and_never_part_of_a_command():
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"inputs\.(\w+)", text)) == set(ACTION["inputs"])
    for step in STEPS.values():
        assert "${{" not in step.get("run", "")
        variables = set(re.findall(r"\$\{?([A-Z]+)\b", step.get("run", ""))) - {"GITHUB"}
        assert variables == set(step.get("env", {})), step["name"]


def test_the_action_shows_a_failure_and_ends_with_its_exit_code(project: Path):
    given = {"python": sys.executable, "target": "mine.py:worst_case", "sets": "tv", "profile": "quick"}
    given["arguments"] = "--checks=tv/smoke/*,tv/oracle/small\n\n--accuracy=1e-6\n"
    code, passed_on, shown = in_action("Judge", project, given)
    assert (code, passed_on["status"]) == (0, "1")
    assert shown.startswith("# mine.py:worst\\_case passes 2 of 4 checks.")
    assert "drmg-check validate mine.py:worst_case --set tv --accuracy 1e-6 --checks tv/oracle/small" in shown
    assert json.loads((project / passed_on["badge"]).read_text(encoding="utf-8"))["color"] == "red"
    suite = ElementTree.parse(project / "drmg-check-report/junit.xml").getroot()  # noqa: S314 - ours
    assert suite.get("failures") == "2"
    assert (project / "drmg-check-report/validate.html").exists()
    assert STEPS["Fail if something was found"]["env"] == {"STATUS": "${{ steps.judge.outputs.status }}"}
    step = {**os.environ, "STATUS": passed_on["status"]}
    failing = subprocess.run(
        ["bash", "-c", STEPS["Fail if something was found"]["run"]], env=step, check=False
    )
    assert failing.returncode == 1


def test_the_action_audits_the_ledger_of_a_paper(project: Path):
    ledger = (ROOT / "tests/planted/drmg_planted.py").read_text(encoding="utf-8")
    (project / "paper.py").write_text(ledger, encoding="utf-8")
    given = {"python": sys.executable, "command": "audit", "profile": "quick"}
    given["arguments"] = "--ledger=./paper.py:healthy\n--jobs=1"
    code, passed_on, shown = in_action("Judge", project, given)
    assert (code, passed_on["status"]) == (0, "0"), shown
    assert " verdicts are as expected" in shown.splitlines()[0]
    badge = json.loads((project / passed_on["badge"]).read_text(encoding="utf-8"))
    assert re.fullmatch(r"\d+ of \d+ verdicts as expected", badge["message"])
    assert badge["color"] == "brightgreen"


@pytest.mark.parametrize("target", ["nowhere.py:f", "$(touch hacked)", "; touch hacked", "`touch hacked`"])
def test_a_target_that_does_not_start_is_code_2_without_a_summary_and_never_a_command(
    project: Path, target: str
):
    given = {"python": sys.executable, "target": target, "sets": "tv", "profile": "quick"}
    code, passed_on, shown = in_action("Judge", project, given)
    assert (code, passed_on["status"]) == (0, "2")
    assert shown.startswith("Error: ")
    assert not (project / "hacked").exists()


def test_the_workflow_of_the_page_calls_the_action_as_it_is():
    (job,) = GITHUB["jobs"].values()
    assert set(GITHUB[True]) == {"push", "pull_request"}  # YAML 1.1 reads "on" so, and GitHub does not mind
    (call,) = [step for step in job["steps"] if "drmg-check" in step.get("uses", "")]
    assert set(call["with"]) <= set(ACTION["inputs"])
    assert call["uses"] == f"OWNER/drmg-check@v{version()}"
    named = re.findall(r"`(\w+)`|`(\w+): ", PAGE[PAGE.index("The job's page") : PAGE.index("## GitLab")])
    assert {"package", "level", "command", "python", "out", "artifact"} <= {a or b for a, b in named}


def test_the_call_of_the_page_knows_its_failures(project: Path):
    (job,) = GITHUB["jobs"].values()
    (call,) = [step["with"] for step in job["steps"] if "drmg-check" in step.get("uses", "")]
    fewer = {"python": sys.executable, "arguments": f"{call['arguments']}--checks=tv/oracle/small\n"}
    code, passed_on, shown = in_action("Judge", project, {**call, "profile": "quick", **fewer})
    assert (code, passed_on["status"]) == (0, "0"), shown
    assert "xfail" in shown


def test_the_lines_for_gitlab_leave_what_its_artifacts_name(project: Path):
    (job,) = GITLAB.values()
    install, judge = job["script"]
    assert install.startswith("python -m pip install numpy wheels/drmg_check-")
    assert f"drmg_check-{version()}-" in install
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    codes = [
        subprocess.run(
            ["bash", "-c", line], cwd=project, env={**os.environ, "PATH": path}, check=False
        ).returncode
        for line in (f"{judge.replace(' ci', ' quick')} --checks 'tv/[so]*/[st]*'", *job["after_script"])
    ]
    assert codes == [1, 1]
    kept = job["artifacts"]
    assert kept["when"] == "always"
    suite = ElementTree.parse(project / kept["reports"]["junit"]).getroot()  # noqa: S314 - ours
    assert int(suite.get("failures", "0")) > 0
    assert all((project / each).is_dir() for each in kept["paths"])
