"""The table set x operation: what there is, what a set lacks on purpose, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from drmg_check.sets._all import UNCERTAINTY_SETS
from drmg_check.sets._base import UncertaintySet
from drmg_check.sets._operation import Operation, operations


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell of the table.

    >>> Entry("picture", "kl", has=False).missing
    True

    Attributes
    ----------
    operation, kind : str
    has : bool
        Whether the operation works for the set.
    via : str
        The kind of set that it is brought to first; empty where it is treated as itself.
    reason : str
        Why it has none; empty where nobody says why, so that it is missing.
    """

    operation: str
    kind: str
    has: bool
    via: str = ""
    reason: str = ""

    @property
    def missing(self) -> bool:
        """Whether the set neither has the operation nor says why not."""
        return not self.has and not self.reason


def set_table() -> tuple[Entry, ...]:
    """Return the cells for the operations of the rooms that are imported, by operation, then by set.

    >>> import drmg_oracles
    >>> next(entry.via for entry in set_table() if (entry.operation, entry.kind) == ("enclosure", "l1"))
    'tv'
    """
    return tuple(_entry(each, cls) for each in operations().values() for cls in UNCERTAINTY_SETS.values())


def _entry(operation: Operation[..., object], cls: type[UncertaintySet]) -> Entry:
    name, kind = operation.name, cls.kind
    if operation.has(cls):
        return Entry(name, kind, True)
    example = next(iter(cls.variants().values()))(1)
    canonical, _ = example.canonical(Fraction(0))
    if operation.canonical and operation.has(type(canonical)):
        return Entry(name, kind, True, via=canonical.kind)
    if not issubclass(cls, operation.of):
        return Entry(name, kind, False, reason=f"only sets of the class {operation.of.__name__} have one")
    return Entry(name, kind, False, reason=cls.without.get(name, ""))
