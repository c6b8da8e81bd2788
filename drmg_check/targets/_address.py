"""Addresses: ``module:function``, ``path/to/file.py:function``, an entry point, ``cmd: COMMAND``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from shlex import split

from drmg_check.vocabulary import InputError

ENTRY_POINTS = "drmg_check.implementations"
_COMMAND = "cmd:"
_FORMS = "module:function, path/to/file.py:function, an installed entry point, or 'cmd: COMMAND'"


@dataclass(frozen=True, slots=True)
class Target:
    """An implementation under test: its address, and the command that serves it.

    >>> Target("cmd: ./harness", ("./harness",)).is_python
    False
    """

    address: str
    argv: tuple[str, ...]

    @property
    def is_python(self) -> bool:
        """Whether a Python function is behind it."""
        return not self.address.startswith(_COMMAND)


def find_target(address: str) -> Target:
    """Return the target at an address, without importing or starting anything.

    Raises
    ------
    InputError
        The text has none of the four forms, or names an entry point that is not installed.

    Examples
    --------
    >>> find_target("cmd: ./harness --fast").argv
    ('./harness', '--fast')
    """
    address = address.strip()
    if address.startswith(_COMMAND):
        try:
            words = split(address.removeprefix(_COMMAND))
        except ValueError as error:
            raise InputError(f"target={address!r}: {error}") from error
        if not words:
            raise InputError(f"target={address!r} has no command; expected something like 'cmd: ./harness'")
        return Target(address, tuple(words))
    resolved = address if ":" in address else _entry_point(address)
    # -P: a file in the working folder must not shadow a module.
    return Target(address, (sys.executable, "-P", "-m", "drmg_check.targets._worker", resolved))


def load_target(address: str) -> Callable[..., object]:
    """Import the function that an address other than a command names.

    The working folder counts as the last place of the module path.

    Raises
    ------
    InputError
        There is no such file, module or function.

    Examples
    --------
    >>> load_target("math:fsum")([0.5, 0.25])
    0.75
    """
    place, _, name = address.rpartition(":")
    try:
        module = _from_file(Path(place)) if place.endswith(".py") else _from_path(place)
        target: object = reduce(getattr, name.split("."), module)
    except (ImportError, AttributeError, OSError, ValueError) as error:
        raise InputError(f"target={address!r}: {error}{_closest(error)}; expected {_FORMS}") from error
    except (Exception, SystemExit) as error:  # the module is the user's: it may raise anything, or exit
        what = f"{type(error).__name__}: {error}"
        raise InputError(f"target={address!r}: {what}; expected a module that can be imported") from error
    if not callable(target):
        raise InputError(f"target={address!r} is a {type(target).__name__}; expected a function")
    return target


def _closest(error: Exception) -> str:
    if not isinstance(error, AttributeError):
        return ""
    close = get_close_matches(error.name or "", dir(error.obj), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _from_file(path: Path) -> object:
    if not path.is_file():
        raise OSError(f"no file {path}")
    sys.path.append(str(path.parent.absolute()))  # for the modules beside it
    name = path.stem if _is_free(path) else f"drmg_target_{path.stem}"
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules.setdefault(name, module)  # pickle and dataclasses look there
    spec.loader.exec_module(module)
    return module


def _is_free(path: Path) -> bool:
    """Return whether no installed module has the name of a file: one that adapts it may be called like it."""
    try:
        spec = find_spec(path.stem)
    except (ImportError, ValueError):  # a module without a spec, or a name that is none
        return False
    return spec is None or (spec.origin is not None and Path(spec.origin) == path.absolute())


def _from_path(name: str) -> object:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)  # last: a file here must not shadow an installed module
    return import_module(name)


def _entry_point(name: str) -> str:
    installed = {entry.name: entry.value for entry in entry_points(group=ENTRY_POINTS)}
    if name in installed:
        return installed[name]
    raise InputError(f"target={name!r}: {_suggest(name, list(installed))}; expected {_FORMS}")


def _suggest(name: str, known: Sequence[str]) -> str:
    if close := get_close_matches(name, known, n=1):
        return f"no such entry point; did you mean {close[0]!r}?"
    installed = ", ".join(known) or "none is installed"
    return f"no entry point of group {ENTRY_POINTS} has this name ({installed})"
