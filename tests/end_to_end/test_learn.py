"""Learning and experiments, as a user runs them."""

import csv
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
WORDS = ("learn", "zoo:random-dirichlet", "--episodes", 300, "--seeds", 2)


def test_learn_accounts_for_its_regret(drmg_check: Run, tmp_path: Path):
    done = drmg_check(*WORDS)
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80
    for words in ("seeds      0 to 1", "practical, c1 = 1", "optimism violated", "regret grows like   K^"):
        assert words in done.stdout
    with (tmp_path / "drmg-learn/curves.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    last = [float(row["regret"]) for row in rows if row["episodes"] == "300"]
    assert len(last) == 2
    assert f"{sum(last) / 2:,.4g}" in done.stdout
    assert (tmp_path / "drmg-learn/curves.svg").read_text().startswith("<?xml")
    certified = drmg_check("certify", "zoo:random-dirichlet", "drmg-learn/policy-1.json")
    assert certified.returncode == 0

    assert drmg_check(*WORDS, "--resume", "--json").stdout == (tmp_path / "drmg-learn/learn.json").read_text()
    again = drmg_check(*WORDS, "--resume")  # finished: nothing to do, and the same summary
    assert again.stdout == done.stdout
    other = drmg_check(*WORDS, "--resume", "--equilibrium", "cce")
    assert other.returncode == 2
    assert "concept was 'nash', now 'cce'" in other.stderr


def test_a_quiet_learner_shows_the_bounds_that_were_violated_and_where_it_wrote(
    drmg_check: Run, tmp_path: Path
):
    last = "drmg-learn: learn.html, its data, curves, policy-SEED.json, checkpoints"
    right = drmg_check("learn", "zoo:shaky-bridge", "--episodes", 20, "--seeds", 1, "--quiet")
    assert (right.returncode, right.stdout, right.stderr) == (0, f"{last}\n", "")
    assert (tmp_path / "drmg-learn/learn.html").is_file()
    words = ("learn", "zoo:corrupted-bandit", "--algorithm", "nash-vi", "--episodes", 60, "--seeds", 1)
    wrong = drmg_check(*words, "--out", "other", "-q").stdout.splitlines()
    loud = drmg_check(*words, "--out", "other", "--resume").stdout.splitlines()
    assert wrong == [
        *(line for line in loud if " violated" in line and " in 0.00%" not in line),
        "",
        last.replace("drmg-learn", "other"),
    ]
    assert len(wrong) > 2


@pytest.mark.parametrize("algorithm", ["nash-vi", "commit", "uniform"])
def test_the_baselines_run(drmg_check: Run, algorithm: str):
    done = drmg_check(
        *("learn", "zoo:shaky-bridge", "--algorithm", algorithm),
        *("--episodes", 50, "--seeds", 1, "--preset", "theory"),
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_what_cannot_be_learned_is_one_sentence(drmg_check: Run):
    for words, said in (
        (("zoo:taxi",), "rescale"),
        (("zoo:shaky-bridge", "--operator", "drop"), "total variation"),
        (("zoo:nothing",), "no named game"),
    ):
        done = drmg_check("learn", *words, "--episodes", 10)
        assert (done.returncode, done.stdout.count("Traceback")) == (2, 0)
        assert done.stderr.startswith("Error: ")
        assert said in done.stderr


def test_an_experiment_states_its_criteria_and_exits_by_them(drmg_check: Run, tmp_path: Path):
    listed = drmg_check("experiment", "list")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [
        "support-shift",
        "robustness-gap",
        "scaling",
        "initial-shock",
        "corrupted-bandit",
    ]
    assert drmg_check("experiment").stdout == listed.stdout
    done = drmg_check("experiment", "initial-shock", "--episodes", 200, "--seeds", 1)
    assert done.returncode == (1 if "NOT MET" in done.stdout else 0)
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "Smaller than the size for which the criteria are meant." in done.stdout
    out = tmp_path / "drmg-experiments"
    for suffix in ("csv", "svg", "json", "html"):
        assert (out / f"initial-shock.{suffix}").stat().st_size > 1000
    drmg_check("report", out / "initial-shock.json", "--html", "again.html")
    assert (tmp_path / "again.html").read_bytes() == (out / "initial-shock.html").read_bytes()
    for option in ("--quiet", "--json"):
        less = drmg_check("experiment", "initial-shock", "--episodes", 200, "--seeds", 1, option)
        assert (less.returncode, less.stderr) == (done.returncode, "")
        if option == "--json":
            assert less.stdout == (out / "initial-shock.json").read_text()
        else:  # failures, if there are any, and the last line
            assert less.stdout.splitlines()[-1] == done.stdout.splitlines()[-1]
            assert ("NOT MET" in less.stdout) == ("NOT MET" in done.stdout)
            assert "\nmet " not in f"\n{less.stdout}"
    wrong = drmg_check("experiment", "initial")
    assert wrong.returncode == 2
    assert "initial-shock" in wrong.stderr
