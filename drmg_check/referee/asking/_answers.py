"""What an implementation said: a number, rationals, the arrays of a run, or trouble instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from drmg_check.isolation import LostError
from drmg_check.targets import Reply
from drmg_check.vocabulary import Array
from drmg_check.words import FailureKind


@dataclass(frozen=True, slots=True)
class Answer:
    """What an implementation said: a value, an array of rationals, the arrays of a run, or trouble instead.

    ``value`` may be infinite or NaN; then ``trouble`` is ``"not a number"``.
    """

    value: float | None = None
    array: Array | None = None
    run: Mapping[str, Array] | None = None
    distribution: tuple[float, ...] | None = None
    trouble: FailureKind | None = None
    message: str = ""
    mutated: tuple[str, ...] = ()


def refusal_in(reply: Reply) -> Answer | None:
    """Return the answer that says what kept the implementation from one, or None."""
    if reply.unsupported:
        return Answer(trouble=FailureKind.NOT_SUPPORTED, message=reply.unsupported, mutated=reply.mutated)
    if reply.error:
        kind = {
            "memory": FailureKind.OUT_OF_MEMORY,
            "declaration": FailureKind.WRONG_DECLARATION,
        }.get(reply.kind, FailureKind.EXCEPTION)
        return Answer(trouble=kind, message=reply.error, mutated=reply.mutated)
    return None


def array_in(reply: Reply, value: object, shape: tuple[int, ...], name: str = "") -> Answer:
    """Return a value of a reply as an array of rationals, or what is wrong with it.

    Parameters
    ----------
    reply : Reply
    value : object
        The value of the reply, or a part of it.
    shape : tuple of int
        That was asked for.
    name : str
        Of the part, in messages.
    """
    where = f" as {name}" if name else ""
    try:
        floats = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        return Answer(trouble=FailureKind.GARBAGE, message=f"the value{where} is no array of numbers")
    if floats.shape != shape:
        said = f"returned an array of shape {floats.shape}{where}; expected {shape}"
        return Answer(trouble=FailureKind.WRONG_DECLARATION, message=said, mutated=reply.mutated)
    if not np.isfinite(floats).all():
        said = f"returned {floats.tolist()}{where}"
        return Answer(trouble=FailureKind.NOT_A_NUMBER, message=said, mutated=reply.mutated)
    array: Array = np.empty(shape, dtype=object)
    for at in np.ndindex(*shape):
        array[at] = Fraction(float(floats[at]))
    return Answer(array=array, mutated=reply.mutated)


def kind_of_loss(lost: LostError) -> FailureKind:
    """Return what became of a process that gave no answer."""
    if lost.how == "late":
        return FailureKind.HANG
    if lost.how == "flood":
        return FailureKind.GARBAGE
    out_of_memory = "MemoryError" in str(lost) or "bad_alloc" in str(lost)
    return FailureKind.OUT_OF_MEMORY if out_of_memory else FailureKind.CRASH
