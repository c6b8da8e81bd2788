"""Discounts and clipping: what is done to rewards and values on their way back through the steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from drmg_check.referee.diagnosis._mistakes import DISCOUNTS
from drmg_check.referee.diagnosis._recursion import GameAlternative, Recursion

Clip: TypeAlias = Callable[[Fraction, int, int], Fraction]  # (value, left, H)
_ZERO, _ONE = Fraction(0), Fraction(1)
_ONCE: dict[str, Clip] = {
    "within [0, 1]": lambda x, left, H: max(min(x, _ONE), _ZERO),
    "at least 0": lambda x, left, H: max(x, _ZERO),
}
_OF_STEPS: dict[str, Clip] = {
    "at most H": lambda x, left, H: min(x, Fraction(H)),
    "at most H - h + 1": lambda x, left, H: min(x, Fraction(left)),
    "within [0, H]": lambda x, left, H: max(min(x, Fraction(H)), _ZERO),
    "within [0, H - h + 1]": lambda x, left, H: max(min(x, Fraction(left)), _ZERO),
}


def discounts(*, steps: bool) -> Iterator[GameAlternative]:
    """Yield discounts at other places than the worst case, whose discount is one of single rows.

    Parameters
    ----------
    steps : bool
        Whether there are several, so that a discount may come too late.
    """
    for text in DISCOUNTS:
        gamma = Fraction(text)
        number = f"{float(gamma):g}"
        words = "a discount of the reward as well, one step too early"
        yield GameAlternative(f"Q times {number}", words, Recursion(combine=partial(_of_both, gamma)))
        words = "a discount of the reward in place of what follows"
        yield GameAlternative(f"rewards times {number}", words, Recursion(combine=partial(_of_reward, gamma)))
        if steps:
            how = Recursion(combine=partial(_late, gamma))
            name = f"a discount of {number} from the second step on"
            yield GameAlternative(name, "applied one step too late", how)


def clipping(*, steps: bool) -> Iterator[GameAlternative]:
    """Yield clipping of Q, and in games of several steps of V and of the worst case before the reward.

    The worst case within [0, 1] or at least 0 is among the alternatives to single rows.
    """
    for name, clip in {**(_OF_STEPS if steps else {}), **_ONCE}.items():
        how = Recursion(combine=partial(_clipped_sum, clip))
        yield GameAlternative(f"Q {name}", "clipped after the reward is added", how)
    for name, clip in {**_OF_STEPS, **_ONCE}.items() if steps else ():
        words = "clipped after the average or maximum over actions"
        yield GameAlternative(f"V {name}", words, Recursion(settle=clip))
    for name, clip in _OF_STEPS.items() if steps else ():
        how = Recursion(combine=partial(_clipped_worst_case, clip))
        name = f"the worst case {name.replace('- h + 1', '- h')}"
        yield GameAlternative(name, "clipped before the reward is added", how)


def _of_both(gamma: Fraction, r: Fraction, sigma: Fraction, left: int, H: int) -> Fraction:
    return gamma * (r + sigma)


def _of_reward(gamma: Fraction, r: Fraction, sigma: Fraction, left: int, H: int) -> Fraction:
    return gamma * r + sigma


def _late(gamma: Fraction, r: Fraction, sigma: Fraction, left: int, H: int) -> Fraction:
    return r + (sigma if left == H else gamma * sigma)


def _clipped_sum(clip: Clip, r: Fraction, sigma: Fraction, left: int, H: int) -> Fraction:
    return clip(r + sigma, left, H)


def _clipped_worst_case(clip: Clip, r: Fraction, sigma: Fraction, left: int, H: int) -> Fraction:
    return r + clip(sigma, left - 1, H)
