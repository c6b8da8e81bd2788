"""PRISM's explicit files (.tra with .lab, .sta and reward files), plain or with intervals."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from drmg_check.models import RobustMarkovGame
from drmg_check.readers._limits import check_size
from drmg_check.readers._rows import exact_distribution, kernel_array, place_array
from drmg_check.sets import Interval, TotalVariation, UncertaintySet
from drmg_check.vocabulary import InputError, Number, UnsupportedError, exact

Bounds: TypeAlias = tuple[Fraction, Fraction]
Place: TypeAlias = tuple[int, int]
"""A state and a choice."""


_INTERVAL = re.compile(r"\[([^,\]]+),([^,\]]+)\]")
_COMMA = re.compile(r"\s*,\s*")


@dataclass(frozen=True, slots=True)
class PrismFiles:
    r"""The contents of the files of one explicit model; only the first must be there.

    Parameters
    ----------
    transitions : str
        The ``.tra`` file: header ``states choices transitions`` and rows ``s a s' p [action]``, or header
        ``states transitions`` and rows ``s s' p`` for a chain. ``p`` is an exact number, read by the row
        rule of :func:`from_toy_text`, or an interval ``[low,high]``.
    labels : str
        The ``.lab`` file; the state labelled "init" is initial, 0 without one.
    states : str
        The ``.sta`` file: the names of the states.
    state_rewards, transition_rewards : str
        ``.srew`` or ``.rews``, and ``.trew`` or ``.rewt``. The reward of (s, a) is that of s plus the
        expectation of that of (s, a, s') under the nominal row (see :func:`from_toy_text`).

    Examples
    --------
    >>> PrismFiles("2 2\n0 1 1\n1 1 1\n").labels
    ''
    """

    transitions: str
    labels: str = ""
    states: str = ""
    state_rewards: str = ""
    transition_rewards: str = ""


def game_from_prism(
    files: PrismFiles,
    *,
    horizon: int,
    radius: Number | None = None,
    uncertainty: UncertaintySet | None = None,
    name: str = "prism",
) -> RobustMarkovGame:
    r"""Read an explicit Markov decision process or Markov chain as a robust game of one agent.

    >>> files = PrismFiles("2 3\n0 0 1/4\n0 1 3/4\n1 1 1\n", state_rewards="2 1\n1 5\n")
    >>> game = game_from_prism(files, horizon=2, radius="1/10")
    >>> game.n_states, game.r[0, 0].tolist()
    (2, [[0.0], [5.0]])

    Parameters
    ----------
    files : PrismFiles
    horizon : int
        H; nothing in the files says it.
    radius, uncertainty
        For plain transitions: total variation and radius 0 when not given. Intervals bring their own.
    name : str

    Returns
    -------
    RobustMarkovGame
        All states get as many actions as the state with the most choices; an action that a state lacks
        repeats its choice 0, which changes no value.

    Raises
    ------
    InputError
        Files that are malformed or contradict each other.
    UnsupportedError
        Intervals that are no L-infinity ball ``[max(0, p - rho), min(1, p + rho)]`` around one
        distribution p, one rho for each (s, a); or several initial states.

    Notes
    -----
    Intervals become :class:`Interval` sets with ``support="nominal"``: a transition that the file does not
    list stays impossible. Formats: PRISM manual, appendix "Explicit model files".
    """
    S, rows, intervals = _transitions(files.transitions)
    A = 1 + max(a for _, a in rows)
    check_size(states=S, actions=(A,), horizon=horizon)
    for s in range(S):
        if (s, 0) not in rows:
            raise InputError(f"state {s} has no choice 0; export the model with self-loops in deadlocks")
    if intervals and (radius is not None or uncertainty is not None):
        raise InputError("radius and uncertainty are given, but the intervals of the file bring their own")
    kernel: dict[Place, dict[int, Fraction]] = {}
    radii: dict[Place, Fraction] = {}
    for (s, a), row in rows.items():
        if intervals:
            kernel[s, a], radii[s, a] = _ball(row, f"row {s} {a}")
        else:
            kernel[s, a] = exact_distribution({t: low for t, (low, _) in row.items()}, S, f"row {s} {a}")
            radii[s, a] = exact(0 if radius is None else radius, "radius")
    rewards = _rewards(files.state_rewards, files.transition_rewards, kernel)
    for s, a in np.ndindex(S, A):
        if (s, a) not in rows:
            kernel[s, a], rewards[s, a], radii[s, a] = kernel[s, 0], rewards[s, 0], radii[s, 0]
    return RobustMarkovGame(
        transition=kernel_array(kernel, S, A),
        reward=place_array(rewards, S, A),
        radius=place_array(radii, S, A),
        uncertainty=(Interval("nominal") if intervals else uncertainty or TotalVariation(),),
        actions=(A,),
        horizon=horizon,
        initial_state=_initial_state(files.labels),
        name=name,
        state_names=_state_names(files.states),
    )


def _transitions(text: str) -> tuple[int, dict[Place, dict[int, Bounds]], bool]:
    """Return S, the rows, and whether the file has intervals; a number p is read as [p, p]."""
    lines = _lines(text)
    header = [_natural(field, "header") for field in next(lines, [])]
    if len(header) not in (2, 3):
        raise InputError("the .tra file has no header; expected: states [choices] transitions")
    S, chain = header[0], len(header) == 2
    rows: defaultdict[Place, dict[int, Bounds]] = defaultdict(dict)
    intervals, count = False, 0
    for fields in lines:
        place, t, value = _entry(fields, chain, ".tra")
        if place[0] >= S or t >= S:
            raise InputError(f"transition {place[0]} -> {t}; expected states 0 ... {S - 1}")
        if t in rows[place]:
            raise InputError(
                f"transition {place[0]} -> {t} of choice {place[1]} is repeated; expected it once"
            )
        interval = _INTERVAL.fullmatch(value)
        low, high = interval.groups() if interval else (value, value)
        rows[place][t] = exact(low, f"{place} -> {t}"), exact(high, f"{place} -> {t}")
        intervals |= interval is not None
        count += 1
    expected = [S, count] if chain else [S, len(rows), count]
    if header != expected or not rows:
        raise InputError(f"the .tra header is {header}, but the file has {expected}")
    return S, rows, intervals


def _ball(row: Mapping[int, Bounds], name: str) -> tuple[dict[int, Fraction], Fraction]:
    """Return p and rho such that every interval of the row is [max(0, p - rho), min(1, p + rho)].

    An interval that touches neither 0 nor 1 is as wide as the ball, a clipped one is no wider; so rho is
    half the largest width, and the unclipped end of every interval gives its p.
    """
    rho = max((high - low) / 2 for low, high in row.values())
    p = {t: high - rho if low == 0 else low + rho for t, (low, high) in row.items()}
    fits = all((max(p[t] - rho, Fraction(0)), min(p[t] + rho, Fraction(1))) == row[t] for t in row)
    if not fits or sum(p.values()) != 1 or min(p.values()) <= 0:
        raise UnsupportedError(
            f"the intervals of {name} are no ball |q - p| <= rho around a distribution p; write the model "
            "with intervals [max(0, p - rho), min(1, p + rho)], one rho for each state and choice"
        )
    return p, rho


def _rewards(
    state_text: str, transition_text: str, kernel: Mapping[Place, Mapping[int, Fraction]]
) -> dict[Place, Fraction]:
    of_state: dict[int, Fraction] = {}
    for fields in list(_lines(state_text))[1:]:
        if len(fields) != 2 or (s := _natural(fields[0], "state")) in of_state:
            raise InputError(
                f"state reward {' '.join(fields)[:60]!r}; expected: state reward, each state once"
            )
        of_state[s] = exact(fields[1], f"reward of state {s}")
    rewards = {(s, a): of_state.get(s, Fraction(0)) for s, a in kernel}
    for fields in list(_lines(transition_text))[1:]:
        place, t, value = _entry(fields, len(fields) == 3, "transition reward")
        if place not in kernel:
            raise InputError(f"a reward for choice {place[1]} of state {place[0]}, which has no transition")
        rewards[place] += kernel[place].get(t, Fraction(0)) * exact(value, f"reward of {place} -> {t}")
    return rewards


def _initial_state(labels: str) -> int:
    """Return the state labelled "init" in a .lab file, 0 without labels."""
    lines = [line for line in labels.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        return 0
    init = {index for index, label in re.findall(r'(\d+)="([^"]*)"', lines[0]) if label == "init"}
    initial = [line.partition(":")[0] for line in lines[1:] if init & set(line.partition(":")[2].split())]
    if len(initial) > 1:
        raise UnsupportedError(
            f"{len(initial)} states are labelled init; this reader takes one initial state"
        )
    return _natural(initial[0].strip(), "initial state") if initial else 0


def _state_names(states: str) -> tuple[str, ...]:
    """Return the names of a .sta file, whose first line names the variables."""
    return tuple(line.partition(":")[2].strip() for line in states.splitlines()[1:] if ":" in line)


def _entry(fields: list[str], chain: bool, what: str) -> tuple[Place, int, str]:
    """Return (s, a), s' and the value of ``s [a] s' value [action]``."""
    numbers = 2 if chain else 3
    if not numbers < len(fields) <= numbers + 2:
        raise InputError(
            f"{what} line {' '.join(fields)[:60]!r}; expected: s {'' if chain else 'a '}s' value"
        )
    s, *choice, t = (_natural(field, what) for field in fields[:numbers])
    return (s, choice[0] if choice else 0), t, fields[numbers]


def _natural(text: str, what: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise InputError(f"{what}: {text[:60]!r} is no index; expected an integer >= 0")
    return int(text)


def _lines(text: str) -> Iterator[list[str]]:
    """Yield the fields of each line that is neither empty nor a comment; an interval is one field."""
    for line in text.splitlines():
        fields = _COMMA.sub(",", line).split()
        if fields and not fields[0].startswith("#"):
            yield fields
