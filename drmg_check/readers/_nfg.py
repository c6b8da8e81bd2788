"""Gambit's strategic games (.nfg, payoff and outcome form) as games of one state and one step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import TypeAlias

import numpy as np

from drmg_check.models import RobustMarkovGame
from drmg_check.readers._limits import MAX_RATIONALS, check_size
from drmg_check.readers._rows import narrow
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import InputError, exact

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([{}])|([^\s{}",]+)|,|(\S)', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_MAX_DEPTH = 2  # a list of outcomes; nothing stands deeper


class _Quoted(str):
    """A string in quotation marks."""

    __slots__ = ()


_Tree: TypeAlias = "list[_Tree] | _Quoted | str"


def game_from_nfg(text: str) -> RobustMarkovGame:
    """Read a strategic game: H = 1, S = 1, radius 0.

    Numbers are exact, as Gambit defines them (0.1 is one tenth), and become float64 only where that
    loses nothing. Profiles stand in Gambit's order, the first player's strategy running fastest; in the
    outcome form, outcome 0 pays nothing. Names that repeat are dropped.

    Raises
    ------
    InputError
        Text that is not ``NFG 1 R "title" { "player" ... } { strategies ... } payoffs``.

    Notes
    -----
    Format: Gambit's documentation, "The strategic game (.nfg) file format".

    Examples
    --------
    >>> game = game_from_nfg('NFG 1 R "pennies" { "row" "column" } { 2 2 }  1 -1  -1 1  -1 1  1 -1')
    >>> game.agent_names, game.r[0, 0, 0].tolist()
    (('row', 'column'), [1.0, -1.0, -1.0, 1.0])
    """
    match _tree(text.removeprefix("\ufeff")):
        case ["NFG", "1", "R" | "D", _Quoted() as title, list() as players, list() as strategies, *body]:
            names = _strings(players, "players")
        case _:
            raise InputError('expected NFG 1 R "title" { "player" ... } { strategies ... } payoffs')
    actions, action_names = _strategies(strategies)
    m, A = len(names), prod(actions)
    if len(actions) != m:
        raise InputError(f"{m} players, but strategies for {len(actions)}")
    check_size(states=1, actions=actions, horizon=1)
    if m * A > MAX_RATIONALS:
        raise InputError(f"{m * A} payoffs; expected at most {MAX_RATIONALS}")
    if body and isinstance(body[0], _Quoted):
        body = body[1:]  # a comment
    payoffs = _by_outcomes(body, m, A) if body and isinstance(body[0], list) else _numbers(body, m * A)
    profiles = np.array(payoffs, dtype=object).reshape((*reversed(actions), m))
    return RobustMarkovGame(
        transition=np.ones((1, A, 1)),
        reward=narrow(profiles.transpose().reshape(m, 1, 1, A)),
        radius=np.zeros(()),
        uncertainty=(TotalVariation(),) * m,
        actions=actions,
        horizon=1,
        name=str(title) or "nfg",
        agent_names=_different(names),
        action_names=tuple(_different(each) for each in action_names),
    )


def _tree(text: str) -> list[_Tree]:
    """Return words, strings and braces as nested lists."""
    root: list[_Tree] = []
    stack = [root]
    for count, token in enumerate(_TOKEN.finditer(text)):
        quoted, brace, word, stray = token.groups()
        if stray or count > 2 * MAX_RATIONALS:
            raise InputError(
                f"unexpected {stray!r} at character {token.start()}" if stray else "too many tokens"
            )
        if brace == "{":
            opened: list[_Tree] = []
            stack[-1].append(opened)
            stack.append(opened)
        elif brace == "}":
            stack.pop()
        elif quoted is not None:
            stack[-1].append(_Quoted(_ESCAPED.sub(r"\1", quoted)))
        elif word:
            stack[-1].append(word)
        if not 1 <= len(stack) <= 1 + _MAX_DEPTH:
            raise InputError(f"misplaced brace at character {token.start()}")
    if len(stack) > 1:
        raise InputError("the text ends inside braces; expected }")
    return root


def _strategies(tree: list[_Tree]) -> tuple[tuple[int, ...], tuple[tuple[str, ...], ...]]:
    """Return the number of strategies of each player, and their names where the file has them."""
    if all(isinstance(each, list) for each in tree):
        names = tuple(_strings(each, "strategies") for each in tree)
        return tuple(len(each) for each in names), names
    counts = tuple(_integer(each, "a number of strategies") for each in tree)
    return counts, ((),) * len(counts)


def _by_outcomes(body: list[_Tree], m: int, A: int) -> list[Fraction]:
    outcomes: list[list[Fraction]] = [[Fraction(0)] * m]
    for outcome in body[0]:
        match outcome:
            case [_Quoted(), *numbers]:
                outcomes.append(_numbers(numbers, m))
            case _:
                raise InputError(
                    f'outcome {len(outcomes)} is {_brief(outcome)}; expected {{ "name" payoffs }}'
                )
    if len(body) != 1 + A:
        raise InputError(f"outcomes for {len(body) - 1} profiles; expected {A}")
    payoffs: list[Fraction] = []
    for each in body[1:]:
        k = _integer(each, "an outcome")
        if k >= len(outcomes):
            raise InputError(f"outcome {k}; expected 0 ... {len(outcomes) - 1}")
        payoffs += outcomes[k]
    return payoffs


def _numbers(trees: Sequence[_Tree], count: int) -> list[Fraction]:
    if len(trees) != count:
        raise InputError(f"{len(trees)} payoffs; expected {count}")
    if wrong := [tree for tree in trees if isinstance(tree, list | _Quoted)]:
        raise InputError(f"payoff {_brief(wrong[0])}; expected a number")
    return [exact(tree, f"payoff {k}") for k, tree in enumerate(trees)]


def _strings(tree: _Tree, what: str) -> tuple[str, ...]:
    if not isinstance(tree, list) or not all(isinstance(each, _Quoted) for each in tree):
        raise InputError(f'{what} {_brief(tree)}; expected {{ "name" ... }}')
    return tuple(str(each) for each in tree)


def _integer(tree: _Tree, what: str) -> int:
    if not isinstance(tree, str) or isinstance(tree, _Quoted) or not re.fullmatch("[0-9]{1,9}", tree):
        raise InputError(f"{_brief(tree)} is no integer; expected {what}")
    return int(tree)


def _different(names: tuple[str, ...]) -> tuple[str, ...]:
    return names if len(set(names)) == len(names) else ()


def _brief(tree: _Tree) -> str:
    return "{ ... }" if isinstance(tree, list) else repr(str(tree)[:60])
