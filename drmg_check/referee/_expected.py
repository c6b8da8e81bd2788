"""Failures that a user knows about: which checks may fail, and why."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

from drmg_check.files import read_bytes
from drmg_check.vocabulary import InputError


def read_expected(path: Path) -> dict[str, str]:
    """Read a TOML file of expected failures: ``"tv/law/scale" = "stops at an absolute tolerance"``.

    Raises
    ------
    InputError
        No TOML, or a reason that is no text.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "expected.toml"
    ...     _ = path.write_text('"tv/law/scale" = "stops at an absolute tolerance"')
    ...     print(read_expected(path))
    ...
    {'tv/law/scale': 'stops at an absolute tolerance'}
    """
    try:
        data = tomllib.loads(read_bytes(path).decode())
    except ValueError as error:
        raise InputError(f'{path}: {error}; expected lines such as "tv/law/scale" = "reason"') from error
    for pattern, reason in data.items():
        if not isinstance(reason, str) or not reason.strip():
            raise InputError(f"{path}: {pattern!r} has the reason {reason!r}; expected a text")
    return data


def reason_to_fail(expected: Mapping[str, str], check: str) -> str | None:
    """Return why a check is expected to fail, or None; the first pattern that matches speaks.

    >>> reason_to_fail({"tv/law/*": "in float32", "tv/*": "a draft"}, "tv/law/scale")
    'in float32'
    """
    return next((reason for pattern, reason in expected.items() if fnmatchcase(check, pattern)), None)


def idle_patterns(expected: Iterable[str], checks: Sequence[str]) -> list[str]:
    """Return a sentence for each pattern that matches no check: a typing error, or out of date.

    >>> idle_patterns(["tv/law/shft"], ["tv/law/shift", "tv/law/scale"])
    ["expected failure 'tv/law/shft' matches no check; did you mean 'tv/law/shift'?"]
    """
    sentences = []
    for pattern in expected:
        if not any(fnmatchcase(check, pattern) for check in checks):
            close = get_close_matches(pattern, checks, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            sentences.append(f"expected failure {pattern!r} matches no check{hint}")
    return sentences


def select_checks(checks: Sequence[str], patterns: Sequence[str]) -> tuple[str, ...]:
    """Return the ids that match one of the shell patterns; all of them without a pattern.

    Raises
    ------
    InputError
        A pattern matches nothing.
    """
    for pattern in patterns:
        if not any(fnmatchcase(check, pattern) for check in checks):
            close = get_close_matches(pattern, checks, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else "; expected something like tv/law/*"
            raise InputError(f"no check matches {pattern!r}{hint}")
    return tuple(check for check in checks if not patterns or any(fnmatchcase(check, p) for p in patterns))
