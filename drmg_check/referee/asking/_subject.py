"""Who is asked, and the words with which a command line asks it again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from sysconfig import get_paths
from types import ModuleType

from drmg_check.referee.asking._transport import CALL_LIMIT, MEMORY
from drmg_check.targets import Implementation

GIB = 2**30
_OPTIONS = (
    "level",
    "concept",
    "quantity",
    "radius_factor",
    "radius_power",
    "accuracy",
    "accuracy_absolute",
    "precision",
)


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
    is_named : bool
        Whether a command line finds it by its address; it finds no function that was made by another one.

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
    is_named: bool = True


def replay_options(
    changes: Mapping[str, object], *, limit: float = CALL_LIMIT, memory: int = MEMORY
) -> tuple[str, ...]:
    """Return the options of ``drmg-check validate`` that declare and limit the same.

    Parameters
    ----------
    changes : mapping
        Members of the declaration that a user adds or overrides.
    limit, memory : float, int
        Seconds for an answer, and bytes; the usual ones are left out.

    Examples
    --------
    >>> replay_options({"sets": ["tv"], "accuracy": "1e-6", "distribution": True}, limit=1.0)
    ('--set', 'tv', '--accuracy', '1e-6', '--distribution', '--time-limit', '1')
    """
    sets = changes.get("sets", ())
    words = [word for name in (sets if isinstance(sets, list | tuple) else ()) for word in ("--set", name)]
    for key in _OPTIONS:
        if key in changes:
            words += [f"--{key.replace('_', '-')}", str(changes[key])]
    if changes.get("distribution"):
        words.append("--distribution")
    if limit != CALL_LIMIT:
        words += ["--time-limit", f"{limit:g}"]
    if memory != MEMORY:
        words += ["--memory", f"{max(1, round(memory / GIB))}"]
    return tuple(words)


def function_address(function: Callable[..., object]) -> tuple[str, bool]:
    """Return the address of a function of this process, and whether a command line finds it there.

    A module that is no part of a package is named by its file, as the path of another process may lack it.

    >>> from math import fsum
    >>> function_address(fsum), function_address(lambda p, V, rho: 0.0)[1]
    (('math:fsum', True), False)
    """
    place = getattr(function, "__module__", None) or type(function).__module__
    name = getattr(function, "__qualname__", None) or type(function).__qualname__
    module = sys.modules.get(place)
    file = _file_of(module)
    address = f"{place if file is None else file}:{name}"
    attribute: object = module
    for part in name.split("."):
        attribute = getattr(attribute, part, None)
    return address, attribute is function and (file is not None or place != "__main__")


def _file_of(module: ModuleType | None) -> Path | None:
    """Return the file of a module of the user's own, from the working folder if it lies within."""
    name, file = getattr(module, "__name__", ""), getattr(module, "__file__", None)
    if file is None or "." in name or not file.endswith(".py"):
        return None
    path = Path(file).absolute()
    if path.name == "__init__.py" or any(path.is_relative_to(place) for place in _installed()):
        return None
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _installed() -> set[str]:
    paths = get_paths()
    return {paths[kind] for kind in ("stdlib", "platstdlib", "purelib", "platlib")}
