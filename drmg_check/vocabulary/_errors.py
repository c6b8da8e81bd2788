"""The exceptions of drmg-check: each says what was got, what was expected and what to do next."""

from __future__ import annotations

from drmg_check.vocabulary._text import readable


class DrmgError(Exception):
    """Base of every error that drmg-check raises on purpose; the command line turns it into exit code 2.

    What a message quotes may come from a stranger: it is shown without unseen characters, and shortened.
    """

    def __init__(self, message: str) -> None:
        super().__init__(readable(message))


class InputError(DrmgError, ValueError):
    """The input (a game, a policy, a number, a file) means nothing or means something illegal.

    Nothing was computed with it. The message names the offending entry by its indices.
    """


def check_type(value: object, expected: type | tuple[type, ...], name: str, hint: str) -> None:
    """Refuse a value of another type.

    Parameters
    ----------
    value, expected
        As for :func:`isinstance`; a truth value is no number.
    name : str
        How the error message calls the value.
    hint : str
        What is expected, as in "the name of a game".

    Raises
    ------
    InputError
        Naming the type that it has.

    Examples
    --------
    >>> check_type("1/2", str, "radius", "a number as text")
    >>> check_type(True, int, "seed", "a number")
    Traceback (most recent call last):
        ...
    drmg_check.vocabulary._errors.InputError: seed=True has type bool; expected a number
    """
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is int):
        raise InputError(f"{name}={value!r} has type {type(value).__name__}; expected {hint}")


class UnsupportedError(DrmgError):
    """The input is legal, but this function does not handle it; the message names what does."""


class CertificateError(DrmgError):
    """A certificate does not prove what it claims: do not trust the enclosure that came with it."""


class NumericalError(DrmgError):
    """A computation could not reach the accuracy that it promises; no number is returned in its place."""


class InputWarning(UserWarning):
    """The input is taken, but not as it stands: the message says what was made of it.

    >>> issubclass(InputWarning, UserWarning)
    True
    """
