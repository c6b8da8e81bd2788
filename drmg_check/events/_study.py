"""What a learner or an experiment found, as a JSON file that a page is made from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import Literal

import msgspec

from drmg_check.events._curves import Panel, Series
from drmg_check.vocabulary import InputError

_FORMAT, _VERSION = "drmg-study", 1


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
        What was run, with every constant.
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


def encode_study(study: Study) -> bytes:
    """Return the study as JSON; points of a curve that are not finite are left out, as they are in a plot."""
    panels = tuple(
        replace(panel, series=[_finite(one) for one in panel.series], levels=tuple(panel.levels))
        for panel in study.panels
    )
    data = {"format": _FORMAT, "version": _VERSION, "study": replace(study, panels=panels)}
    return msgspec.json.format(msgspec.json.encode(data), indent=1) + b"\n"


def decode_study(data: bytes, where: str = "study") -> Study:
    """Return the study that :func:`encode_study` wrote.

    Raises
    ------
    InputError
        Anything else; the message starts with ``where``.
    """
    try:
        return msgspec.json.decode(data, type=_File).study
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{where}: {error}; expected the JSON file of a study") from error


def _finite(one: Series) -> Series:
    columns = [list(map(float, column)) for column in (one.x, one.y, one.low, one.high) if len(column)]
    points = [point for point in zip(*columns, strict=True) if all(map(isfinite, point))]
    kept = [list(column) for column in zip(*points, strict=True)] or [[] for _ in columns]
    return Series(one.name, *kept)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal["drmg-study"]
    version: Literal[1]
    study: Study
