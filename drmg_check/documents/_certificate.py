"""The certificate of a joint policy: its game, the policy, and proven numbers of each agent.

Numbers that are proved are exact strings, indices count from 0, and no member is a sentence: reports say in
words what the numbers mean. A float here is only ever drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite, prod
from typing import Literal, TypeAlias

import msgspec

from drmg_check.documents._tables import Question
from drmg_check.vocabulary import InputError, exact, exact_tuple
from drmg_check.words import Concept

Chances: TypeAlias = tuple[tuple[int, str], ...]
"""A distribution: pairs (index, probability) where it is positive, the probabilities exact strings."""


class CertifiedBounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number between proven bounds, both exact strings.

    >>> CertifiedBounds("11/128", "11/128").pair
    (Fraction(11, 128), Fraction(11, 128))
    """

    lo: str
    hi: str

    def __post_init__(self) -> None:
        low, high = self.pair
        if low > high:
            raise InputError(f"lo={self.lo!r} is above hi={self.hi!r}; expected bounds in order")

    @property
    def pair(self) -> tuple[Fraction, Fraction]:
        """The same as fractions."""
        return exact(self.lo, "lo"), exact(self.hi, "hi")


class CertifiedDeparture(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One place where an agent's best deviation departs from the policy.

    ``told`` is the recommendation that is answered, None for a best response; ``instead`` is what the policy
    draws there from the agent's own actions, ``gain`` what playing so once earns there, and ``reach`` about
    the probability of coming there under the deviation.

    >>> from drmg_check.documents import example_certificate
    >>> place = example_certificate().agents[0].departures[0]
    >>> (place.h, place.s, place.play, place.gain.lo)
    (1, 1, 1, '7/16')
    """

    h: int
    s: int
    told: int | None
    play: int
    instead: Chances
    gain: CertifiedBounds
    reach: float

    def __post_init__(self) -> None:
        _check_chances(self.instead, "instead")
        _check_finite((self.reach,), "reach")


class CertifiedRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row that the worst kernel moves; ``loss`` is about what that takes from the value.

    >>> from drmg_check.documents import example_certificate
    >>> row = example_certificate().agents[0].worst_rows[0]
    >>> row.nominal, row.worst
    (((0, '1'),), ((0, '9/10'), (1, '1/10')))
    """

    h: int
    s: int
    a: int
    nominal: Chances
    worst: Chances
    loss: float

    def __post_init__(self) -> None:
        _check_chances(self.nominal, "nominal")
        _check_chances(self.worst, "worst")
        _check_finite((self.loss,), "loss")


class CertifiedPassage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where play goes from one place, to be drawn.

    ``reach`` is about the probability of coming there under the worst kernel; ``successors`` are triples
    (t, nominal, worst) of a state of the next step and about its probabilities, given the place, as the
    policy plays.

    >>> from drmg_check.documents import example_certificate
    >>> example_certificate().agents[0].path[0].successors
    ((0, 1.0, 0.9), (1, 0.0, 0.1))
    """

    h: int
    s: int
    reach: float
    successors: tuple[tuple[int, float, float], ...]

    def __post_init__(self) -> None:
        chances = [chance for _, nominal, worst in self.successors for chance in (nominal, worst)]
        _check_finite((self.reach, *chances), "a passage")


class CertifiedBracket(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Bounds on a discounted value in all states that prove themselves: ``L <= T L`` and ``T U <= U``.

    T obeys, answers best, or answers each recommendation best, as the question says, and then takes the worst
    case of the discounted values. Exact strings; where they are the same, the value is known exactly.

    >>> CertifiedBracket(question="value", lower=("5", "0"), upper=("5", "0")).ends[0]
    (Fraction(5, 1), Fraction(0, 1))
    """

    question: Question
    lower: tuple[str, ...]
    upper: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.lower) != len(self.upper):
            raise InputError(
                f"bracket {self.question!r} has {len(self.lower)} lower and {len(self.upper)} upper bounds; "
                "expected one of each for each state"
            )

    @property
    def ends(self) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
        """The lower and the upper bounds as fractions."""
        return exact_tuple(self.lower, "lower"), exact_tuple(self.upper, "upper")


class CertifiedAgent(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """What one agent gets and could get, at the initial state.

    ``ce_gain`` is None where it is not known. ``row_action`` says what the ``a`` of a row is: the joint
    action, or the agent's own one where its set is fictitious. ``path`` holds the first steps, and of a large
    game only the states that are met most. ``brackets`` are what the values of a discounted game are proved
    by, one for each question; with a horizon there are none.

    >>> from drmg_check.documents import example_certificate
    >>> agent = example_certificate().agents[0]
    >>> agent.name, agent.value.lo, agent.best_response.lo
    ('agent 0', '2449/640', '313/80')
    """

    name: str
    value: CertifiedBounds
    best_response: CertifiedBounds
    gain: CertifiedBounds
    ce_gain: CertifiedBounds | None
    departures: tuple[CertifiedDeparture, ...]
    ce_departures: tuple[CertifiedDeparture, ...]
    row_action: Literal["joint", "own"]
    moved_rows: int
    worst_rows: tuple[CertifiedRow, ...]
    path: tuple[CertifiedPassage, ...]
    brackets: tuple[CertifiedBracket, ...] = ()


class PolicyOrigin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the policy comes from: a file, a name such as ``uniform``, a plan for ``cce``, or a program.

    >>> PolicyOrigin("plan", "cce").name
    'cce'
    """

    kind: Literal["file", "name", "plan", "program"]
    name: str = ""


class CertifiedGame(msgspec.Struct, frozen=True):
    """What reports need of a game: sizes and names, as its document has them.

    >>> from drmg_check.documents import example_certificate
    >>> example_certificate().game.state_names
    ('good', 'bad')
    """

    name: str
    states: int
    actions: tuple[int, ...]
    initial_state: int
    agent_names: tuple[str, ...]
    state_names: tuple[str, ...]
    action_names: tuple[tuple[str, ...], ...]
    horizon: int | None = None
    discounts: tuple[str, ...] = ()

    @property
    def steps(self) -> int:
        """How many decision rules a policy has: one for each step, and one in a discounted game."""
        return self.horizon or 1

    @property
    def duration(self) -> Fraction:
        """How often the first reward an agent can be paid at most: H, or 1 / (1 - gamma)."""
        if self.horizon is not None:
            return Fraction(self.horizon)
        return 1 / (1 - max(exact_tuple(self.discounts, "discounts")))

    def __post_init__(self) -> None:
        if (self.horizon is None) == (not self.discounts):
            raise InputError(f"horizon={self.horizon}, discounts={self.discounts}; expected one of them")
        if any(not 0 <= discount < 1 for discount in exact_tuple(self.discounts, "discounts")):
            raise InputError(f"discounts={self.discounts}; expected 0 <= discount < 1")
        m = len(self.actions)
        sizes = [len(names) for names in self.action_names]
        if m < 1 or (len(self.agent_names), sizes) != (m, list(self.actions)):
            raise InputError(f"{m} agents with {self.actions} actions; expected a name for each of them")
        if len(self.state_names) != self.states or not 0 <= self.initial_state < self.states:
            raise InputError(f"{self.states} states; expected a name for each, and that play starts in one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """The certificate of a joint policy.

    Attributes
    ----------
    tool_version : str
    origin : PolicyOrigin
    product : bool
        Whether the agents draw independently; else there is no NE gap.
    bits : int or None
        None where fractions stayed exact as long as they could; else bounds are rounded outward at 2^-bits of
        the scale.
    agents : tuple of CertifiedAgent
    game : CertifiedGame
    game_text, policy_text : str
        The documents of the game and of the policy, complete: what a verification starts from.

    Raises
    ------
    InputError
        A place or an action that the game does not have, a gain that is not best response minus value, or
        agents of other names than the game's.

    Examples
    --------
    >>> from drmg_check.documents import example_certificate
    >>> example_certificate().gap("nash")
    CertifiedBounds(lo='11/128', hi='11/128')
    """

    tool_version: str
    origin: PolicyOrigin
    product: bool
    bits: int | None
    agents: tuple[CertifiedAgent, ...]
    game: CertifiedGame
    game_text: str
    policy_text: str

    def __post_init__(self) -> None:
        names = tuple(agent.name for agent in self.agents)
        if names != self.game.agent_names:
            raise InputError(f"agents={names!r}; expected those of the game, {self.game.agent_names!r}")
        for i, agent in enumerate(self.agents):
            _check_places(self.game, i, agent)
            _check_gains(agent, product=self.product)

    def gap(self, concept: Concept) -> CertifiedBounds | None:
        """Return bounds on the largest gain of any agent.

        None where there is no such gap (NE, of a correlated policy) or where it is not known (CE, of a
        correlated policy and a fictitious set).
        """
        if concept == "nash" and not self.product:
            return None
        gains = [agent.ce_gain if concept == "ce" else agent.gain for agent in self.agents]
        known = [gain for gain in gains if gain is not None]
        if len(known) < len(gains):
            return None
        least = max(known, key=lambda gain: gain.pair[0])
        most = max(known, key=lambda gain: gain.pair[1])
        return CertifiedBounds(least.lo, most.hi)


def _check_gains(agent: CertifiedAgent, *, product: bool) -> None:
    (low, high), (least, most) = agent.best_response.pair, agent.value.pair
    wanted = low - most, high - least
    if product:  # obeying is one of the deviations
        wanted = max(wanted[0], Fraction(0)), max(wanted[1], Fraction(0))
    if agent.gain.pair != wanted:
        raise InputError(
            f"gain of agent {agent.name!r}: [{agent.gain.lo}, {agent.gain.hi}]; expected best_response less "
            f"value, [{wanted[0]}, {wanted[1]}]"
        )
    if product and agent.ce_gain != agent.gain:
        raise InputError(f"agent {agent.name!r} draws independently; expected a ce_gain equal to gain")


def _check_places(game: CertifiedGame, i: int, agent: CertifiedAgent) -> None:
    own = game.actions[i]
    columns = own if agent.row_action == "own" else prod(game.actions)
    places: list[tuple[int, int]] = []
    states: list[int] = []
    for departure in (*agent.departures, *agent.ce_departures):
        places.append((departure.h, departure.s))
        answered = () if departure.told is None else (departure.told,)
        actions = (departure.play, *answered, *(k for k, _ in departure.instead))
        _check_indices(actions, own, f"actions of agent {agent.name!r}")
    for row in agent.worst_rows:
        places.append((row.h, row.s))
        states += [t for t, _ in (*row.nominal, *row.worst)]
        _check_indices((row.a,), columns, "actions of a row")
    for passage in agent.path:
        places.append((passage.h, passage.s))
        states += [t for t, _, _ in passage.successors]
    _check_indices((h for h, _ in places), game.steps, "steps")
    _check_indices((*states, *(s for _, s in places)), game.states, "states")


def _check_indices(indices: Iterable[int], size: int, what: str) -> None:
    for index in indices:
        if not 0 <= index < size:
            raise InputError(f"{index} is none of the {what}; expected 0 to {size - 1}")


def _check_chances(chances: Chances, name: str) -> None:
    total = sum((exact(chance, name) for _, chance in chances), Fraction(0))
    if total != 1 or any(exact(chance) < 0 for _, chance in chances):
        raise InputError(f"{name} sums to {total}; expected a distribution")


def _check_finite(values: Sequence[float], name: str) -> None:
    for value in values:
        if not isfinite(value):
            raise InputError(f"{name} holds the number {value!r}; expected finite ones")
