"""Transcripts of the protocol: a session asks a worker, and what passes between them is written down.

Nothing is composed for show. The lines of the referee are those that a :class:`Session` sends, the lines
of the target those with which a worker answers for ``_worked.py`` and ``_careless.py``, and the verdicts
those of the checks; only the pipe between two processes is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias, get_args

import numpy as np

from drmg_check.models import RobustMarkovGame, uniform_policy
from drmg_check.referee._game_checks import GameFinding, judge_answer
from drmg_check.referee._judge import Finding, Tally, judge_distribution, judge_untouched, judge_value
from drmg_check.referee._learner_checks import judge_regret
from drmg_check.referee._policy_checks import judge_gap, stage_examples
from drmg_check.referee._questions import Question
from drmg_check.referee._session import Session
from drmg_check.sets import Row, TotalVariation
from drmg_check.targets import (
    START,
    Reply,
    Request,
    answerer,
    declaration_from_data,
    read_greeting,
    read_reply,
    set_family,
    write_request,
)
from drmg_check.vocabulary import InputError
from drmg_check.words import LevelName

Speaker: TypeAlias = Literal["referee", "target", "verdict"]
Transcript: TypeAlias = LevelName | Literal["trouble"]
TRANSCRIPTS: tuple[Transcript, ...] = (*get_args(LevelName), "trouble")
"""What there are transcripts of: every level, and all that is no answer."""
WORKED, CARELESS = "drmg_check.referee._worked", "drmg_check.referee._careless"
"""The modules that answer."""
_EPISODES = 2
_HALF, _QUARTER = Fraction(1, 2), Fraction(1, 4)
_ABOUT: dict[LevelName, str] = {
    "backup": "Q[s][a] = r[s][a] + the smallest expectation of V around P[s][a]",
    "evaluation": "V[i][s] of the joint policy pi at the first step",
    "best-response": "V[i][s] of agent i's best response to pi at the first step",
    "gap": "what agent i gains by leaving pi, from s at the first step",
    "equilibrium": "x[a] of a stage game in which both agents have to mix",
    "planner": "pi[h][s][a], a robust equilibrium",
    "learner": "policies, bounds and regret of each episode; this one does not learn",
}


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One session: what it is about, and its lines in order, each with who says it.

    A line of the ``"verdict"`` is what the referee makes of the reply above; it is not sent.
    """

    about: str
    lines: tuple[tuple[Speaker, str], ...]


class _Recorder:
    """A worker whose every line is kept; a :class:`~drmg_check.referee._session.Transport`."""

    def __init__(self, address: str) -> None:
        self.lines: list[tuple[Speaker, str]] = []
        self._answer = answerer(address)
        self._seq = 0

    def start(self) -> None:
        """Do nothing: the worker is here."""

    def ask(self, request: Request) -> Reply:
        """Pass a request on."""
        self._seq += 1
        return read_reply(self.exchange(write_request(self._seq, request)), self._seq)

    def restart(self) -> None:
        """Do nothing: nothing is asked twice."""

    def exchange(self, line: bytes) -> bytes:
        """Send a line and return the answer."""
        reply = self._answer(line)
        self.lines += [("referee", line.decode().rstrip()), ("target", reply.decode().rstrip())]
        return reply


def transcripts(name: Transcript) -> tuple[Dialogue, ...]:
    """Run the sessions of a level, or those that show ``"trouble"``, and return what was said.

    Raises
    ------
    InputError
        None of :data:`TRANSCRIPTS`.
    """
    if name not in TRANSCRIPTS:
        raise InputError(f"level={name!r} has no transcript; expected one of {', '.join(TRANSCRIPTS)}")
    if name == "worst-case":
        ball = "the smallest expectation of V in the ball around p"
        return (
            _dialogue(ball, f"{WORKED}:worst_case", (_row("tv", _QUARTER), _row("wasserstein:2", _HALF))),
            _dialogue(
                "the same, with a distribution", f"{WORKED}:with_distribution", (_row("tv", _QUARTER),)
            ),
        )
    if name == "trouble":
        rows = tuple(_row("tv", k * _QUARTER) for k in range(5))
        return (
            _dialogue(
                "an implementation that goes wrong in another way at each radius",
                f"{CARELESS}:worst_case",
                rows,
            ),
            _dialogue("an implementation that cannot be loaded", f"{CARELESS}:nothing", ()),
        )
    if name == "backup":
        return (_dialogue(_ABOUT[name], f"{WORKED}:backup", (_backup("tv"), _backup("wasserstein:2"))),)
    return (_dialogue(_ABOUT[name], f"{WORKED}:{name.replace('-', '_')}", (_question(name),)),)


def _dialogue(about: str, address: str, asked: Iterable[Row | Question]) -> Dialogue:
    recorder = _Recorder(address)
    greeting = recorder.exchange(START)
    try:
        declared = declaration_from_data(read_greeting(greeting).declaration or {})
    except InputError as error:
        recorder.lines.append(("verdict", f"does not start: {error}"))
        return Dialogue(about, tuple(recorder.lines))
    session = Session(recorder, declared)
    for one in asked:
        recorder.lines.append(("verdict", _verdict(session, one)))
    return Dialogue(about, tuple(recorder.lines))


def _verdict(session: Session, asked: Row | Question) -> str:
    tally = Tally()
    finding: Finding | GameFinding | None
    if isinstance(asked, Row):
        finding = judge_untouched(session, asked, tally) or judge_value(session, asked, tally)
        if finding is None and session.declared.distribution:
            finding = judge_distribution(session, asked, tally)
    else:
        judge = {"equilibrium": judge_gap, "planner": judge_gap, "learner": judge_regret}
        finding = judge.get(asked.level, judge_answer)(session, asked, tally)
    if finding is not None:
        return f"{finding.kind}: {finding.message}"
    answer = session.answer(asked)
    return "right" if answer.trouble is None else f"{answer.trouble}: {answer.message}"


def _row(name: str, radius: Fraction) -> Row:
    return Row(set_family(name).make(2), (_HALF, _HALF), (Fraction(0), Fraction(1)), radius)


def _question(level: LevelName) -> Question:
    if level == "equilibrium":
        return stage_examples("nash")["matching-pennies"]
    game = _game()
    return Question(level, game, uniform_policy(game), (Fraction(0),) * game.n_states, episodes=_EPISODES)


def _backup(name: str) -> Question:
    """Return a question about the first step of that game as its first agent sees it."""
    both = _game()
    game = RobustMarkovGame(
        transition=both.transition[:1],
        reward=both.reward[:1, :1],
        radius=both.radius[:1, :1],
        uncertainty=(set_family(name).make(both.n_states),),
        actions=(both.n_joint_actions,),
    )
    return Question("backup", game, uniform_policy(game), (Fraction(0), Fraction(1)))


def _game() -> RobustMarkovGame:
    """Return a game of two agents, steps and states; the agents' radii are 1/4 and 1/2."""
    P = [[[2, 2], [4, 0], [3, 1], [1, 3]], [[4, 0], [2, 2], [2, 2], [0, 4]]]
    r = [[[2, 0, 4, 1], [1, 3, 2, 4]], [[2, 4, 0, 1], [3, 1, 4, 2]]]
    return RobustMarkovGame(
        transition=np.array([P, P], dtype=object) * _QUARTER,
        reward=np.array([[one, one] for one in r], dtype=object) * _QUARTER,
        radius=np.array([_QUARTER, _HALF], dtype=object).reshape(2, 1, 1, 1),
        uncertainty=(TotalVariation(), TotalVariation()),
        actions=(2, 2),
    )
