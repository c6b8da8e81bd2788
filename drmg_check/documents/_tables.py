"""Proved tables of values as a document: an archive of doubles, each place of which can be checked alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeAlias, get_args

import numpy as np

from drmg_check.files import read_npz
from drmg_check.version import __version__
from drmg_check.vocabulary import Array, Ends, FloatArray, InputError

Question: TypeAlias = Literal["value", "response", "modification"]
QUESTIONS: tuple[Question, ...] = get_args(Question)
FORMAT, VERSION = "drmg-value-tables", 1
MOST_BYTES = 2**32
"""A file of tables is read up to 4 GiB."""
LARGEST = 2**29  # doubles that an archive may announce: 4 GiB


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Bounds on the values of one agent at every step and state.

    Attributes
    ----------
    agent : int
    question : {"value", "response", "modification"}
        Of the policy, of a best response to the others' marginal, of the best answers to recommendations.
    L : array [H + 1, S]
        Lower bounds; 0 behind the last step.
    d : array [H + 1]
        At every state of step h the value exceeds ``L[h]`` by at most ``d[h]``.

    Raises
    ------
    InputError
        Shapes that do not fit, a number that is not finite, a negative width.

    Examples
    --------
    >>> table = Table(0, "value", np.array([[1.0], [0.0]]), np.array([0.5, 0.0]))
    >>> table.bounds(0, 0)
    (Fraction(1, 1), Fraction(3, 2))
    """

    agent: int
    question: Question
    L: FloatArray
    d: FloatArray

    def __post_init__(self) -> None:
        if self.agent < 0 or self.question not in QUESTIONS:
            raise InputError(f"agent={self.agent!r}, question={self.question!r}; expected one of {QUESTIONS}")
        shapes = self.L.ndim == 2 and self.d.shape == self.L.shape[:1] and self.L.shape[0] > 1
        if not shapes or self.L.dtype != np.float64 or self.d.dtype != np.float64:
            raise InputError(
                f"L.shape={self.L.shape}, d.shape={self.d.shape}; expected [H + 1, S] and [H + 1]"
            )
        if not (np.isfinite(self.L).all() and np.isfinite(self.d).all() and (self.d >= 0).all()):
            raise InputError("L or d has a number that is not finite, or a negative width")
        if self.L[-1].any() or self.d[-1]:
            raise InputError("L or d is not 0 behind the last step")

    def first(self) -> Table:
        """Return the first step alone, with nothing behind it."""
        return Table(self.agent, self.question, self.L[[0, -1]], self.d[[0, -1]])

    def bounds(self, h: int, s: int) -> tuple[Fraction, Fraction]:
        """Return exact bounds on a value."""
        low = Fraction(float(self.L[h, s]))
        return low, low + Fraction(float(self.d[h]))


@dataclass(frozen=True, slots=True)
class ProvedAgent:
    """What tables prove of one agent at a state of the first step; every pair contains the true number.

    >>> half = Fraction(1, 2), Fraction(1, 2)
    >>> ProvedAgent(0, half, half, (Fraction(0), Fraction(0)), (Fraction(0), Fraction(0))).agent
    0

    Attributes
    ----------
    agent : int
    value, response, gain, ce_gain : (Fraction, Fraction)
        Of the policy; of a best response; their difference; what answers to recommendations gain.
    """

    agent: int
    value: Ends
    response: Ends
    gain: Ends
    ce_gain: Ends


def proved_agents(tables: Iterable[Table], s: int) -> tuple[ProvedAgent, ...]:
    """Return what tables of all questions prove of each agent at state s of the first step.

    >>> L, d = np.array([[1.0], [0.0]]), np.array([0.5, 0.0])
    >>> proved_agents([Table(0, question, L, d) for question in QUESTIONS], 0)[0].gain
    (Fraction(-1, 2), Fraction(1, 2))
    """
    known = {(table.agent, table.question): table.bounds(0, s) for table in tables}
    agents = sorted({agent for agent, _ in known})
    if len(known) < len(agents) * len(QUESTIONS):
        raise InputError(f"tables of {sorted(known)}; expected one for each agent and question")
    proved = []
    for agent in agents:
        value, response, modification = (known[agent, question] for question in QUESTIONS)
        gains = ((best[0] - value[1], best[1] - value[0]) for best in (response, modification))
        proved.append(ProvedAgent(agent, value, response, *gains))
    return tuple(proved)


def encode_tables(tables: Iterable[Table]) -> bytes:
    """Return tables as a NumPy archive without pickles.

    >>> table = Table(0, "value", np.array([[1.0], [0.0]]), np.array([0.5, 0.0]))
    >>> [each.question for each in decode_tables(encode_tables([table]))]
    ['value']
    """
    stream = io.BytesIO()
    write_tables(tables, stream)
    return stream.getvalue()


def write_tables(tables: Iterable[Table], stream: BinaryIO) -> None:
    """Write the same archive, each table when it comes, so that only one has to be in memory.

    >>> stream = io.BytesIO()
    >>> write_tables([Table(0, "value", np.array([[1.0], [0.0]]), np.array([0.5, 0.0]))], stream)
    >>> decode_tables(stream.getvalue())[0].agent
    0
    """
    facts = {"format": np.array(FORMAT), "version": np.array(VERSION), "tool_version": np.array(__version__)}
    with zipfile.ZipFile(stream, "w") as archive:

        def put(key: str, array: Array) -> None:
            with archive.open(f"{key}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)

        for key, fact in facts.items():
            put(key, fact)
        for table in tables:
            put(f"L {table.agent} {table.question}", table.L)
            put(f"d {table.agent} {table.question}", table.d)


def decode_tables(data: bytes | Path) -> tuple[Table, ...]:
    """Read what :func:`encode_tables` wrote, its bytes or its file.

    Raises
    ------
    InputError
        No such archive, or one of another version, with pickled objects, or too large.

    Examples
    --------
    >>> decode_tables(b"PK")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    drmg_check.vocabulary._errors.InputError: not a NumPy archive: BadZipFile: ...
    """
    arrays = _arrays(data)
    if arrays.pop("format", None) is None or int(arrays.pop("version", np.array(0))) != VERSION:
        raise InputError(f"no {FORMAT} of version {VERSION}; expected what certify --tables writes")
    arrays.pop("tool_version", None)
    tables = []
    for key in [key for key in arrays if key.startswith("L ")]:
        _, agent, question = (*key.split(" "), "", "")[:3]
        d = arrays.get(f"d {agent} {question}")
        if not agent.isdecimal() or question not in QUESTIONS or d is None:
            raise InputError(f"the key {key[:60]!r} names no table, or d is missing beside it")
        tables.append(Table(int(agent), question, arrays[key], d))
    if len(arrays) != 2 * len(tables) or not tables:
        raise InputError(f"{len(arrays)} arrays; expected two for each table, and one table at least")
    return tuple(tables)


def _arrays(data: bytes | Path) -> dict[str, FloatArray]:
    announced = 0

    def accept(key: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        nonlocal announced
        announced += prod(shape)
        if announced > LARGEST or dtype.kind not in "fiuU" or dtype.itemsize > 400:
            raise InputError(f"{key[:60]!r} has shape {shape}, dtype {dtype}; expected doubles")

    return read_npz(data, accept)
