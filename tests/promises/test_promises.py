"""Files of every release since 0.2.0 are read by today's version and mean the same.

A folder holds what one release wrote; it is never written again. ``drmg-check convert``, ``certify``,
``audit``, ``validate`` and ``learn`` made them of a small game.
"""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from drmg_check.readers import read_game, read_policy
from drmg_check.runs import Check, Result, read_events
from drmg_oracles import certificate_from_json, enclose
from drmg_oracles.checker import verify

RELEASES = sorted(
    path for path in Path(__file__).parent.iterdir() if path.is_dir() and path.name[0].isdigit()
)
each_release = pytest.mark.parametrize("folder", RELEASES, ids=lambda path: path.name)


@each_release
def test_a_game_is_the_same_number_by_number(folder: Path):
    game = read_game(folder / "game.json")
    assert (game.name, game.horizon, game.actions, game.initial_state) == ("shaky-bridge", 2, (2, 2), 0)
    assert game.state_names == ("start", "bridge", "detour", "goal", "crash")
    assert [str(p) for p in game.transition[0, 1, 0]] == ["0", "0", "0", "19/20", "1/20"]
    assert game.radius.flat[0] == Fraction(1, 10)
    assert [ball.kind for ball in game.uncertainty] == ["kl", "kl"]


@each_release
def test_a_policy_is_the_same(folder: Path):
    policy = read_policy(folder / "policy.json")
    assert (policy.horizon, policy.n_states, policy.actions) == (2, 5, (2, 2))
    assert policy.weights.sum() == 10


@each_release
def test_a_certificate_of_a_policy_is_proved_again(
    folder: Path, command: Callable[..., tuple[object, str, str]]
):
    code, out, err = command("verify-certificate", folder / "certificate.json")
    assert (code, err) == (0, ""), out


@each_release
def test_a_certificate_of_a_row_is_a_proof_of_the_same_interval(folder: Path):
    data = json.loads((folder / "vector.json").read_text(encoding="utf-8"))
    verify(data)
    enclosure = certificate_from_json(data)
    fresh = enclose(enclosure.row)
    assert max(enclosure.lo, fresh.lo) <= min(enclosure.hi, fresh.hi)


@each_release
@pytest.mark.parametrize("run", ["audit.ndjson", "validate.ndjson"])
def test_a_recorded_run_is_rendered(
    folder: Path, run: str, command: Callable[..., tuple[object, str, str]], tmp_path: Path
):
    code, _, err = command(
        "report", folder / run, "--html", "r.html", "--markdown", "r.md", "--junit", "r.xml"
    )
    assert (code, err) == (1 if run == "validate.ndjson" else 0, "")
    assert all((tmp_path / name).stat().st_size > 0 for name in ("r.html", "r.md", "r.xml"))


@each_release
def test_a_recorded_run_keeps_its_verdicts(folder: Path):
    audit, validation = (tuple(read_events(folder / name)) for name in ("audit.ndjson", "validate.ndjson"))
    verdicts = {event.claim.id: event.found for event in audit if isinstance(event, Result)}
    assert verdicts == {"A3": "refuted", "A3.corrected": "holds", "G8": "holds"}
    failed = {event.case for event in validation if isinstance(event, Check) and event.failure is not None}
    assert "tv/oracle/small" in failed
    assert "tv/law/bounds" not in failed


@each_release
def test_a_stored_counterexample_replays(folder: Path, command: Callable[..., tuple[object, str, str]]):
    (refuted,) = (
        event
        for event in read_events(folder / "audit.ndjson")
        if isinstance(event, Result) and event.claim.id == "A3"
    )
    assert refuted.counterexample is not None
    code, out, _ = command("replay", "A3", "--instance", refuted.counterexample.instance)
    assert code == 0
    assert "slack = -1/2 < 0" in out


@each_release
def test_a_study_makes_its_page_again(
    folder: Path, command: Callable[..., tuple[object, str, str]], tmp_path: Path
):
    code, _, err = command("report", folder / "study.json", "--html", "study.html")
    assert (code, err) == (0, "")
    assert "uniform" in (tmp_path / "study.html").read_text(encoding="utf-8")
