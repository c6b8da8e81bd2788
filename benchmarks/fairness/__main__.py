"""Judge honest code round after round until approximate code has been judged so often, or until time is up.

Each round asks every implementation about other questions, of each set a few. The counts are kept in
``counts.json``, by level and kind of code, and added to; ``--afresh`` forgets them. Exit code 1 if anybody
was accused.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain
from itertools import count as numbers
from time import monotonic
from typing import Any

from benchmarks.fairness import (
    APPROXIMATE,
    EXACT,
    LAWFUL,
    LEARNERS,
    PLANS,
    SETS,
    STAGES,
    VALUES,
    Honest,
    accusations,
    adversarial_rows,
    hardest_rows,
    run_on,
)
from benchmarks.fairness._page import Counts, approximate, read, write
from drmg_check.referee.levels import level_of
from drmg_check.targets import Implementation, set_name
from drmg_check.words import Concept, LevelName
from drmg_properties import hunt

MUTATIONS, EXAMPLES, GAMES = 40, 4, 10
"""Rows of a set that are mutated, and rows and games that Hypothesis draws, in a round."""
APPROXIMATED = 40
"""Rows of a set in a round for approximate code, which is judged by every law."""
STOP = ""
"""Said where the counts may be kept and the run may end."""
DIVIDED = ("oracle", "distribution")


def of_set(honest: Honest, name: str) -> Honest:
    """Return the same code, declared for one of its sets."""
    return replace(honest, declared=replace(honest.declared, sets=(name,)))


def said_of_rows(name: str, rows: Iterable[Any], counts: Counts, *, laws: int) -> Iterator[str]:
    """Judge rows of a set by everybody who answers single rows; laws of exact code on one row in so many."""
    exact = [of_set(honest, name) for honest in EXACT]
    lawful = {way.__name__ for way in LAWFUL}
    for k, row in enumerate(rows):
        for honest in exact:
            groups = () if honest.name in lawful and k % laws == 0 else DIVIDED
            yield from accusations(honest, row, counts["worst-case", honest.kind], groups)


def said_by_approximate(name: str, rows: Iterable[Any], counts: Counts) -> Iterator[str]:
    """Judge rows of a set by everybody who approximates single rows, and by every law."""
    known = [of_set(honest, name) for honest in APPROXIMATE if name in honest.declared.sets]
    for row in rows:
        for honest in known:
            yield from accusations(honest, row, counts["worst-case", honest.kind])


@lru_cache(maxsize=32)
def drawn(level: LevelName, sets: tuple[str, ...], concept: Concept, number: int) -> tuple[Any, ...]:
    """Return the questions of a level that Hypothesis draws, the same for everybody in a round."""
    declared = Implementation(level=level, sets=sets, concept=concept)
    checks = level_of(level).checks(declared)
    strategy = next(check.drawn for check in checks if check.name == "oracle/generated" and check.drawn)
    questions: list[Any] = []
    hunt(strategy(), questions.append, GAMES, number)
    return tuple(questions)


def said_of_games(honest: Honest, number: int, counts: Counts) -> Iterator[str]:
    """Judge code for games on questions that Hypothesis draws; learners on the games of planners."""
    declared = honest.declared
    if declared.level == "learner":
        planned = drawn("planner", declared.sets, declared.concept, number)
        asked: tuple[Any, ...] = tuple(run_on(question, number) for question in planned)
    else:
        asked = drawn(declared.level, declared.sets, declared.concept, number)
    for question in asked:
        yield from accusations(honest, question, counts[declared.level, honest.kind])


def one_round(number: int, counts: Counts) -> Iterator[str]:
    """Judge everybody once, on questions that the number of the round decides."""
    for name in (*SETS[number % len(SETS) :], *SETS[: number % len(SETS)]):
        rows = list(adversarial_rows(name, number, EXAMPLES, MUTATIONS))
        yield from said_of_rows(name, rows, counts, laws=8)
        yield from said_by_approximate(name, rows[:: max(1, len(rows) // APPROXIMATED)], counts)
        yield STOP
        for honest in (*VALUES, *PLANS, *LEARNERS):
            if name in honest.declared.sets:
                yield from said_of_games(of_set(honest, name), number, counts)
        for honest in STAGES:
            yield from said_of_games(honest, number * len(SETS) + SETS.index(name), counts)
        yield STOP


def hardest(counts: Counts) -> Iterator[str]:
    """Judge the frozen inputs on which a kernel once failed."""
    for row in hardest_rows():
        name = set_name(row.uncertainty)
        yield from said_of_rows(name, (row,), counts, laws=1)
        yield from said_by_approximate(name, (row,), counts)


def main() -> int:
    """Judge, keep the counts, and rewrite the section of the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--judgements", type=int, default=1_000_000, help="of approximate code, in all")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="end after so many at the latest")
    parser.add_argument("--first", type=int, default=0, help="number of the first round")
    parser.add_argument("--afresh", action="store_true", help="forget earlier counts")
    arguments = parser.parse_args()
    counts = read(afresh=arguments.afresh)
    began = monotonic()
    rounds = map(partial(one_round, counts=counts), numbers(arguments.first))
    for said in chain(hardest(counts), chain.from_iterable(rounds)):
        if said != STOP:
            print(said, flush=True)
            continue
        judged = approximate(counts).judgements
        minutes = (monotonic() - began) / 60
        print(f"{judged:,} of approximate code, {minutes:.0f} minutes", file=sys.stderr, flush=True)
        write(counts)
        if judged >= arguments.judgements or minutes >= arguments.minutes:
            break
    write(counts)
    return 1 if any(count.accusations for count in counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
