"""What a learner or an experiment found, as a JSON file that a page is made from."""

from __future__ import annotations

from dataclasses import dataclass

from drmg_check.documents._curves import Panel


@dataclass(frozen=True, slots=True)
class Finding:
    """A criterion that the study states, what was measured, and whether that meets it."""

    statement: str
    measured: str
    met: bool


@dataclass(frozen=True, slots=True)
class Study:
    """The findings of a learner or an experiment, for people.

    Attributes
    ----------
    tool_version : str
    title, question : str
    facts : tuple of (name, value)
        What was run, with every constant, and what came of it in a sentence each.
    header, table
        Names of columns, and cells; a row may be shorter.
    findings : tuple of Finding
    panels : tuple of Panel
        Curves, with bands over seeds.
    small : bool
        Smaller than the size for which the criteria are meant.
    """

    tool_version: str
    title: str
    question: str
    facts: tuple[tuple[str, str], ...]
    header: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    findings: tuple[Finding, ...]
    panels: tuple[Panel, ...]
    small: bool = False
