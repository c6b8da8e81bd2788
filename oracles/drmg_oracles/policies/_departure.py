"""One place where a best deviation departs from a policy."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from drmg_check.vocabulary import Ends


@dataclass(frozen=True, slots=True)
class Departure:
    """One place where a best deviation departs from the policy.

    Attributes
    ----------
    h, s : int
    told : int or None
        The recommendation that is answered; None for a best response, which answers none.
    play : int
    instead : tuple of (action, probability)
        What the policy draws there from the agent's own actions.
    gain : (Fraction, Fraction)
        Bounds on what the agent gains at (h, s), given what it was told there, if it plays so instead of
        obeying; in both cases it follows the deviation afterwards.
    reach : float
        About the probability of coming to (h, s) under the deviation and its worst kernel.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> from drmg_oracles.policies import certify
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> departure = certify(game, policy).agents[0].departures[0]
    >>> departure.h, departure.s, departure.play, departure.gain[0]
    (1, 1, 1, Fraction(7, 16))
    """

    h: int
    s: int
    told: int | None
    play: int
    instead: tuple[tuple[int, Fraction], ...]
    gain: Ends
    reach: float
