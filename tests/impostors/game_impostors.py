"""Impostors for whole games: they follow the catalogue itself, so that no entry goes untested."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np

from drmg_check.equilibria import solve_stages
from drmg_check.referee.asking import Answer, GameQuestion, InProcess, Session
from drmg_check.referee.diagnosis import (
    GameAlternative,
    ValueCatalogue,
    diagnose,
    entries_for,
    mixtures,
    policies_for,
    tables_of,
)
from drmg_check.referee.evidence import GameFault, Tally
from drmg_check.referee.levels import level_of
from drmg_check.referee.levels._backup import BACKUP_CATALOGUE
from drmg_check.referee.levels._best_response import RESPONSE_CATALOGUE
from drmg_check.referee.levels._equilibrium import STAGE_CATALOGUE, StageQuestion
from drmg_check.referee.levels._evaluation import EVALUATION_CATALOGUE
from drmg_check.referee.levels._gap import GAP_CATALOGUE
from drmg_check.referee.levels._planner import PLAN_CATALOGUE, PlannerQuestion
from drmg_check.targets import Implementation
from drmg_check.vocabulary import Array
from drmg_check.words import LevelName

Ask = Callable[[GameQuestion], Answer]
Actions = tuple[int, ...]
VALUES: dict[LevelName, ValueCatalogue[GameQuestion]] = {
    "backup": BACKUP_CATALOGUE,
    "evaluation": EVALUATION_CATALOGUE,
    "best-response": RESPONSE_CATALOGUE,
    "gap": GAP_CATALOGUE,
}
LEVELS = tuple(VALUES)
CONCEPTS = ("nash", "cce", "ce")


def values_of(name: str, level: str) -> dict[str, GameAlternative]:
    return {entry.name: entry for entry in entries_for(VALUES[level], name)}


def policies_of(level: str, concept: str, name: str = "") -> dict[str, GameAlternative]:
    catalogue = PLAN_CATALOGUE if level == "planner" else STAGE_CATALOGUE
    return {entry.name: entry for entry in policies_for(catalogue, concept, name)}


def games_of(level: str, name: str) -> tuple[GameQuestion, ...]:
    return VALUES[level].questions(name)


def stages_of(concept: str) -> tuple[StageQuestion, ...]:
    return STAGE_CATALOGUE.questions(concept, "")


def plans_of(concept: str, name: str) -> tuple[PlannerQuestion, ...]:
    return PLAN_CATALOGUE.questions(concept, name)


def computed(alternative: GameAlternative, level: str, question: GameQuestion) -> Array:
    return VALUES[level].recompute(alternative.how, VALUES[level].tables(question))


def in_floats(values: Array) -> Answer:
    array: Array = np.empty(values.shape, dtype=object)
    for at in np.ndindex(*values.shape):
        array[at] = Fraction(float(values[at]))
    return Answer(array=array)


def follower(alternative: GameAlternative, level: str) -> Ask:
    """Answer as the alternative does, in floats."""

    @cache
    def ask(question: GameQuestion) -> Answer:
        try:
            return in_floats(computed(alternative, level, question))
        except Exception as silent:
            return Answer(trouble="not supported", message=str(silent))

    return ask


def planner(
    alternative: GameAlternative, kinds: Callable[[GameQuestion], bool] = lambda question: True
) -> Ask:
    """Return an equilibrium of what the alternative makes of the game, by backward induction."""

    @cache
    def ask(question: GameQuestion) -> Answer:
        if not kinds(question):
            return Answer(trouble="not supported", message="not this size")
        t = tables_of(question.game)
        read = alternative.how.read(replace(t, pi=np.arange(t.pi.size).reshape(t.pi.shape)))
        H, S, A = read.pi.shape
        pi, V = np.zeros(read.pi.shape), np.full((len(read.actions), H + 1, S), Fraction(0), dtype=object)
        for h in reversed(range(H)):
            q = [
                mixtures(alternative.how, read, i, h, alternative.how.next_values(V[i], h).tolist())
                for i in range(len(V))
            ]
            Q = np.array([[[mix(s, {a: Fraction(1)}) for a in range(A)] for s in range(S)] for mix in q])
            x = solve_stages(Q.astype(float), read.actions, alternative.how.concept or question.concept).x
            pi[h] = np.clip(x, 0.0, None) / np.clip(x, 0.0, None).sum(axis=1, keepdims=True)
            earned = np.vectorize(Fraction)(pi[h]) * Q
            V[:, h] = [[alternative.how.settle(sum(row), H - h, H) for row in each] for each in earned]
        written = np.empty(t.pi.size)
        written[read.pi.ravel().astype(int)] = pi.ravel()  # undo what reading does to a policy
        return in_floats(written.reshape(question.shape))

    return ask


class Answering(Session[GameQuestion]):
    """A session that asks a function about questions."""

    def __init__(self, ask: Ask, level: LevelName) -> None:
        sets = () if level == "equilibrium" else ("tv",)
        super().__init__(
            InProcess(lambda: None), Implementation(level=level, sets=sets), level_of(level).form
        )
        self._ask_game = ask

    def answer(self, question: GameQuestion) -> Answer:
        return self._ask_game(question)


def first_failure(level: LevelName, ask: Ask, questions: tuple[GameQuestion, ...]):
    session, judge = Answering(ask, level), level_of(level).verdict
    faults = (judge(session, question, Tally()) for question in questions if not ask(question).trouble)
    return next((fault for fault in faults if fault is not None), None)


def said_of(level: LevelName, ask: Ask, fault: GameFault[GameQuestion]) -> str | None:
    return level_of(level).diagnose(Answering(ask, level), fault, diagnose)
