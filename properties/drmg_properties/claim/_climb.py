"""Adversarial local search: change the numbers of an instance until its slack is as small as it gets.

Hypothesis draws simple numbers from grids, so it misses a violation that lies between their points. The
climb starts from the most promising instances seen and moves their numbers. It works on the JSON form
of an instance, so it needs nothing from the claim; what the decoder refuses is no move.

What the instances generated have in common stays: the range of the numbers at a place, the sum of a list
(probabilities), and zeros. So assumptions that only the strategy knows survive, such as rewards in [0, 1]
or a closed set of states.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Generic, TypeAlias, TypeVar

import msgspec
import numpy as np

from drmg_check.vocabulary import FloatArray, InputError
from drmg_properties.claim._claim import Claim
from drmg_properties.claim._codec import decode_instance, encode_instance
from drmg_properties.claim._derivation import Derivation
from drmg_properties.claim._trees import (
    Numbers,
    Path,
    Range,
    kind,
    lengths,
    numbers,
    put,
    ranges,
    simplest_between,
    sums,
    with_sums,
    without,
)

I = TypeVar("I")  # noqa: E741 - the instance
Judge: TypeAlias = Callable[[I], Derivation | None]
Axis: TypeAlias = tuple[tuple[Path, int], ...]  # the places that move together, and their signs

COARSE, FINE = 4, 18
"""The first step is ``2^-COARSE`` of the range of a number, the smallest ``2^-FINE``."""
FLAT = 5
"""A number that the slack does not depend on is at last ``2^FLAT`` times less likely to be moved."""
PATIENCE = 3
"""Moves tried for each number without lowering the slack enough, before the next start has its turn."""
ENOUGH = 0.9  # a move that saves less than a tenth is no progress: a climb would creep for ever
TRIES = 8
"""Moves that may be refused or repeat others, for each evaluation allowed."""


@dataclass(slots=True)
class _Climb(Generic[I]):
    """One climb: the claim, what its numbers have in common, and what may still be spent."""

    claim: Claim[I]
    judge: Judge[I]
    ranges: Mapping[Path, Range]
    sums: Mapping[Path, Fraction]
    evaluations: int
    moves: int
    tried: set[str] = field(default_factory=set)

    @property
    def spent(self) -> bool:
        """Whether to stop."""
        return self.evaluations <= 0 or self.moves <= 0

    def evaluate(self, tree: object) -> tuple[I, Derivation] | None:
        """Decode and judge; None for what is no new instance of the claim, or is out of reach."""
        self.moves -= 1
        text = msgspec.json.encode(tree).decode()
        if text in self.tried:
            return None
        self.tried.add(text)
        try:
            instance = decode_instance(self.claim, text)
        except InputError:
            return None
        self.evaluations -= 1
        derivation = self.judge(instance)
        return None if derivation is None else (instance, derivation)


def climb(
    claim: Claim[I], seen: Sequence[tuple[float, I]], judge: Judge[I], evaluations: int, seed: int
) -> I | None:
    """Search near the instances with the least slack for one with a certified negative slack.

    A pattern search: an axis is one number, or two that move together or against each other; its step is
    a power of 1/2 of the range, doubled by a move that lowers the slack, quartered when neither direction
    does. A move goes to the simplest fraction near its aim.

    Parameters
    ----------
    claim : Claim
    seen : sequence of (relative slack, instance)
        All that was generated and tells: the ranges come from here, and the starts.
    judge : callable
        Returns the derivation of an instance, or None where that is out of reach or says nothing.
    evaluations : int
        How often ``judge`` may be called.
    seed : int

    Returns
    -------
    instance or None
        The violating instance, not yet a simple one (:func:`simplify`).
    """
    trees = [_tree(claim, instance) for _, instance in seen]
    run = _Climb(claim, judge, ranges(trees), sums(trees), evaluations, TRIES * evaluations)
    run.tried.update(msgspec.json.encode(tree).decode() for tree in trees)
    rng = np.random.default_rng(seed)
    for k in _starts(seen, trees, run.ranges):
        violation = _ascend(run, trees[k], seen[k][0], rng)
        if violation is not None or run.spent:
            return violation
    return None


def _starts(
    seen: Sequence[tuple[float, I]], trees: Sequence[object], within: Mapping[Path, Range]
) -> list[int]:
    """Return the instances by their slack, but first the best of each set of numbers that may move."""
    free = [tuple(_free(dict(numbers(tree)), within)) for tree in trees]
    able = [k for k in range(len(seen)) if free[k]]
    able.sort(key=lambda k: (seen[k][0], -len(free[k])))
    met: Counter[tuple[Path, ...]] = Counter()
    turn: dict[int, int] = {}
    for k in able:
        turn[k] = met[free[k]]
        met[free[k]] += 1
    return sorted(able, key=turn.__getitem__)


def _tree(claim: Claim[I], instance: I) -> object:
    return msgspec.json.decode(encode_instance(claim, instance))


def _free(at: Numbers, within: Mapping[Path, Range]) -> list[Path]:
    """Return the places of the numbers that may move."""
    return [path for path, x in at.items() if x and len(set(within[kind(path)])) > 1]


def _ascend(run: _Climb[I], tree: object, slack: float, rng: np.random.Generator) -> I | None:
    """Move along one axis at a time while that lowers the slack."""
    at = dict(numbers(tree))
    free = _free(at, run.ranges)
    fineness: dict[Axis, int] = {}
    flat = np.zeros(len(free))
    patience = rest = PATIENCE * (2 + len(free))
    while rest > 0:
        rest -= 1
        places = _draw(flat, rng)
        axis = tuple((free[k], 1 if k == places[0] or rng.integers(2) else -1) for k in places)
        step = fineness.get(axis) or max(fineness.get(((path, 1),), COARSE) for path, _ in axis)
        fineness[axis] = step + 2 if step + 2 <= FINE else COARSE
        for sign in (1, -1):
            if run.spent:
                return None
            moves = {path: _aim(run.ranges[kind(path)], at[path], sign * by, step) for path, by in axis}
            candidate = with_sums(put(tree, moves), run.sums)
            evaluated = run.evaluate(candidate)
            if evaluated is None:
                continue
            instance, derivation = evaluated
            if derivation.violated:
                return instance
            new = derivation.relative
            if new == slack:
                flat[places] = np.minimum(flat[places] + 1, FLAT)
                break
            flat[places] = 0
            if new < slack:
                if new <= ENOUGH * slack:
                    rest = patience
                tree, at, slack = candidate, dict(numbers(candidate)), new
                fineness[axis] = max(1, step - 1)
                break
    return None


def _draw(flat: FloatArray, rng: np.random.Generator) -> list[int]:
    """Draw one place, or two in a third of the cases, seldom those along which the slack was flat."""
    weights = 0.5**flat
    count = 2 if len(flat) > 1 and rng.integers(3) == 0 else 1
    return sorted(rng.choice(len(flat), count, replace=False, p=weights / weights.sum()).tolist())


def _aim(within: Range, x: Fraction, sign: int, fineness: int) -> Fraction:
    """Return the simplest fraction about one step away, or the end of the range."""
    low, high = within
    step = sign * (high - low) / 2**fineness
    if not low < x + step < high:
        return low if sign < 0 else high
    room = abs(step) / 8
    return simplest_between(max(low, x + step - room), min(high, x + step + room))


def simplify(claim: Claim[I], instance: I, judge: Judge[I], seen: Sequence[I], evaluations: int) -> I:
    """Make a violating instance smaller while it violates: fewer entries, then simpler numbers.

    Returns
    -------
    instance
        Where no single entry can be left out and no single number be replaced by a simpler one of those
        tried, or where the evaluations are spent.
    """
    trees = [_tree(claim, met) for met in (*seen, instance)]
    run = _Climb(claim, judge, ranges(trees), sums(trees), evaluations, TRIES * evaluations)
    tree = trees[-1]
    shorter = True
    while shorter:
        shorter = False
        for smaller in _simpler(tree, run.ranges):
            if run.spent:
                break
            candidate = with_sums(smaller, run.sums)
            evaluated = run.evaluate(candidate)
            if evaluated is not None and evaluated[1].violated:
                tree, instance, shorter = candidate, evaluated[0], True
                break
    return instance


def _simpler(tree: object, within: Mapping[Path, Range]) -> Iterator[object]:
    """Yield smaller trees, the boldest first."""
    for length in sorted(set(lengths(tree)), reverse=True):
        for k in reversed(range(length)):
            yield without(tree, length, k)
    for path, x in numbers(tree):
        low, high = within[kind(path)]
        low, high = min(low, x), max(high, x)  # what completes a sum may lie outside what was seen
        for bits in range(FINE):
            room = (high - low) / 2**bits
            aim = simplest_between(max(low, x - room), min(high, x + room))
            if _complexity(aim) >= _complexity(x):
                break
            yield put(tree, {path: aim})


def _complexity(x: Fraction) -> tuple[int, int, bool]:
    return x.denominator, abs(x.numerator), x < 0
