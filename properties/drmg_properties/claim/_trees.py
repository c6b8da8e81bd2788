"""Instances in their JSON form as trees of numbers: what may be changed, and within which bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import TypeAlias

from drmg_check.vocabulary import show

Path: TypeAlias = tuple[str | int, ...]
Numbers: TypeAlias = dict[Path, Fraction]
Range: TypeAlias = tuple[Fraction, Fraction]
_RATIONAL = re.compile(r"-?\d+(/\d+)?", re.ASCII)


def numbers(tree: object, path: Path = ()) -> Iterator[tuple[Path, Fraction]]:
    """Yield the places of rationals and integers in a JSON tree, and what is there.

    An integer in a list beside something else is an index, as in a sparse row ``[[2, "1/3"], [5, "2/3"]]``.
    """
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from numbers(value, (*path, name))
    elif isinstance(tree, list):
        mixed = len({type(value) for value in tree}) > 1
        for k, value in enumerate(tree):
            if not (mixed and type(value) is int):
                yield from numbers(value, (*path, k))
    elif (isinstance(tree, str) and _RATIONAL.fullmatch(tree)) or type(tree) is int:
        yield path, Fraction(tree)


def kind(path: Path) -> Path:
    """Return the place up to indices: numbers of one kind share a range."""
    return tuple(name for name in path if isinstance(name, str))


def ranges(trees: Sequence[object]) -> dict[Path, Range]:
    widest: dict[Path, Range] = {}
    for tree in trees:
        for path, x in numbers(tree):
            low, high = widest.get(kind(path), (x, x))
            widest[kind(path)] = min(low, x), max(high, x)
    return widest


def sums(trees: Sequence[object]) -> dict[Path, Fraction]:
    """Return the sums of the lists of rationals that have the same sum wherever they occur."""
    met: dict[Path, set[Fraction]] = {}
    for tree in trees:
        for path, values in _lists(tree):
            met.setdefault(kind(path), set()).add(sum(values, Fraction(0)))
    return {kind: sums.pop() for kind, sums in met.items() if len(sums) == 1 and sums != {0}}


def _lists(tree: object, path: Path = ()) -> Iterator[tuple[Path, list[Fraction]]]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from _lists(value, (*path, name))
    elif isinstance(tree, list):
        if tree and all(isinstance(value, str) and _RATIONAL.fullmatch(value) for value in tree):
            yield path, [Fraction(value) for value in tree]
        for k, value in enumerate(tree):
            yield from _lists(value, (*path, k))


def with_sums(tree: object, sums: Mapping[Path, Fraction]) -> object:
    """Return the tree with its lists scaled to the sums that they must have."""
    changes: Numbers = {}
    for path, values in _lists(tree):
        total, wanted = sum(values, Fraction(0)), sums.get(kind(path))
        if wanted is not None and total not in (0, wanted):
            changes |= {(*path, k): x * wanted / total for k, x in enumerate(values)}
    return put(tree, changes) if changes else tree


def put(tree: object, changes: Mapping[Path, Fraction], path: Path = ()) -> object:
    """Return a copy with other numbers; an integer stays one."""
    if isinstance(tree, dict):
        return {name: put(value, changes, (*path, name)) for name, value in tree.items()}
    if isinstance(tree, list):
        return [put(value, changes, (*path, k)) for k, value in enumerate(tree)]
    if path not in changes:
        return tree
    return round(changes[path]) if type(tree) is int else show(changes[path])


def lengths(tree: object) -> Iterator[int]:
    if isinstance(tree, list):
        if len(tree) > 1:
            yield len(tree)
        for value in tree:
            yield from lengths(value)
    elif isinstance(tree, dict):
        for value in tree.values():
            yield from lengths(value)


def without(tree: object, length: int, k: int) -> object:
    """Return a copy without entry k of every list of that length, such as one state of a row."""
    if isinstance(tree, dict):
        return {name: without(value, length, k) for name, value in tree.items()}
    if isinstance(tree, list):
        kept = [value for j, value in enumerate(tree) if len(tree) != length or j != k]
        return [without(value, length, k) for value in kept]
    return tree


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction in ``[low, high]`` with the least denominator, then the least magnitude.

    The Stern-Brocot tree, by continued fractions.

    >>> str(simplest_between(Fraction(31, 100), Fraction(35, 100)))
    '1/3'
    """
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest_between(-high, -low)
    whole = floor(low)
    if whole == low:
        return Fraction(whole)
    if whole + 1 <= high:
        return Fraction(whole + 1)
    return whole + 1 / simplest_between(1 / (high - whole), 1 / (low - whole))
