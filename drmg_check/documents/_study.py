"""What a learner or an experiment found: numbers with names, and criteria that they meet or not.

The names, the question and the statements of criteria are those of whoever made the study; everything else is
a number, and reports say in words what it means.
"""

from __future__ import annotations

from math import isfinite
from typing import Literal, TypeAlias

import msgspec

from drmg_check.documents._curves import Panel
from drmg_check.vocabulary import InputError

NumberKind: TypeAlias = Literal["text", "count", "number", "share"]
"""How a value reads: as it is, as a whole number, as a number of some digits, as a percentage."""
Cell: TypeAlias = str | int | float | None


class NamedValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value with its name; None where there is too little to say.

    >>> NamedValue("episodes", 10_000, "count")
    NamedValue(name='episodes', value=10000, kind='count')
    """

    name: str
    value: Cell
    kind: NumberKind = "text"

    def __post_init__(self) -> None:
        check_cell(self.value, self.name)


class StudyFact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A few values that belong together, such as a game's name and sizes; one may have no name.

    >>> fact = StudyFact("game", (NamedValue("", "random"), NamedValue("S", 3, "count")))
    """

    name: str
    values: tuple[NamedValue, ...]


class StudyTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rows of values below the names of their columns, each with how it reads.

    >>> StudyTable((("agents", "count"),), ((1,), (2,))).rows
    ((1,), (2,))
    """

    columns: tuple[tuple[str, NumberKind], ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise InputError(f"a row has {len(row)} cells; expected {len(self.columns)}, one a column")
            for (name, _), cell in zip(self.columns, row, strict=True):
                check_cell(cell, name)


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A statement that a study must bear out: the value measured lies between ``least`` and ``most``.

    ``value`` is None where nothing could be measured, which meets no criterion; so is a limit that is none.

    >>> Criterion(statement="slope of the regret", value=0.98, least=0.95).met
    True
    """

    statement: str
    value: float | None
    least: float | None = None
    most: float | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        for number in (self.value, self.least, self.most):
            check_cell(number, self.statement)

    @property
    def met(self) -> bool:
        """Whether the value lies within the limits."""
        if self.value is None:
            return False
        above = self.least is None or self.value >= self.least
        return above and (self.most is None or self.value <= self.most)


class Study(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The findings of a learner or an experiment.

    Attributes
    ----------
    tool_version : str
    subject : {"learning", "experiment"}
    name, question : str
    setting : tuple of StudyFact
        What was run, with every constant.
    findings : tuple of NamedValue
        What came of it.
    tables : tuple of StudyTable
    criteria : tuple of Criterion
    panels : tuple of Panel
        Curves, with bands over seeds.
    small : bool
        Smaller than the size for which the criteria are meant.

    Examples
    --------
    >>> from drmg_check.documents import example_study
    >>> study = example_study()
    >>> study.name, study.question
    ('initial-shock', "is the paper's Example 1 hard, and for whom?")
    """

    tool_version: str
    subject: Literal["learning", "experiment"]
    name: str
    question: str
    setting: tuple[StudyFact, ...] = ()
    findings: tuple[NamedValue, ...] = ()
    tables: tuple[StudyTable, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    panels: tuple[Panel, ...] = ()
    small: bool = False


def study_fact(name: str, **values: Cell) -> StudyFact:
    """Return a fact; whole numbers read as counts, other numbers as such, and the value ``_`` has no name.

    >>> fact = study_fact("game", _="random", S=3, radius="1/10", c2=0.05)
    >>> [(value.name, value.kind) for value in fact.values]
    [('', 'text'), ('S', 'count'), ('radius', 'text'), ('c2', 'number')]
    """
    kinds: dict[type, NumberKind] = {int: "count", float: "number"}
    return StudyFact(
        name,
        tuple(
            NamedValue("" if key == "_" else key.replace("_", " "), value, kinds.get(type(value), "text"))
            for key, value in values.items()
        ),
    )


def or_none(value: float) -> float | None:
    """Return a number as JSON can hold it: None stands for what is not finite.

    >>> or_none(0.5), or_none(float("nan"))
    (0.5, None)
    """
    return float(value) if isfinite(value) else None


def check_cell(value: Cell, name: str) -> None:
    """Refuse what JSON has no word for.

    Raises
    ------
    InputError
        An infinity, or NaN.
    """
    if isinstance(value, float) and not isfinite(value):
        raise InputError(f"{name!r} is {value!r}; expected a finite number, or None")
