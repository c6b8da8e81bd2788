"""PRISM's files of rewards: each entry is of a state or transition that exists, once, below a true header."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from drmg_check.readers._prism_lines import Place, body, entry, natural
from drmg_check.vocabulary import InputError, exact


def prism_rewards(
    of_states: str, of_transitions: str, kernel: Mapping[Place, Mapping[int, Fraction]], *, chain: bool
) -> dict[Place, Fraction]:
    """Return the reward of each (s, a): that of s and the expectation of that of (s, a, s').

    Parameters
    ----------
    of_states, of_transitions : str
        The contents of the two files; empty without one.
    kernel
        The nominal rows, with the transitions of probability 0 that the ``.tra`` file lists.
    chain : bool
        Whether the lines name no choices.

    Raises
    ------
    InputError
        A header that does not fit, a state or transition that the model does not have, a repeated line, or
        a value that is no number.
    """
    states = 1 + max(s for s, _ in kernel)
    rewards = _state_rewards(of_states, states) if of_states else {}
    expected = {(s, a): rewards.get(s, Fraction(0)) for s, a in kernel}
    if not of_transitions:
        return expected
    seen: set[tuple[Place, int]] = set()
    sizes = [states] if chain else [states, len(kernel)]
    for fields in body(of_transitions, sizes, "transition reward"):
        place, t, value = entry(fields, chain, "transition reward")
        where = f"{place[0]} -> {t}" + ("" if chain else f" of choice {place[1]}")
        if place not in kernel:
            raise InputError(f"a reward for choice {place[1]} of state {place[0]}, which has no transition")
        if t not in kernel[place]:
            raise InputError(f"a reward for the transition {where}, which the .tra file does not have")
        if (place, t) in seen:
            raise InputError(f"the reward of the transition {where} is repeated; expected it once")
        seen.add((place, t))
        expected[place] += kernel[place][t] * exact(value, f"reward of {place} -> {t}")
    return expected


def _state_rewards(text: str, states: int) -> dict[int, Fraction]:
    of_state: dict[int, Fraction] = {}
    for fields in body(text, [states], "state reward"):
        if len(fields) != 2 or (s := natural(fields[0], "state")) in of_state:
            raise InputError(
                f"state reward {' '.join(fields)[:60]!r}; expected: state reward, each state once"
            )
        if s >= states:
            raise InputError(f"a reward for state {s}; expected states 0 ... {states - 1}, counted from 0")
        of_state[s] = exact(fields[1], f"reward of state {s}")
    return of_state
