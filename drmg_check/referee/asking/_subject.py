"""Who is asked."""

from __future__ import annotations

from dataclasses import dataclass

from drmg_check.targets import Implementation


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The implementation of a validation, as messages, snippets and replay lines name it.

    Parameters
    ----------
    address : str
        As the user wrote it.
    code : str
        Where its code is: ``module:function``, ``file.py:function`` or ``cmd: COMMAND``.
    declared : Implementation
    parameters : tuple of str
        What a Python function wants beside p, V and rho.
    options : tuple of str
        Command-line options that a replay needs.

    Examples
    --------
    >>> solver = Subject(address="mine", code="solve.py:worst", declared=Implementation(sets=("tv",)))
    >>> solver.code, solver.declared.level
    ('solve.py:worst', 'worst-case')
    """

    address: str
    code: str
    declared: Implementation
    parameters: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
