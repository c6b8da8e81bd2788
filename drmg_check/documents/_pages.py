"""What a page is made from, as a JSON file: a study or a certificate."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import Literal, TypeAlias

import msgspec

from drmg_check.documents._certified import Certified
from drmg_check.documents._curves import Series
from drmg_check.documents._study import Study
from drmg_check.vocabulary import InputError

Page: TypeAlias = Study | Certified


def encode_page(page: Page) -> bytes:
    """Return a page as JSON; points of a curve that are not finite are left out, as they are in a plot."""
    file = _CertifiedFile(page) if isinstance(page, Certified) else _StudyFile(_finite(page))
    return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"


def decode_page(data: bytes, where: str = "page") -> Page:
    """Return the page that :func:`encode_page` wrote.

    Raises
    ------
    InputError
        Anything else; the message starts with ``where``.
    """
    try:
        return msgspec.json.decode(data, type=_CertifiedFile | _StudyFile).page
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            f"{where}: {error}; expected the JSON file of a certificate, a learner or an experiment"
        ) from error


def is_page(data: bytes) -> bool:
    """Return whether a file is one JSON object that names its format, as no run is."""
    try:
        msgspec.json.decode(data, type=_Named)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _finite(study: Study) -> Study:
    panels = tuple(
        replace(panel, series=[_drawn(one) for one in panel.series], levels=tuple(panel.levels))
        for panel in study.panels
    )
    return replace(study, panels=panels)


def _drawn(one: Series) -> Series:
    columns = [list(map(float, column)) for column in (one.x, one.y, one.low, one.high) if len(column)]
    points = [point for point in zip(*columns, strict=True) if all(map(isfinite, point))]
    kept = [list(column) for column in zip(*points, strict=True)] or [[] for _ in columns]
    return Series(one.name, *kept)


class _Named(msgspec.Struct, frozen=True):
    format: str


class _StudyFile(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="format", tag="drmg-study"
):
    page: Study
    version: Literal[1] = 1


class _CertifiedFile(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="format", tag="drmg-certified-policy"
):
    page: Certified
    version: Literal[1] = 1
