"""The side of the implementation: call a Python function for a request and say what came of it."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeGuard

import numpy as np

from drmg_check.sets import UncertaintySet, uncertainty_from_data
from drmg_check.targets._protocol import Request, level_of_command
from drmg_check.vocabulary import UnsupportedError
from drmg_check.words import SIGNATURES, Returns

Function = Callable[..., object]


_EXTRAS = ("uncertainty", "concept", "alpha", "ground", "order", "weights", "lower", "upper", "rows")
LEARNED = ("pi", "lower", "upper", "regret")
"""What a learner returns of each of its episodes: policies, and what else it says of them."""


def answer_request(function: Function, request: Request) -> dict[str, Any]:
    """Return the reply to a request, without its ``seq``.

    The function is called with the arguments of its level (:data:`drmg_check.words.SIGNATURES`), lists as
    fresh float64 arrays; parameters named ``uncertainty``, ``concept``, ``alpha``, ``ground``, ``order``,
    ``weights``, ``lower``, ``upper`` and ``rows`` are filled in where it has them. It may raise
    ``UnsupportedError`` or ``NotImplementedError`` for what it does not handle.

    >>> def worst_case(p, V, rho):
    ...     return float(np.min(V))
    >>> answer_request(worst_case, {"cmd": "worst_case", "p": [0.5, 0.5], "V": [1.0, 0.0], "rho": 0.1})
    {'value': 0.0}
    """
    signature = SIGNATURES[level_of_command(request["cmd"])]
    arguments = {name: _argument(name, request[name]) for name in signature.arguments}
    arrays = {name: value for name, value in arguments.items() if isinstance(value, np.ndarray)}
    before = {name: array.copy() for name, array in arrays.items()}
    try:
        result = function(*arguments.values(), **_extras(function, request))
        reply = _reply(result, signature.returns, with_distribution=request.get("distribution", False))
    except (UnsupportedError, NotImplementedError) as error:
        reply = {"unsupported": _text(error) or type(error).__name__}
    except MemoryError as error:
        reply = {"error": said(error), "kind": "memory"}
    except BaseException as error:  # KeyboardInterrupt too: it is the function's own
        reply = {"error": _describe(error)}
    mutated = [name for name, array in arrays.items() if not _same(array, before[name])]
    return reply | ({"mutated": mutated} if mutated else {})


def _argument(name: str, value: Any) -> object:  # noqa: ANN401 - JSON
    if name == "actions":
        return tuple(value)
    return np.array(value, dtype=np.float64) if isinstance(value, list) else value


def extra_parameters(function: Function) -> list[str]:
    """Return the parameters beyond the arguments of its level that the function wants filled in.

    >>> extra_parameters(lambda p, V, rho, alpha: ...)
    ['alpha']
    """
    try:
        names = inspect.signature(function).parameters
    except (TypeError, ValueError):  # a built-in does not say
        return []
    return [name for name in _EXTRAS if name in names]


def _extras(function: Function, request: Request) -> dict[str, object]:
    names = extra_parameters(function)
    known: dict[str, object] = {
        name: np.array(value, dtype=np.float64) if isinstance(value, list) else value
        for name, value in filled_in(request).items()
    }
    if "uncertainty" in names and (balls := sets_in(request)) is not None:
        known["uncertainty"] = balls
    return {name: value for name, value in known.items() if name in names}


def filled_in(request: Request) -> dict[str, Any]:
    """Return the values of further parameters that a request has.

    ``concept``, ``alpha``, ``order``, and ``ground[s][s']``, ``weights[s]``, ``lower[s]``, ``upper[s]`` or
    ``rows[k][s]``, in games with i in front: agents may differ in them, but not in the kind of their sets.

    >>> filled_in({"cmd": "worst_case", "set": {"kind": "cressie-read", "alpha": 1.5}})
    {'alpha': 1.5}
    """
    known = {"concept": request["concept"]} if "concept" in request else {}
    sets = [request["set"]] if "set" in request else request.get("sets", [])
    for first in sets[:1]:
        known |= {name: first[name] for name in ("alpha", "order") if name in first}
        for name in ("ground", "weights", "lower", "upper", "rows"):
            if name in first:
                known[name] = first[name] if "set" in request else [each[name] for each in sets]
    return known


def sets_in(request: Request) -> UncertaintySet | tuple[UncertaintySet, ...] | None:
    """Return what a parameter named ``uncertainty`` is filled in with: a set, in games one for each agent.

    >>> sets_in({"cmd": "worst_case", "set": {"kind": "tv", "support": "all"}})
    TotalVariation(support='all')
    """
    if "sets" in request:
        return tuple(_set(data) for data in request["sets"])
    return _set(request["set"]) if "set" in request else None


def _set(data: dict[str, Any]) -> UncertaintySet:
    exactly = {"alpha": Fraction(data["alpha"]).limit_denominator(64)} if "alpha" in data else {}
    return uncertainty_from_data(data | exactly)


def _reply(result: object, returns: Returns, *, with_distribution: bool) -> dict[str, Any]:
    if returns == "run":
        return _learned(result)
    if returns == "array":
        array = _array(result)
        if array.dtype.kind not in "fiu":
            return _undeclared(result, "an array of numbers")
        return {"value": array.astype(np.float64).tolist()}
    if with_distribution:
        if not isinstance(result, tuple) or len(result) != 2:
            return _undeclared(result, "a pair (value, distribution), as declared")
        value, q = _number(result[0]), _array(result[1])
        if value is None or q.dtype.kind not in "fiu" or q.ndim != 1:
            return _undeclared(result, "a number and a vector of numbers, as declared")
        return {"value": value, "distribution": [float(x) for x in q]}
    value = _number(result)
    return _undeclared(result, "one number") if value is None else {"value": value}


def is_run(result: object) -> TypeGuard[Mapping[str, Any]]:
    """Return whether a learner's result has policies, and nothing that it is not asked for.

    >>> is_run({"pi": [], "regret": []}), is_run({"regret": []}), is_run({"pi": [], "seed": 0})
    (True, False, False)
    """
    return isinstance(result, Mapping) and "pi" in result and set(result) <= set(LEARNED)


RUN_EXPECTED = f"a dictionary of arrays {', '.join(LEARNED)}, of which pi is needed"


def _learned(result: object) -> dict[str, Any]:
    if not is_run(result):
        return _undeclared(result, RUN_EXPECTED)
    arrays = {name: _array(result[name]) for name in LEARNED if name in result}
    wrong = [name for name, array in arrays.items() if array.dtype.kind not in "fiu"]
    if wrong:
        return _undeclared(result[wrong[0]], f"an array of numbers as {wrong[0]}")
    return {"value": {name: array.astype(np.float64).tolist() for name, array in arrays.items()}}


def _number(result: object) -> float | None:
    if isinstance(result, Fraction):
        return float(result)
    array = _array(result)
    return float(array.reshape(())) if array.dtype.kind in "fiu" and array.size == 1 else None


def _array(result: object) -> np.ndarray[Any, Any]:
    try:
        return np.asarray(result)
    except ValueError:  # ragged
        return np.empty(0, dtype=object)


def _undeclared(result: object, expected: str) -> dict[str, Any]:
    text = " ".join(repr(result).split())
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    return {"error": f"returned {shown}; expected {expected}", "kind": "declaration"}


def _same(array: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    return array.shape == other.shape and array.dtype == other.dtype and array.tobytes() == other.tobytes()


def said(error: BaseException) -> str:
    """Return the type of an exception and what it says."""
    return f"{type(error).__name__}: {_text(error)}"


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # a stranger's __str__
        return "(an exception that cannot be printed)"


def _describe(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({frames[-1].name}, line {frames[-1].lineno})" if len(frames) > 1 else ""
    return " ".join(f"{said(error)}{place}".split())
