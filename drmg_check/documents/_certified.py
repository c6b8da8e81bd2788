"""What a certificate of a policy says, as a JSON file that a page is made from."""

from __future__ import annotations

from dataclasses import dataclass

from drmg_check.vocabulary import InputError, exact


@dataclass(frozen=True, slots=True)
class Proven:
    """A number between proven bounds: exact strings, and the text that people read."""

    text: str
    low: str
    high: str

    def __post_init__(self) -> None:
        if exact(self.low) > exact(self.high):
            raise InputError(f"low={self.low!r} is above high={self.high!r}; expected bounds in order")


@dataclass(frozen=True, slots=True)
class Passage:
    """Where play goes from one place, under the nominal kernel and under the worst one.

    Attributes
    ----------
    h, s : int
        The place, from 0.
    reach : float
        About the probability of coming there under the worst kernel.
    successors : tuple of (t, nominal, worst)
        About the probabilities of state t at step h + 1, given the place, as the policy plays.
    """

    h: int
    s: int
    reach: float
    successors: tuple[tuple[int, float, float], ...]


@dataclass(frozen=True, slots=True)
class CertifiedAgent:
    """What one agent gets and could get; ``deviation`` and ``worst_rows`` are sentences.

    ``ce_gain`` is None where it is not known. ``path`` holds the first steps, and of a large game only the
    states that are met most.
    """

    name: str
    value: Proven
    response: Proven
    gain: Proven
    ce_gain: Proven | None
    deviation: tuple[str, ...]
    worst_rows: tuple[str, ...]
    path: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Certified:
    """The certificate of a joint policy, for people.

    Attributes
    ----------
    tool_version, game : str
    facts : tuple of (name, value)
    horizon : int
    states : tuple of str
        Their names.
    product : bool
        Whether the agents draw independently.
    gaps : tuple of (name, Proven)
        The gaps that are known, such as ``"NE gap"``, the one that decides first.
    agents : tuple of CertifiedAgent
    """

    tool_version: str
    game: str
    facts: tuple[tuple[str, str], ...]
    horizon: int
    states: tuple[str, ...]
    product: bool
    gaps: tuple[tuple[str, Proven], ...]
    agents: tuple[CertifiedAgent, ...]

    def __post_init__(self) -> None:
        if not self.gaps:
            raise InputError("gaps=(); expected at least one gap")
        S = len(self.states)
        for passage in (one for agent in self.agents for one in agent.path):
            met = (passage.s, *(t for t, _, _ in passage.successors))
            if not (0 <= passage.h < self.horizon and all(0 <= s < S for s in met)):
                raise InputError(f"{passage}; expected steps below {self.horizon}, states below {S}")
