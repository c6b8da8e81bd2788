"""``drmg-check certify`` as a user runs it."""

import json
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from drmg_check.models import JointPolicy, uniform_policy
from drmg_check.readers import read_policy, write_policy
from drmg_check.zoo import load

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_gap_of_a_policy_file(drmg_check: Run, tmp_path: Path):
    write_policy(uniform_policy(load("initial-shock")), tmp_path / "uniform.json")
    done = drmg_check("certify", "zoo:initial-shock", "uniform.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert "NE gap  11/128" in done.stdout
    assert "step 2, state bad: play 1 instead of mixing 0 (1/2), 1 (1/2), gains 7/16" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    named = drmg_check("certify", "zoo:initial-shock", "--policy", "uniform")
    assert named.stdout.splitlines()[2:] == done.stdout.splitlines()[2:]


@pytest.mark.parametrize("concept", ["nash", "cce", "ce"])
def test_without_a_policy_an_equilibrium_is_planned_and_can_be_kept(
    drmg_check: Run, tmp_path: Path, concept: str
):
    done = drmg_check(
        *("certify", "zoo:failure-gridworld?horizon=3", "--concept", concept, "--json", "-"),
        *("--policy-out", "policy.json", "--kernel-out", "kernel.json"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    gap = data["gaps"][concept]
    assert Fraction(gap["hi"]) <= Fraction(1, 10**8)
    assert read_policy(tmp_path / "policy.json").horizon == 3
    kernel = json.loads((tmp_path / "kernel.json").read_text(encoding="utf-8"))
    assert [agent["value"] for agent in kernel["agents"]] == [agent["value"] for agent in data["agents"]]
    assert data["origin"] == {"kind": "plan", "name": concept}
    again = drmg_check("certify", "zoo:failure-gridworld?horizon=3", "policy.json", "--json", "-")
    assert json.loads(again.stdout) == data | {"origin": {"kind": "file", "name": "policy.json"}}


def test_the_page_is_made_again_from_its_data(drmg_check: Run, tmp_path: Path):
    done = drmg_check("certify", "zoo:initial-shock", "--policy", "uniform", "--html", "shock.html")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "shock.html, shock.json"
    page = (tmp_path / "shock.html").read_text(encoding="utf-8")
    assert "initial-shock: NE gap 11/128" in page
    assert "step 2, state bad: play 1 instead of mixing" in page
    again = drmg_check("report", "shock.json", "--html", "again.html")
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout == done.stdout.replace("shock.html, shock.json", "Written: again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == page
    wrong = drmg_check("report", "shock.json", "--html", "a.html", "--junit", "a.xml")
    assert wrong.returncode == 2
    assert "there is a page of it, by --html" in " ".join(wrong.stderr.split())
    (tmp_path / "other.json").write_text('{"format": "drmg-gap-certificate"}', encoding="utf-8")
    wrong = drmg_check("report", "other.json", "--html", "a.html")
    assert wrong.returncode == 2
    assert "expected the JSON file of a certificate" in " ".join(wrong.stderr.split())


def test_what_certify_writes_is_shown_verified_and_compared(drmg_check: Run, tmp_path: Path):
    """One format: of a file, of standard output, and beside the page."""
    uniform = ("certify", "zoo:initial-shock", "--policy", "uniform")
    shown = drmg_check(*uniform, "--json", "a.json", "--html", "page.html")
    assert (shown.returncode, shown.stderr) == (0, "")
    printed = drmg_check(*uniform, "--json", "-").stdout
    assert printed == (tmp_path / "a.json").read_text("utf-8") == (tmp_path / "page.json").read_text("utf-8")
    assert drmg_check("report", "a.json").stdout.rstrip() in shown.stdout
    verified = drmg_check("verify-certificate", "a.json")
    assert (verified.returncode, verified.stderr) == (0, "")
    assert verified.stdout == (
        "proved   a.json: initial-shock: NE gap 11/128, by 16 worst cases\n1 proved, 0 refused\n"
    )
    assert drmg_check("certify", "zoo:initial-shock", "--concept", "nash", "--json", "b.json").returncode == 0
    better = drmg_check("diff", "a.json", "b.json")
    assert better.returncode == 0
    assert "✓ NE gap  11/128 -> 0" in better.stdout
    worse = drmg_check("diff", "b.json", "a.json", "--json")
    assert worse.returncode == 1
    data = json.loads(worse.stdout)
    assert data["policy"] == ["weights"]
    assert data["changes"][0] == {
        "of": "nash",
        "number": "gap",
        "before": {"lo": "0", "hi": "0"},
        "after": {"lo": "11/128", "hi": "11/128"},
        "change": "grew",
        "worse": True,
        "better": False,
    }


@pytest.mark.parametrize("command", ["report", "verify-certificate"])
def test_a_certificate_that_was_tampered_with_is_refused(drmg_check: Run, tmp_path: Path, command: str):
    text = drmg_check("certify", "zoo:initial-shock", "--policy", "uniform", "--json", "-").stdout
    for name, changed in {
        "cut.json": text[:2000],
        "gap.json": text.replace("11/128", "0", 1),
        "old.json": '{"format": "drmg-gap-certificate", "version": 1, "game": "random"}',
        "deep.json": '{"format": "drmg-gap-certificate", "a": ' + "[" * 100_000,
    }.items():
        (tmp_path / name).write_text(changed, encoding="utf-8")
        done = drmg_check(command, name)
        assert (done.returncode, done.stdout) == (2, ""), name
        assert done.stderr.startswith(f"Error: {name}: "), name
        assert "Traceback" not in done.stderr


def test_a_certificate_of_another_game_is_not_proved(drmg_check: Run, tmp_path: Path):
    text = drmg_check("certify", "zoo:initial-shock", "--policy", "uniform", "--json", "-").stdout
    changed = text.replace('"1/10"', '"1/5"')
    assert changed != text
    game = changed[changed.index('"game":') :]
    (tmp_path / "c.json").write_text(text[: text.index('"game":')] + game, encoding="utf-8")
    done = drmg_check("verify-certificate", "c.json")
    assert done.returncode == 1
    assert "REFUSED  c.json: agent 'agent 0': value in [3.8265" in done.stdout
    assert done.stdout.endswith("0 proved, 1 refused\n")


def test_the_policy_that_is_read_is_not_written_over(drmg_check: Run, tmp_path: Path):
    write_policy(uniform_policy(load("initial-shock")), tmp_path / "p.json")
    before = (tmp_path / "p.json").read_bytes()
    for option in ("--json", "--policy-out", "--kernel-out"):
        done = drmg_check("certify", "zoo:initial-shock", "p.json", option, "p.json")
        assert done.returncode == 2
        assert "is the policy to certify; choose another file" in " ".join(done.stderr.split())
    assert (tmp_path / "p.json").read_bytes() == before


def test_longer_work_is_announced_on_stderr(
    command: Callable[..., tuple[object, str, str]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("drmg_check.cli._certify_work.WORTH_SAYING", 0.0)
    code, out, err = command("certify", "zoo:initial-shock", "--policy", "uniform", "--json", "-")
    assert (code, err) == (0, "This will take about 0 s.\n")
    assert json.loads(out)["bits"] is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("zoo:tax",), "did you mean 'taxi'"),
        (("zoo:random", "none.json"), "none.json"),
        (("zoo:random", "a-file"), "not a drmg-policy document"),
        (("zoo:random", "uniform.json"), "policy has shape"),
        (("zoo:random", "--policy", "best"), "'uniform'"),
        (("zoo:random", "--policy", "uniform", "--concept", "ce"), "one of POLICY, --policy and --concept"),
        (("zoo:random", "--concept", "cse"), "'cce'"),
        (("zoo:random?uncertainty=fictitious-tv",), "fictitious set"),
        (("zoo:random", "--policy", "uniform", "--kernel-out", "none/k.json"), "cannot be written"),
        ((), "GAME"),
    ],
    ids=" ".join,
)
def test_bad_input_is_one_message_and_exit_code_2(
    command: Callable[..., tuple[object, str, str]], tmp_path: Path, words: tuple[str, ...], message: str
):
    (tmp_path / "a-file").touch()
    write_policy(uniform_policy(load("initial-shock")), tmp_path / "uniform.json")
    code, _, err = command("certify", *words)
    assert code == 2
    assert message in err


def test_intervals_of_a_correlated_policy_fit_into_80_columns(
    command: Callable[..., tuple[object, str, str]], tmp_path: Path
):
    game = load("random-dirichlet")
    weights = np.random.default_rng(0).dirichlet(np.ones(4), size=(3, 4))
    write_policy(JointPolicy(weights, game.actions), tmp_path / "mixed.json")
    code, out, _ = command("certify", "zoo:random-dirichlet", "mixed.json")
    assert code == 0
    lines = out.splitlines()
    assert max(map(len, lines)) <= 80
    (row,) = (line for line in lines if line.startswith("agent 0  ["))
    assert row.count("[") == row.count("]") == 4


def test_the_ex_post_gap_is_printed_beside_the_agent_wise_one(drmg_check: Run):
    done = drmg_check("certify", "zoo:initial-shock", "--policy", "uniform", "--concept", "ex-post")
    assert done.returncode == 0
    assert "ex-post gap  111/1280, which some deviation gains once the kernel is known" in done.stdout
    assert "agent-wise   11/128" in done.stdout
    refused = drmg_check("certify", "zoo:initial-shock", "--concept", "ex-post", "--json", "gap.json")
    assert refused.returncode == 2
    assert "An ex-post gap is printed" in refused.stderr
