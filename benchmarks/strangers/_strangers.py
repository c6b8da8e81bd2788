"""What a stranger's code is here: a defect, what the code admits, and how the defect should be called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from drmg_check.words import LevelName


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """Code with a real defect.

    Parameters
    ----------
    function : callable
        Its docstring says what is wrong, then what it admits.
    sets : str
        The set that it declares; "" of stage games.
    entry : str
        How the catalogue calls the defect; "" if it has two, or one that the catalogue does not have.
    level : LevelName
    declared : mapping
        What else it declares.
    """

    function: Callable[..., object]
    sets: str
    entry: str
    level: LevelName = "worst-case"
    declared: Mapping[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """That of the function."""
        return self.function.__name__

    @property
    def about(self) -> tuple[str, str]:
        """What is wrong, and what it admits."""
        defect, _, admits = (self.function.__doc__ or "").partition("\n")
        return defect.strip().rstrip("."), " ".join(admits.split()).rstrip(".")
