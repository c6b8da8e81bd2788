"""A failure is judged again from its record: what was answered, what is given, what is answered today."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from drmg_check.models import uniform_policy
from drmg_check.readers import policy_to_data
from drmg_check.referee import open_target, plan_validation, replay_check, validate
from drmg_check.runs import Check, Event, Header, TargetText, encode_event
from drmg_check.vocabulary import InputError
from drmg_check.zoo import load

TARGETS = """
import numpy as np


def half(p, V, rho):
    return float(p @ V) - rho / 2 * float(np.ptp(V))


def costly(p, V, rho):
    return float(p @ V) + rho / 2 * float(np.ptp(V))


def right(p, V, rho):
    q, left = p.copy(), rho
    for s in np.argsort(-V):
        moved = min(left, q[s])
        q[s] -= moved
        left -= moved
    q[np.argmin(V)] += rho - left
    return float(q @ V)


def shifted(p, V, rho):
    return right(p, V, rho) + 1e-3 * float(np.abs(V).max())


def crashing(p, V, rho):
    raise ZeroDivisionError("no luck")


def backup(P, r, rho, V):
    return r + P @ V


def evaluation(P, r, rho, pi, actions):
    V = np.zeros((len(actions), P.shape[1]))
    for h in reversed(range(P.shape[0])):
        V = np.stack([(pi[h] * (r[i, h] + P[h] @ V[i])).sum(axis=1) for i in range(len(actions))])
    return V


def gap(P, r, rho, pi, actions):
    return np.zeros((r.shape[0], r.shape[2]))


def equilibrium(u, actions):
    return np.eye(u.shape[1])[u.sum(axis=0).argmax()]


def planner(P, r, rho, actions):
    return np.full(r.shape[1:], 1 / r.shape[3])


def learner(P, r, rho, actions, episodes, delta, seed):
    each = np.ones((episodes, len(actions)))
    return {
        "pi": np.full((episodes, *r.shape[1:]), 1 / r.shape[3]),
        "lower": 0 * each,
        "upper": r.shape[1] * each,
        "regret": np.zeros(episodes),
    }
"""
CASES = [
    ("half", "worst-case", "tv", "tv/oracle/small"),
    ("half", "worst-case", "tv", "tv/law/mixing-adversary"),
    ("shifted", "worst-case", "tv", "tv/law/shift"),
    ("backup", "backup", "tv", "tv/oracle/telling"),
    ("evaluation", "evaluation", "tv", "tv/oracle/telling"),
    ("evaluation", "best-response", "tv", "tv/oracle/telling"),
    ("gap", "gap", "tv", "tv/oracle/telling"),
    ("equilibrium", "equilibrium", "", "nash/smoke/prisoners-dilemma"),
    ("planner", "planner", "tv", "tv/oracle/telling"),
    ("learner", "learner", "tv", "tv/oracle/regret-pair"),
]
Recorded = tuple[Check, TargetText]


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Recorded]:
    """Judge a function by one check, and return what the run records."""
    (tmp_path / "mine.py").write_text(TARGETS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def record(name: str, level: str, sets: str, case: str, **declared: object) -> Recorded:
        changes = {"level": level, **({"sets": [sets]} if sets else {}), **declared}
        events: list[Event] = []
        with open_target(f"mine.py:{name}", changes) as (subject, session):
            plan = plan_validation(subject, profile="quick", patterns=[case], diagnose=None)
            validate(plan, session, emit=events.append)
        header, check, _ = events
        assert isinstance(header, Header)
        assert isinstance(check, Check)
        assert check.failure is not None
        assert isinstance(header.target, TargetText)
        (tmp_path / "drmg-validate").mkdir(exist_ok=True)
        (tmp_path / "drmg-validate/validate.ndjson").write_bytes(b"".join(map(encode_event, events)))
        return check, header.target

    return record


@pytest.mark.parametrize(("name", "level", "sets", "case"), CASES)
def test_what_was_answered_is_still_wrong_and_so_is_what_is_answered_today(
    recorded: Callable[..., Recorded], name: str, level: str, sets: str, case: str
):
    check, target = recorded(name, level, sets, case)
    assert check.failure is not None
    asked = replay_check(check, target, ask=f"mine.py:{name}")
    assert (asked.fault, asked.as_recorded) == (check.failure.kind, True)
    if level == "learner":  # its record holds the array at fault alone
        with pytest.raises(InputError, match="ask an implementation by --target, or judge an answer by --v"):
            replay_check(check, target)
        return
    told = replay_check(check, target)
    assert (told.fault, told.as_recorded) == (check.failure.kind, True)
    numbers = [line for line in check.failure.lines if not line.startswith("simplified from")]
    assert list(told.lines) == numbers


def test_code_runs_only_if_a_target_is_named(recorded: Callable[..., Recorded], tmp_path: Path):
    """A record may come from anybody: its address is shown, and never started."""
    check, target = recorded("half", "worst-case", "tv", "tv/oracle/small")
    forged = msgspec.structs.replace(target, address=f"cmd: touch {tmp_path}/hacked")
    assert replay_check(check, forged).fault == "wrong value"
    assert not (tmp_path / "hacked").exists()


def test_other_answers_and_other_implementations_are_judged_on_the_same_input(
    recorded: Callable[..., Recorded],
):
    check, target = recorded("half", "worst-case", "tv", "tv/oracle/small")
    assert check.failure is not None
    right = replay_check(check, target, value=check.failure.low)
    assert (right.fault, right.as_recorded) == ("", None)
    assert replay_check(check, target, value="0.25").fault == "wrong value"
    mended = replay_check(check, target, ask="mine.py:right")
    assert (mended.fault, mended.as_recorded) == ("", False)
    prisoners, solver = recorded("equilibrium", "equilibrium", "", "nash/smoke/prisoners-dilemma")
    assert replay_check(prisoners, solver, value="[0, 0, 0, 1]").fault == ""
    assert replay_check(prisoners, solver, value="[0, 0.5, 0.5, 0]").fault == "illegal policy"


def test_of_costs_the_answer_of_the_record_is_about_rewards(recorded: Callable[..., Recorded]):
    """As everything that a failure shows; the implementation is asked about costs again."""
    check, target = recorded("costly", "worst-case", "tv", "tv/oracle/small", quantity="cost")
    assert replay_check(check, target).as_recorded
    assert replay_check(check, target, ask="mine.py:costly").as_recorded


def test_another_row_or_game_takes_the_place_of_the_recorded_one(recorded: Callable[..., Recorded]):
    row = (
        '{"uncertainty":{"kind":"tv","support":"all"},"nominal":["1/2","1/2"],"values":[0,1],"radius":"1/8"}'
    )
    check, target = recorded("half", "worst-case", "tv", "tv/oracle/small")
    replayed = replay_check(check, target, ask="mine.py:half", instance=row)
    assert replayed.lines[0] == "p = (1/2, 1/2)   V = (0, 1)   rho = 1/8"
    assert (replayed.fault, replayed.as_recorded) == ("wrong value", None)
    kl = row.replace('"tv","support":"all"', '"kl"')
    with pytest.raises(InputError, match="about another set than the input"):
        replay_check(check, target, ask="mine.py:half", instance=kl)


@pytest.mark.parametrize(
    ("name", "level", "case", "instance", "said"),
    [
        ("gap", "gap", "tv/oracle/telling", "{", "the game is no JSON"),
        ("gap", "gap", "tv/oracle/telling", "[]", "expected a game file, or an object with game"),
        ("gap", "gap", "tv/oracle/telling", '{"game":{}}', "format"),
        ("planner", "planner", "tv/oracle/telling", '{"game":1}', "drmg-game"),
        ("half", "worst-case", "tv/oracle/small", "{}", "expected an object with uncertainty"),
    ],
)
def test_an_input_that_means_nothing_is_refused(
    recorded: Callable[..., Recorded], name: str, level: str, case: str, instance: str, said: str
):
    check, target = recorded(name, level, "tv", case)
    with pytest.raises(InputError, match=said):
        replay_check(check, target, instance=instance)


def test_what_is_asked_beside_a_game_has_to_fit_it(recorded: Callable[..., Recorded]):
    check, target = recorded("gap", "gap", "tv", "tv/oracle/telling")
    assert check.failure is not None
    whole = json.loads(check.failure.instance)
    with pytest.raises(InputError, match="a policy is judged with its game"):
        replay_check(check, target, instance=json.dumps({"game": whole["game"]}))
    with pytest.raises(InputError, match="a policy is judged with its game"):
        replay_check(check, target, instance=json.dumps(whole["game"]))
    whole["policy"] = policy_to_data(uniform_policy(load("good-bad-chain")))
    with pytest.raises(InputError, match="a policy of shape"):
        replay_check(check, target, instance=json.dumps(whole))


def test_what_no_answer_shows_asks_for_a_target(recorded: Callable[..., Recorded]):
    crashed, target = recorded("crashing", "worst-case", "tv", "tv/smoke/two-states")
    with pytest.raises(InputError, match="which no answer shows; ask an implementation by --target"):
        replay_check(crashed, target)
    assert replay_check(crashed, target, ask="mine.py:crashing").fault == "exception"
    law, planner = recorded("gap", "gap", "tv", "tv/oracle/telling")
    assert law.failure is not None
    broken = msgspec.structs.replace(
        law, case="tv/law/shift", failure=msgspec.structs.replace(law.failure, kind="law broken")
    )
    with pytest.raises(InputError, match="a law about several games"):
        replay_check(broken, planner)


@pytest.mark.parametrize("case", ["tv/oracle/gone", "kl/law/shift"])
def test_a_check_of_another_version_is_refused(recorded: Callable[..., Recorded], case: str):
    check, target = recorded("shifted", "worst-case", "tv", "tv/law/shift")
    other = msgspec.structs.replace(check, case=case)
    with pytest.raises(InputError, match="is none of this version"):
        replay_check(other, target, ask="mine.py:half")
    if "/law/" in case:
        with pytest.raises(InputError, match="is none of this version"):
            replay_check(other, target)


def test_the_command_line_replays_a_game_from_record_file_and_target(
    recorded: Callable[..., Recorded],
    command: Callable[..., tuple[int, str, str]],
    tmp_path: Path,
):
    check, _ = recorded("gap", "gap", "tv", "tv/oracle/telling")
    assert check.failure is not None
    (tmp_path / "input.json").write_text(check.failure.instance, encoding="utf-8")
    code, out, err = command("replay", check.case)
    assert (code, err) == (1, "")
    assert out.endswith("What mine.py:gap answered: wrong value, as the run recorded.\n")
    code, out, err = command("replay", check.case, "--target", "mine.py:evaluation", "--game", "input.json")
    assert (code, err) == (1, "")
    line = "validate mine.py:gap --set tv --level gap --checks tv/oracle/telling --game input.json"
    code, out, err = command(*shlex.split(line))
    assert (code, err) == (1, "")
    assert "FAILED tv/oracle/telling" in out
    assert check.failure.lines[1] in " ".join(out.split())
    assert "1 failed" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("replay tv/oracle/small --value 1 --target x:y", "give --value or --target, not both"),
        ("replay tv/oracle/small --instance {}", "--instance is of claims"),
        ("replay A3 --value 1", "--value: of checks, as in tv/oracle/small; 'A3' is a claim"),
        ("replay tv/oracle/none", "it has failures of: tv/oracle/small"),
        ("replay tv/oracle/small --game mine.py", "the level worst-case is about one row; give --row JSON"),
        ("replay tv/oracle/small --value x", "value='x' is no answer"),
        ("replay tv/oracle/small --run mine.py", "mine.py"),
        ("validate mine.py:gap --set tv --level gap --row {}", "is about a game; give --game FILE"),
        ("validate mine.py:half --set tv --game mine.py", "is about one row; give --row JSON"),
    ],
)
def test_wrong_usage_is_one_sentence(
    recorded: Callable[..., Recorded], command: Callable[..., tuple[int, str, str]], words: str, said: str
):
    recorded("half", "worst-case", "tv", "tv/oracle/small")
    code, _, err = command(*shlex.split(words))
    assert code == 2
    assert said in " ".join(err.split())


def test_a_whole_record_is_judged_again_a_line_for_each_failure(
    recorded: Callable[..., Recorded], command: Callable[..., tuple[int, str, str]], tmp_path: Path
):
    recorded("half", "worst-case", "tv", "tv/oracle/small")
    record = "drmg-validate/validate.ndjson"
    code, out, err = command("replay", record)
    assert (code, out, err) == (1, "tv/oracle/small: wrong value, as the run recorded.\n1 still wrong\n", "")
    code, out, err = command("replay", record, "--target", "mine.py:right")
    assert (code, err) == (0, "")
    assert out == "tv/oracle/small: no fault found, otherwise than the run recorded.\n1 right\n"
    recorded("crashing", "worst-case", "tv", "tv/smoke/two-states")
    code, out, _ = command("replay", record)
    assert (code, out.splitlines()[-1]) == (0, "1 not judged")
    code, _, err = command("replay", record, "--value", "1")
    assert code == 2
    assert "--value: of one check; name it" in " ".join(err.split())
