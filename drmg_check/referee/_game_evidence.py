"""What a failed check shows at the level of games: game, answer, certified interval, a program."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np

from drmg_check.audit import rational_above, rational_below
from drmg_check.events import Failure
from drmg_check.readers import game_to_data, policy_to_data
from drmg_check.referee._game_checks import GameFinding
from drmg_check.referee._questions import Question, certified_answer
from drmg_check.referee._session import question_request
from drmg_check.referee._snippet import import_lines
from drmg_check.targets import Implementation
from drmg_check.vocabulary import (
    Array,
    exact,
    exact_radius,
    exact_reward,
    nominal_row,
    show,
)


def game_failure_of(finding: GameFinding, code: str, declared: Implementation) -> Failure:
    """Return the record of a finding."""
    question = finding.question
    instance: dict[str, object] = {
        "game": game_to_data(question.game),
        "policy": policy_to_data(question.policy),
    }
    if question.level == "backup":
        instance |= {"values": [show(v) for v in question.values]}
    return Failure(
        kind=finding.kind,
        instance=json.dumps(instance, separators=(",", ":")),
        got=finding.answer.message if finding.answer.array is None else _array(finding.answer.array),
        low="" if finding.low is None else rational_below(finding.low),
        high="" if finding.high is None else rational_above(finding.high),
        direction=finding.direction,
        grade=finding.grade,
        lines=tuple(_lines(finding)),
        diagnosis="",
        snippet=_program(finding, code, declared),
    )


def _lines(finding: GameFinding) -> list[str]:
    lines = _describe(finding.question)
    if finding.answer.array is not None:
        lines.append(f"got {_array(finding.answer.array)}")
    if finding.low is not None and finding.high is not None:
        interval = [_number(finding.low), _number(finding.high)]
        place = "".join(f"[{k}]" for k in finding.where)
        lines.append(f"certified at {place}: {interval[0] if len(set(interval)) == 1 else interval}")
    return [*lines, f"{finding.kind}: {finding.message}"]


def _describe(question: Question) -> list[str]:
    game = question.game
    H, S, A, m = game.horizon, game.n_states, game.n_joint_actions, game.n_agents
    lines = [f"m = {m}, H = {H}, S = {S}, actions {game.actions}"]
    for h, s, a in np.ndindex(H, S, A):
        row = ", ".join(_number(x) for x in nominal_row(game, h, s, a))
        r = ", ".join(_number(exact_reward(game, i, h, s, a)) for i in range(m))
        rho = ", ".join(_number(exact_radius(game, i, h, s, a)) for i in range(m))
        pi = (
            f", pi = {_number(exact(question.policy.weights[h, s, a]))}" if question.level != "backup" else ""
        )
        lines.append(f"h{h} s{s} a{a}: P = ({row}), r = ({r}), rho = ({rho}){pi}")
    if question.level == "backup":
        lines.append(f"V = ({', '.join(map(_number, question.values))})")
    return lines


def _program(finding: GameFinding, code: str, declared: Implementation) -> str:
    question = finding.question
    request = question_request(declared, question)
    names = ("P", "r", "rho", "V") if question.level == "backup" else ("P", "r", "rho", "pi")
    lines = ["import numpy as np", "", *import_lines(code), ""]
    lines += [f"{name} = np.array({request[name]!r})" for name in names]
    arguments = ", ".join(names)
    if question.level != "backup":
        lines.append(f"actions = {question.game.actions!r}")
        arguments += ", actions"
    lines += [f"answer = np.array(function({arguments}))", "print(answer)"]
    if finding.low is None or finding.high is None:
        return "\n".join([*lines, 'assert np.isfinite(answer).all(), "expected finite numbers"']) + "\n"
    allowed = certified_answer(question, declared.accuracy).allowed[finding.where]
    low, high = finding.low - allowed, finding.high + allowed
    if declared.quantity == "cost" and question.level != "gap":
        low, high = -high, -low
    place = ", ".join(map(str, finding.where))
    return (
        "\n".join(
            [
                *lines,
                f"low, high = {float(low)!r}, {float(high)!r}  # by exact recursion, with rounding",
                f"assert low <= answer[{place}] <= high",
            ]
        )
        + "\n"
    )


def _array(values: Array) -> str:
    return str([[float(x) for x in row] for row in values])


def _number(x: Fraction) -> str:
    text = show(x)
    return text if len(text) <= 9 else repr(float(x))
