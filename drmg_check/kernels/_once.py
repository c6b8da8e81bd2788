"""Compile once per installation, or once per process where nothing can be kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

OPTIONS: dict[str, Any] = {"error_model": "numpy", "nogil": True}  # strict IEEE arithmetic, no lock of Python


def compiled_once(signature: Any = None) -> Callable[[Callable[..., Any]], Any]:  # noqa: ANN401 - numba has no types
    """Return the decorator that compiles for ``signature``, or for each caller when there is none.

    The compiled code is kept beside the source, or in the cache of the user. Where neither can be written, as
    in a read-only installation without a home, numba refuses to begin; then each process compiles anew.

    >>> compiled_once()(lambda x: 2.0 * x)(3.0)
    6.0
    """
    import numba  # half a second, which whoever asks for the names of this room need not pay

    def decorate(function: Callable[..., Any]) -> Any:  # noqa: ANN401
        try:
            return numba.njit(signature, cache=True, **OPTIONS)(function)
        except RuntimeError as error:
            if "no locator" not in str(error):
                raise
            return numba.njit(signature, **OPTIONS)(function)

    return decorate
