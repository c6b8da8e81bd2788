"""PRISM's explicit files (.tra with .lab, .sta and reward files), plain or with intervals."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from drmg_check.models import RobustMarkovGame, StagedGame
from drmg_check.readers._limits import check_size
from drmg_check.readers._prism_lines import Place, entry, lines, natural
from drmg_check.readers._prism_names import initially, state_names
from drmg_check.readers._prism_rewards import prism_rewards
from drmg_check.readers._rows import REMEMBERED, exact_distribution, place_array
from drmg_check.readers._strangers import RATES, stranger_of, stranger_of_numbers
from drmg_check.readers._table import Names, Table, check_table, game_of_table, written_table
from drmg_check.sets import Interval, UncertaintySet, set_for
from drmg_check.vocabulary import Ends, InputError, Number, UnsupportedError, exact

_INTERVAL = re.compile(r"\[([^,\]]+),([^,\]]+)\]")


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
        The ``.lab`` file, as PRISM or Storm writes it; the state labelled "init" is initial, 0 without one.
    states : str
        The ``.sta`` file: the names of the states, in any order.
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
    uncertainty: UncertaintySet | str | None = None,
    initial_state: int | None = None,
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
        For plain transitions: total variation and radius 0 when not given. Intervals bring their own. A
        text is a short name, as ``"tv:nominal"``.
    initial_state : int
        Instead of the one that the labels name.
    name : str

    Returns
    -------
    RobustMarkovGame
        All states get as many actions as the state with the most choices; an action that a state lacks
        repeats its choice 0, which changes no value.

    Raises
    ------
    InputError
        Files that are malformed, cut off, or contradict each other.
    UnsupportedError
        A file of another kind (POMDP, CTMC, LTS, Storm's formats), which the message names; intervals that
        are no L-infinity ball ``[max(0, p - rho), min(1, p + rho)]`` around one distribution p, one rho for
        each (s, a); or several initial states.

    Notes
    -----
    Intervals become :class:`Interval` sets with ``support="nominal"``: a transition that the file does not
    list, or lists as ``[0,0]``, stays impossible. Formats: PRISM manual, appendix "Explicit model files".
    """
    model = _transitions(files.transitions)
    check_size(states=model.states, actions=(model.choices,), horizon=horizon)
    return written_table(_table(model, files, (radius, uncertainty), horizon, initial_state, name))


def model_from_prism(
    files: PrismFiles,
    *,
    horizon: int,
    radius: Number | None = None,
    uncertainty: UncertaintySet | str | None = None,
    initial_state: int | None = None,
    name: str = "prism",
) -> RobustMarkovGame | StagedGame:
    r"""Read the same files as :func:`game_from_prism` does, however many states there are.

    A model that is too large to be written out over all pairs of states keeps its rows compressed: it takes
    what its transitions take. Errors are those of :func:`game_from_prism` and :func:`check_nonzeros`.

    >>> ring = "".join(f"{s} {(s + 1) % 9000} 1\n" for s in range(9000))
    >>> game = model_from_prism(PrismFiles("9000 9000\n" + ring), horizon=2)
    >>> type(game).__name__, game.stages[0].rows.indices[:3].tolist()
    ('StagedGame', [1, 2, 3])
    """
    model = _transitions(files.transitions)
    check_table(sum(map(len, model.rows.values())), model.states, model.choices, horizon)
    return game_of_table(_table(model, files, (radius, uncertainty), horizon, initial_state, name))


def _table(
    model: _Transitions,
    files: PrismFiles,
    given: tuple[Number | None, UncertaintySet | str | None],
    horizon: int,
    initial_state: int | None,
    name: str,
) -> Table:
    radius, uncertainty = given
    S, A, rows = model.states, model.choices, model.rows
    for s in range(S):
        if (s, 0) not in rows:
            raise InputError(f"state {s} has no choice 0; export the model with self-loops in deadlocks")
    if model.intervals and (radius is not None or uncertainty is not None):
        raise InputError("radius and uncertainty are given, but the intervals of the file bring their own")
    kernel: dict[Place, dict[int, Fraction]] = {}
    radii: dict[Place, Fraction] = {}
    for (s, a), row in rows.items():
        if model.intervals:
            kernel[s, a], radii[s, a] = _ball(row, f"row {s} {a}")
        else:
            kernel[s, a] = exact_distribution({t: low for t, (low, _) in row.items()}, S, f"row {s} {a}")
            radii[s, a] = exact(0 if radius is None else radius, "radius")
    listed = {place: dict.fromkeys(row, Fraction(0)) | kernel[place] for place, row in rows.items()}
    rewards = prism_rewards(files.state_rewards, files.transition_rewards, listed, chain=model.chain)
    for s, a in np.ndindex(S, A):
        if (s, a) not in rows:
            kernel[s, a], rewards[s, a], radii[s, a] = kernel[s, 0], rewards[s, 0], radii[s, 0]
    return Table(
        rows=kernel,
        rewards=rewards,
        radius=place_array(radii, S, A),
        uncertainty=(
            Interval("nominal")
            if model.intervals
            else set_for("tv" if uncertainty is None else uncertainty, S)
        ),
        horizon=horizon,
        size=(S, A),
        names=Names(name, state_names(files.states, S)),
        initial_state=initially(files.labels, S) if initial_state is None else initial_state,
    )


@dataclass(frozen=True, slots=True)
class _Transitions:
    """What a .tra file says: the number of states, the rows, in which p is read as [p, p], and their form."""

    states: int
    rows: Mapping[Place, Mapping[int, Ends]]
    intervals: bool
    chain: bool

    @property
    def choices(self) -> int:
        """The largest number of choices of a state."""
        return 1 + max(a for _, a in self.rows)


def _transitions(text: str) -> _Transitions:
    fields_of, first = lines(text), lines(text)
    if stranger := stranger_of(text) or stranger_of_numbers(next(first, []), next(first, [])):
        raise UnsupportedError(stranger)
    header = [natural(field, "header") for field in next(fields_of, [])]
    if len(header) not in (2, 3):
        raise InputError("the .tra file has no header; expected: states [choices] transitions")
    S, chain = header[0], len(header) == 2
    rows: defaultdict[Place, dict[int, Ends]] = defaultdict(dict)
    intervals, count = False, 0
    number = lru_cache(REMEMBERED)(exact)
    for fields in fields_of:
        place, t, value = entry(fields, chain, ".tra")
        if place[0] >= S or t >= S:
            raise InputError(f"transition {place[0]} -> {t}; expected states 0 ... {S - 1}")
        if t in rows[place]:
            raise InputError(
                f"transition {place[0]} -> {t} of choice {place[1]} is repeated; expected it once"
            )
        interval = _INTERVAL.fullmatch(value)
        low, high = interval.groups() if interval else (value, value)
        try:
            rows[place][t] = number(low), number(high)
        except InputError:
            rows[place][t] = exact(low, f"{place} -> {t}"), exact(high, f"{place} -> {t}")
        intervals |= interval is not None
        count += 1
    expected = [S, count] if chain else [S, len(rows), count]
    if header != expected or not rows:
        raise InputError(f"the .tra header is {header}, but the file has {expected}")
    if chain and not intervals and any(_far_from_one(row) for row in rows.values()):
        raise UnsupportedError(RATES)
    return _Transitions(S, rows, intervals, chain)


def _far_from_one(row: Mapping[int, Ends]) -> bool:
    """Whether a sum is off by more than any rounding of probabilities explains, to three digits or more."""
    total = sum((low for low, _ in row.values()), Fraction(0))
    return abs(total - 1) > Fraction(1, 1000) * len(row)


def _ball(row: Mapping[int, Ends], name: str) -> tuple[dict[int, Fraction], Fraction]:
    """Return p and rho such that every interval of the row is [max(0, p - rho), min(1, p + rho)].

    An interval that touches neither 0 nor 1 is as wide as the ball, a clipped one is no wider; so rho is
    half the largest width, and the unclipped end of every interval gives its p.
    """
    row = {t: bounds for t, bounds in row.items() if any(bounds)} or {**row}  # [0,0] is impossible
    rho = max((high - low) / 2 for low, high in row.values())
    p = {t: high - rho if low == 0 else low + rho for t, (low, high) in row.items()}
    fits = all((max(p[t] - rho, Fraction(0)), min(p[t] + rho, Fraction(1))) == row[t] for t in row)
    if not fits or sum(p.values()) != 1 or min(p.values()) <= 0:
        raise UnsupportedError(
            f"the intervals of {name} are no ball |q - p| <= rho around a distribution p; write the model "
            "with intervals [max(0, p - rho), min(1, p + rho)], one rho for each state and choice"
        )
    return p, rho
