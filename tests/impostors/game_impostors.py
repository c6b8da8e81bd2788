"""Impostors for whole games: they follow the catalogue itself, so that no entry goes untested."""

from functools import cache

from benchmarks.followers import Answering as Answering
from benchmarks.followers import Ask as Ask
from benchmarks.followers import in_floats as in_floats
from benchmarks.followers import learner as learner
from benchmarks.followers import planner as planner
from drmg_check.referee.asking import Answer, GameQuestion
from drmg_check.referee.diagnosis import (
    GameAlternative,
    ValueCatalogue,
    diagnose,
    entries_for,
    policies_for,
)
from drmg_check.referee.evidence import GameFault, Tally
from drmg_check.referee.levels import level_of
from drmg_check.referee.levels._backup import BACKUP_CATALOGUE
from drmg_check.referee.levels._best_response import RESPONSE_CATALOGUE
from drmg_check.referee.levels._equilibrium import STAGE_CATALOGUE, StageQuestion
from drmg_check.referee.levels._evaluation import EVALUATION_CATALOGUE
from drmg_check.referee.levels._gap import GAP_CATALOGUE
from drmg_check.referee.levels._planner import PLAN_CATALOGUE, PlannerQuestion
from drmg_check.vocabulary import Array
from drmg_check.words import LevelName

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


def follower(alternative: GameAlternative, level: str) -> Ask:
    """Answer as the alternative does, in floats."""

    @cache
    def ask(question: GameQuestion) -> Answer:
        try:
            return in_floats(computed(alternative, level, question))
        except Exception as silent:
            return Answer(trouble="not supported", message=str(silent))

    return ask


def first_failure(level: LevelName, ask: Ask, questions: tuple[GameQuestion, ...]):
    session, judge = Answering(ask, level), level_of(level).verdict
    faults = (judge(session, question, Tally()) for question in questions if not ask(question).trouble)
    return next((fault for fault in faults if fault is not None), None)


def said_of(level: LevelName, ask: Ask, fault: GameFault[GameQuestion]) -> str | None:
    return level_of(level).diagnose(Answering(ask, level), fault, diagnose)
