"""What a failed check shows at the level of games: game, answer, certified interval, a program."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np

from drmg_check.models import exact_radius, exact_reward, nominal_row
from drmg_check.readers import game_to_data, policy_to_data
from drmg_check.referee._game_checks import GameFinding
from drmg_check.referee._policy_program import policy_lines
from drmg_check.referee._precision import tolerance_of
from drmg_check.referee._questions import Question, certified_answer
from drmg_check.referee._requests import question_request
from drmg_check.referee._snippet import import_lines
from drmg_check.runs import Failure, rational_above, rational_below
from drmg_check.sets import Wasserstein
from drmg_check.targets import Implementation, filled_in
from drmg_check.vocabulary import Array, exact, show
from drmg_check.words import SIGNATURES, FailureKind

_OF_A_POLICY = ("evaluation", "best-response", "gap")


def game_failure_of(
    finding: GameFinding,
    code: str,
    declared: Implementation,
    parameters: tuple[str, ...] = (),
    diagnosis: str = "",
) -> Failure:
    """Return the record of a finding."""
    question = finding.question
    instance: dict[str, object] = {"game": game_to_data(question.game)}
    if question.level in _OF_A_POLICY:
        instance |= {"policy": policy_to_data(question.policy)}
    elif question.level == "backup":
        instance |= {"values": [show(v) for v in question.values]}
    else:
        instance |= {"concept": question.concept}
    if question.level == "learner":
        instance |= {"episodes": question.episodes, "seed": question.seed}
    return Failure(
        kind=finding.kind,
        instance=json.dumps(instance, separators=(",", ":")),
        got=_got(finding),
        low="" if finding.low is None else rational_below(finding.low),
        high="" if finding.high is None else rational_above(finding.high),
        direction=finding.direction,
        grade=finding.grade,
        lines=tuple(_lines(finding)),
        diagnosis=diagnosis,
        snippet=_program(finding, code, declared, parameters),
    )


def _lines(finding: GameFinding) -> list[str]:
    lines = _describe(finding.question)
    if finding.answer.trouble is None:
        lines.append(f"got {_got(finding)}")
    if finding.low is not None and finding.high is not None:
        interval = [_number(finding.low), _number(finding.high)]
        place = "".join(f"[{k}]" for k in finding.where)
        lines.append(f"certified at {place}: {interval[0] if len(set(interval)) == 1 else interval}")
    return [*lines, f"{finding.kind}: {finding.message}"]


def _got(finding: GameFinding) -> str:
    answer = finding.answer
    if answer.run is not None and finding.part:
        return f"{finding.part} = {_array(answer.run[finding.part])}"
    return answer.message if answer.array is None else _array(answer.array)


def _describe(question: Question) -> list[str]:
    game = question.game
    H, S, A, m = game.horizon, game.n_states, game.n_joint_actions, game.n_agents
    lines = [f"m = {m}, H = {H}, S = {S}, actions {game.actions}"]
    for i, one in enumerate(game.uncertainty):
        if isinstance(one, Wasserstein):
            rows = (f"({', '.join(map(_number, row))})" for row in one.ground)
            lines.append(f"distances of agent {i}: ({', '.join(rows)}), order {one.order}")
    for h, s, a in np.ndindex(H, S, A):
        row = ", ".join(_number(x) for x in nominal_row(game.stages[h], s, a))
        r = ", ".join(_number(exact_reward(game.stages[h], i, s, a)) for i in range(m))
        rho = ", ".join(_number(exact_radius(game.stages[h], i, s, a)) for i in range(m))
        weight = _number(exact(question.policy.weights[h, s, a]))
        pi = f", pi = {weight}" if question.level in _OF_A_POLICY else ""
        lines.append(f"step {h + 1}, s{s}, a{a}: P = ({row}), r = ({r}), rho = ({rho}){pi}")
    if question.level == "backup":
        lines.append(f"V = ({', '.join(map(_number, question.values))})")
    return lines


def _program(finding: GameFinding, code: str, declared: Implementation, parameters: tuple[str, ...]) -> str:
    question = finding.question
    request = question_request(declared, question)
    names = SIGNATURES[question.level].arguments
    lines = ["import numpy as np", "", *import_lines(code), ""]
    for name in names:
        value = tuple(question.game.actions) if name == "actions" else request[name]
        lines.append(f"{name} = np.array({value!r})" if isinstance(value, list) else f"{name} = {value!r}")
    wanted = {name: value for name, value in filled_in(request).items() if name in parameters}
    lines += [f"{name} = np.array({value!r})" for name, value in wanted.items() if isinstance(value, list)]
    extras = [f"{name}={name if isinstance(value, list) else repr(value)}" for name, value in wanted.items()]
    call = f"function({', '.join([*names, *extras])})"
    if question.level == "learner":
        return "\n".join([*lines, f"run = {call}", *_of_run(finding)]) + "\n"
    lines += [f"answer = np.array({call})", "print(answer)"]
    if finding.kind in (FailureKind.NO_EQUILIBRIUM, FailureKind.ILLEGAL_POLICY):
        return "\n".join([*lines, *policy_lines(finding, declared)]) + "\n"
    if finding.low is None or finding.high is None:
        return "\n".join([*lines, 'assert np.isfinite(answer).all(), "expected finite numbers"']) + "\n"
    allowed = certified_answer(question, tolerance_of(declared)).allowed[finding.where]
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


def _of_run(finding: GameFinding) -> list[str]:
    if finding.low is None or finding.high is None:
        return ["print(run)", f"raise AssertionError({finding.message!r})"]
    low = "-np.inf" if finding.part == "lower" else repr(float(finding.low))
    high = "np.inf" if finding.part == "upper" else repr(float(finding.high))
    place = ", ".join(map(str, finding.where))
    return [
        f"said = np.array(run[{finding.part!r}])[{place}]",
        "print(said)",
        f"low, high = {low}, {high}  # by exact recursion, with rounding",
        "assert low <= said <= high",
    ]


def _array(values: Array) -> str:
    return str(values.astype(np.float64).tolist())


def _number(x: Fraction) -> str:
    text = show(x)
    return text if len(text) <= 9 else repr(float(x))
