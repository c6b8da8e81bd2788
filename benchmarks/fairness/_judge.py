"""Honest code before the acceptance code of ``drmg-check validate``: what is judged is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from benchmarks.fairness._honest import Honest
from drmg_check.referee.asking import InProcess
from drmg_check.referee.evidence import Tally
from drmg_check.referee.levels import level_of, session_for
from drmg_check.referee.levels._planned import Judge
from drmg_check.targets import Implementation

UNCOUNTED = ("contract/answers", "contract/input")
"""Judged, but not counted: they ask whether there is an answer, not whether it is right."""
VALUES = ("oracle", "distribution")


@dataclass(slots=True)
class Count:
    """What has been judged.

    Parameters
    ----------
    questions, judgements, accusations : int
        A judgement is one answer and one check that has something to say about it.
    """

    questions: int = 0
    judgements: int = 0
    accusations: int = 0


def accusations(honest: Honest, question: Any, count: Count, groups: tuple[str, ...] = ()) -> Iterator[str]:  # noqa: ANN401 - of any level
    """Judge honest code on a question by every check, and yield each accusation as a sentence.

    Parameters
    ----------
    honest : Honest
    question : of the level that is declared
    count : Count
        Is added to.
    groups : tuple of str
        Only checks of these groups, as in ``("oracle",)``; all if there are none.
    """
    session = session_for(InProcess(honest.function), honest.declared)
    count.questions += 1
    for name, judge in judges(honest.declared).items():
        group = name.partition("/")[0]
        if (groups and group not in groups) or (name == "contract/deterministic" and not honest.repeats):
            continue
        seen = Tally()
        fault = judge(session, session.given(question), seen)
        count.judgements += seen.judged if name not in UNCOUNTED else 0
        if fault is not None:
            count.accusations += 1
            yield f"{honest.name}, {name}: {fault.kind}: {fault.message}\n  {question}"


@lru_cache
def judges(declared: Implementation) -> Mapping[str, Judge[Any]]:
    """Return the judges of a level by the names of their checks, each once."""
    checks = [check for check in level_of(declared.level).checks(declared) if not check.is_smoke]
    about = checks[0].about
    names = {check.judge: check.name for check in reversed(checks) if check.about == about}
    return {name: judge for judge, name in names.items()}
