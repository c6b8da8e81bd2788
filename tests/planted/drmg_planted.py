"""Ledgers of planted claims: claims with a known verdict, and claims that misbehave on purpose.

Worker processes import them too, so they are a module on ``PYTHONPATH`` and not fixtures.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from hypothesis import strategies as st

from drmg_check.models import RobustMarkovGame
from drmg_check.vocabulary import Bounds, Slack, UnsupportedError, Verdict
from drmg_properties import Budget, Claim, Derivation, Exhaustive, Generated, Ledger, Neighbour


@dataclass(frozen=True, slots=True)
class Number:
    """An instance: a rational."""

    x: Fraction


def numbers(budget: Budget) -> Iterable[Number]:
    """Yield 0, 1, 2, ..."""
    return (Number(Fraction(n)) for n in range(budget.max_examples))


def x_line(number: Number) -> tuple[str, ...]:
    """Say what x is."""
    return (f"x = {number.x}",)


def needs(slack: Slack, lines: Callable[[], tuple[str, ...]]) -> Derivation:
    """State that a slack, measured by 1, is at least 0."""
    return Derivation(Bounds.of(0), slack, lines, slack=slack, scale=Fraction(1), names=("0", "the room"))


def planted(
    claim_id: str,
    slack: Callable[[Number], Slack],
    title: str,
    expected: Verdict = Verdict.ON_A_LIST,
    *,
    search: Exhaustive[Number] | Generated[Number] | None = None,
    explain: Callable[[Number], tuple[str, ...]] | None = None,
    on_game: Callable[[RobustMarkovGame], Iterable[Number]] | None = None,
    neighbours: tuple[Neighbour[Number], ...] = (),
) -> Claim[Number]:
    """Return a claim with this slack."""
    return Claim(
        id=claim_id,
        place=f"Lemma {claim_id}",
        title=title,
        statement=f"{title}, for every x.",
        latex="x \\ge 0",
        formalisation="x is a rational.",
        assumptions=("x is tried in order",),
        severity="none" if expected != Verdict.REFUTED else "constant",
        expected=expected,
        instance_type=Number,
        search=search or Exhaustive(numbers),
        derive=lambda number: needs(slack(number), lambda: (explain or x_line)(number)),
        neighbours=neighbours,
        on_game=on_game,
    )


def at_least_zero(number: Number) -> Slack:
    """Need x >= 0."""
    return Slack.of(number.x)


def at_most_seven(number: Number) -> Slack:
    """Need x <= 7."""
    return Slack.of(7 - number.x)


def undecidable(number: Number) -> Slack:
    """Decide nothing."""
    return Slack(Fraction(-1), Fraction(1))


def a_third(number: Number) -> Slack:
    """Need x <= 1/3."""
    return Slack.of(Fraction(1, 3) - number.x)


def noisy(number: Number) -> Slack:
    """Print, then hold."""
    if number.x == 0:
        print("noise on stdout", flush=True)
        print("noise on stderr", file=sys.stderr, flush=True)
    return Slack.of(1)


def slow(number: Number) -> Slack:
    """Take some time, then hold."""
    time.sleep(0.05)
    return Slack.of(1)


def exits(number: Number) -> Slack:
    """End the process with exit code 3."""
    print("giving up", file=sys.stderr, flush=True)
    os._exit(3)


def segfaults(number: Number) -> Slack:
    """End the process by a signal."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return Slack.of(0)


def hangs(number: Number) -> Slack:
    """Never end."""
    time.sleep(3600)
    return Slack.of(0)


def speechless(number: Number) -> tuple[str, ...]:
    """Raise where an explanation is due."""
    raise LookupError("no words")


def raises(number: Number) -> Slack:
    """Raise what no checker should."""
    raise ZeroDivisionError("no\nslack")


def states(game: RobustMarkovGame) -> Iterable[Number]:
    """Yield the number of states of a small game."""
    if game.n_states > 100:
        raise UnsupportedError(f"game {game.name!r} has S={game.n_states}; expected at most 100")
    return [Number(Fraction(game.n_states))]


def any_rational(budget: Budget) -> st.SearchStrategy[Number]:
    """Generate rationals in [0, 100]."""
    return st.builds(Number, st.fractions(0, 100, max_denominator=10))


TRUE = planted(
    "T1",
    at_least_zero,
    "A count is at least zero",
    on_game=states,
    neighbours=(
        Neighbour("at least one", lambda number: needs(Slack.of(number.x - 1), lambda: x_line(number))),
    ),
)
PROOF = planted(
    "T2",
    at_most_seven,
    "A digit in base eight is at most seven",
    Verdict.PROVED,
    search=Exhaustive(lambda budget: islice(numbers(Budget(8, 1, 0)), 8), proves=True),
)
FALSE = planted("F1", at_most_seven, "A count is at most seven", Verdict.REFUTED, on_game=states)
GENERATED = planted(
    "F2",
    a_third,
    "Three times a number is at most one, a title for which no table has room",
    Verdict.REFUTED,
    search=Generated(any_rational),
)
STEADY = planted(
    "T3", at_least_zero, "A count is at least zero", Verdict.HOLDS, search=Generated(any_rational)
)
LONG = planted(
    "L1",
    at_most_seven,
    "A count with a thousand digits is at most seven",
    Verdict.REFUTED,
    search=Exhaustive(lambda budget: [Number(7 + Fraction(1, 10**1000))]),
)
WRONG_ON_GAMES = planted("W2", at_most_seven, "A count of states is at most seven", on_game=states)
WRONG = planted("W1", at_most_seven, "A count is at most seven, says a ledger that is wrong")
OPEN = planted("U1", undecidable, "An interval around zero decides nothing")
NOISY = planted("N1", noisy, "A claim that prints")
EXITS = planted("C1", exits, "A claim that ends its process")
SEGFAULTS = planted("C2", segfaults, "A claim that dies of a signal")
HANGS = planted("C3", hangs, "A claim that never ends")
SPEECHLESS = planted(
    "C5", at_most_seven, "A claim that cannot be explained", Verdict.REFUTED, explain=speechless
)
RAISES = planted("C4", raises, "A claim whose checker is broken")
HOSTILE = planted("H1", at_least_zero, "[bold]<script>alert(1)</script>\x1b[31m\u202e evil\nFAILURE X1")


TIMID = planted(
    "P1",
    at_least_zero,
    "A claim whose false neighbour survives",
    neighbours=(Neighbour("at least minus one", lambda number: needs(Slack.of(number.x + 1), lambda: ())),),
)


def planted_ledger(*claims: Claim[Number]) -> Ledger:
    """Return a ledger of these claims."""
    return Ledger("planted", "the planted claims", "nowhere", claims)


def healthy() -> Ledger:
    """Return claims that all have the verdict expected."""
    return planted_ledger(TRUE, PROOF, FALSE, GENERATED, NOISY)


def sick() -> Ledger:
    """Return claims with every kind of failure but a hang."""
    return planted_ledger(TRUE, WRONG, OPEN, EXITS, SEGFAULTS, RAISES, HOSTILE)


def misbehaving() -> Ledger:
    """Return claims that crash, hang or raise, between healthy ones."""
    return planted_ledger(TRUE, EXITS, FALSE, SEGFAULTS, PROOF, HANGS, GENERATED, RAISES, NOISY)


def slow_ones() -> Ledger:
    """Return a dozen claims of some tenths of a second each."""
    few = Exhaustive(lambda budget: islice(numbers(budget), 5))
    return planted_ledger(*(planted(f"S{k}", slow, f"Slow claim {k}", search=few) for k in range(12)))


def everything() -> Ledger:
    """Return every planted claim."""
    return planted_ledger(
        TRUE,
        PROOF,
        FALSE,
        GENERATED,
        STEADY,
        WRONG,
        WRONG_ON_GAMES,
        OPEN,
        LONG,
        NOISY,
        EXITS,
        SPEECHLESS,
        RAISES,
    )


def timid() -> Ledger:
    """Return a claim whose search does not see its false neighbour."""
    return planted_ledger(TIMID)


def twice() -> Ledger:
    """Return an illegal ledger: one id twice."""
    return planted_ledger(TRUE, TRUE)


def no_claims() -> tuple[str, ...]:
    """Return what is no ledger."""
    return ("T1",)


def broken() -> Ledger:
    """Return nothing: the ledger itself is broken."""
    raise ZeroDivisionError("no ledger today")
