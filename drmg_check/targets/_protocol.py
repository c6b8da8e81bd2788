"""The protocol between the referee and an implementation: one JSON object a line, either way.

The referee writes ``start`` once, then requests, and closes the stream when it has no more. It writes
each line without spaces and with the members in the order shown, so that a harness in C or awk can find
them without a JSON parser. Numbers are the float64 that the implementation is judged on, written with
as many digits as it takes to read them back exactly.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from drmg_check.sets import UncertaintySet, uncertainty_to_data
from drmg_check.vocabulary import InputError
from drmg_check.words import LEVELS, LevelName

PROTOCOL_VERSION = 1
START = b'{"cmd":"start","version":1}\n'
_C_NUMBER = re.compile(r":\s*([+-]?)(nan|inf(?:inity)?)\b(\([^)]*\))?", re.IGNORECASE)
Request: TypeAlias = Mapping[str, Any]


class GarbageError(Exception):
    """A line that is no reply; the message shows it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an implementation said about one request: exactly one of value, unsupported and error.

    Parameters
    ----------
    value : object
        A float, NaN and infinities included, or nested lists of floats.
    distribution : tuple of float or None
    unsupported : str
        Why it does not handle the request.
    error : str
        What went wrong instead.
    kind : str
        Of an error: ``"exception"``, ``"memory"`` or ``"declaration"``.
    mutated : tuple of str
        The inputs that it changed.

    Examples
    --------
    >>> Reply(value=0.25).error
    ''
    """

    value: object = None
    distribution: tuple[float, ...] | None = None
    unsupported: str = ""
    error: str = ""
    kind: str = "exception"
    mutated: tuple[str, ...] = ()


def command_of(level: LevelName) -> str:
    """Return the ``cmd`` of the requests of a level.

    >>> command_of("best-response")
    'best_response'
    """
    return level.replace("-", "_")


def level_of_command(cmd: str) -> LevelName:
    """Return the level whose requests have a ``cmd``.

    >>> level_of_command("best_response")
    'best-response'

    Raises
    ------
    KeyError
        No level has it.
    """
    return {command_of(level): level for level in LEVELS}[cmd]


def write_request(seq: int, request: Request) -> bytes:
    r"""Return the line of a request.

    >>> write_request(1, {"cmd": "worst_case", "p": [0.5, 0.5]})
    b'{"cmd":"worst_case","seq":1,"p":[0.5,0.5]}\n'
    """
    return msgspec.json.encode({"cmd": request["cmd"], "seq": seq, **request}) + b"\n"


def set_on_the_wire(uncertainty: UncertaintySet) -> dict[str, object]:
    """Return a set with its parameters as JSON numbers.

    >>> from drmg_check.sets import CressieRead
    >>> set_on_the_wire(CressieRead(3 / 2))
    {'kind': 'cressie-read', 'alpha': 1.5, 'support': 'all'}
    """
    return uncertainty_to_data(uncertainty, number=float)


@dataclass(frozen=True, slots=True)
class Greeting:
    r"""The answer to ``start``.

    Parameters
    ----------
    declaration : mapping or None
        What the implementation says about itself, if anything.
    parameters : tuple of str
        Of a Python function: what it wants filled in beyond its positional arguments.

    Examples
    --------
    >>> read_greeting(b'{"ready":1}\n').parameters
    ()
    """

    declaration: Mapping[str, object] | None = None
    parameters: tuple[str, ...] = ()


def read_greeting(line: bytes) -> Greeting:
    r"""Read the answer to ``start``.

    Raises
    ------
    InputError
        The line is no such answer, or says that the implementation cannot be loaded.

    Examples
    --------
    >>> read_greeting(b'{"ready":1,"declaration":{"sets":["tv"]}}\n').declaration
    {'sets': ['tv']}
    """
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f'the answer to start is {_short(line)}; expected {{"ready":1,...}}') from error
    if isinstance(data, dict) and isinstance(data.get("failed"), str):
        raise InputError(_printable(data["failed"]))
    if not isinstance(data, dict) or data.get("ready") != PROTOCOL_VERSION:
        raise InputError(
            f'the answer to start is {_short(line)}; expected {{"ready":{PROTOCOL_VERSION},...}}'
        )
    declaration = data.get("declaration")
    if declaration is not None and not isinstance(declaration, dict):
        raise InputError(f"declaration={declaration!r}; expected an object")
    return Greeting(declaration, tuple(map(str, data.get("parameters") or ())))


def read_reply(line: bytes, seq: int) -> Reply:
    r"""Read the answer to request ``seq``.

    C's ``nan`` and ``inf`` are understood, though they are no JSON.

    Raises
    ------
    GarbageError
        Anything else than a reply to that request.

    Examples
    --------
    >>> read_reply(b'{"seq":7,"value":nan}\n', seq=7).value
    nan
    """
    try:
        text = _C_NUMBER.sub(_javascript, line.decode())
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GarbageError(f"answered {_short(line)}, which is no JSON") from error
    if not isinstance(data, dict):
        raise GarbageError(f"answered {_short(line)}, which is no JSON object")
    if data.get("seq") != seq or isinstance(data.get("seq"), bool):
        raise GarbageError(f"answered {_short(line)} to request {seq}")
    said = [key for key in ("value", "unsupported", "error") if key in data]
    if len(said) != 1:
        raise GarbageError(
            f"answered {_short(line)}; expected exactly one of value, unsupported and error in it"
        )
    distribution = data.get("distribution")
    if distribution is not None:
        distribution = _floats(distribution, line)
    mutated = data.get("mutated", [])
    if not isinstance(mutated, list):
        raise GarbageError(f"answered {_short(line)}, where mutated is no list")
    return Reply(
        value=data.get("value"),
        distribution=distribution,
        unsupported=_printable(data.get("unsupported", ""))
        or ("no reason given" if "unsupported" in said else ""),
        error=_printable(data.get("error", "")) or ("no message" if "error" in said else ""),
        kind=_printable(data.get("kind", "exception")),
        mutated=tuple(map(_printable, mutated)),
    )


def as_float(value: object) -> float | None:
    """Return a reply's value if it is one number, else None; integers beyond float64 are infinite.

    >>> as_float(2), as_float("2")
    (2.0, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _floats(values: object, line: bytes) -> tuple[float, ...]:
    floats = [as_float(x) for x in values] if isinstance(values, list) else [None]
    if any(x is None for x in floats):
        raise GarbageError(f"answered {_short(line)}, where distribution is no list of numbers")
    return tuple(x for x in floats if x is not None)


def _javascript(match: re.Match[str]) -> str:
    nan = match[2].lower() == "nan"
    return ":NaN" if nan else f":{'-' * (match[1] == '-')}Infinity"


def _printable(text: object) -> str:
    """Return what can be written in UTF-8: JSON may hold half of a surrogate pair."""
    return str(text).encode("utf-8", "backslashreplace").decode()


def _short(line: bytes) -> str:
    text = repr(line.decode(errors="replace").rstrip("\n"))
    return text if len(text) <= 80 else f"{text[:77]}...'"
