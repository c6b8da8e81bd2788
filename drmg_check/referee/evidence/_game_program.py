"""A stand-alone program that shows with NumPy alone what is wrong with an answer about a game."""

from __future__ import annotations

from drmg_check.models import Model
from drmg_check.referee.asking import GameQuestion, Subject
from drmg_check.referee.evidence._faults import GameFault
from drmg_check.referee.evidence._row_program import SETS_IMPORT, import_lines, sets_text
from drmg_check.targets import Request, filled_in, sets_in
from drmg_check.words import SIGNATURES


def call_lines(subject: Subject, game: Model, request: Request, result: str) -> list[str]:
    """Return the lines that call the implementation for a request.

    Parameters
    ----------
    subject : Subject
    game : Model
    request : Request
        About that game.
    result : str
        What its result is bound to, with ``{}`` for the call, as in ``"run = {}"``.
    """
    names = SIGNATURES[subject.declared.level].arguments
    balls = sets_in(request) if "uncertainty" in subject.parameters else None
    needed = [] if balls is None else [SETS_IMPORT]
    lines = ["import numpy as np", *needed, "", *import_lines(subject.code), ""]
    for name in names:
        value = tuple(game.actions) if name == "actions" else request[name]
        lines.append(f"{name} = np.array({value!r})" if isinstance(value, list) else f"{name} = {value!r}")
    wanted = {name: value for name, value in filled_in(request).items() if name in subject.parameters}
    lines += [f"{name} = np.array({value!r})" for name, value in wanted.items() if isinstance(value, list)]
    extras = [f"{name}={name if isinstance(value, list) else repr(value)}" for name, value in wanted.items()]
    if balls is not None:
        lines.append(f"uncertainty = {sets_text(balls)}")
        extras.append("uncertainty=uncertainty")
    return [*lines, result.format(f"function({', '.join([*names, *extras])})")]


def value_lines(fault: GameFault[GameQuestion], *, negated: bool) -> list[str]:
    """Return the lines that follow ``answer``; they fail while it is wrong.

    Parameters
    ----------
    fault : GameFault
    negated : bool
        Whether what is returned is minus what was certified.
    """
    if fault.low is None or fault.high is None:
        return ['assert np.isfinite(answer).all(), "expected finite numbers"']
    low, high = fault.low - fault.allowed, fault.high + fault.allowed
    if negated:
        low, high = -high, -low
    place = ", ".join(map(str, fault.where))
    return [
        f"low, high = {float(low)!r}, {float(high)!r}  # by exact recursion, with rounding",
        f"assert low <= answer[{place}] <= high",
    ]


def run_lines(fault: GameFault[GameQuestion]) -> list[str]:
    """Return the lines that follow the ``run`` of a learner; they fail while it is wrong."""
    if fault.low is None or fault.high is None:
        return ["print(run)", f"raise AssertionError({fault.message!r})"]
    low = "-np.inf" if fault.part == "lower" else repr(float(fault.low))
    high = "np.inf" if fault.part == "upper" else repr(float(fault.high))
    place = ", ".join(map(str, fault.where))
    return [
        f"said = np.array(run[{fault.part!r}])[{place}]",
        "print(said)",
        f"low, high = {low}, {high}  # by exact recursion, with rounding",
        "assert low <= said <= high",
    ]
