"""Documents as JSON files, in both directions, each with its format and version."""

from __future__ import annotations

import re
from dataclasses import replace
from math import isfinite
from typing import Literal, TypeAlias

import msgspec

from drmg_check.documents._certificate import (
    Certified,
    CertifiedAgent,
    CertifiedBounds,
    CertifiedGame,
    PolicyOrigin,
)
from drmg_check.documents._curves import Series
from drmg_check.documents._study import Study
from drmg_check.vocabulary import InputError
from drmg_check.words import Concept

Document: TypeAlias = Certified | Study
VERSION = 2
_FIRST = re.compile(rb'\s*\{\s*"format"\s*:\s*"([a-z-]*)"')
_EXPECTED = "expected the JSON file of a certificate, a learner or an experiment"
_OF_POLICIES = ("drmg-gap-certificate", "drmg-certified-policy")
_OF_VERSION_1 = (*_OF_POLICIES, "drmg-study")


def encode_document(document: Document) -> bytes:
    r"""Return a document as JSON; points of a curve that are not finite are left out, as they are in a plot.

    The same document gives the same bytes.

    >>> from drmg_check.documents import example_certificate
    >>> encode_document(example_certificate())[:36]
    b'{\n "format": "drmg-gap-certificate",'
    """
    if isinstance(document, Certified):
        return _encode_certified(document)
    return msgspec.json.format(msgspec.json.encode(_StudyFile(_finite(document))), indent=1) + b"\n"


def decode_document(data: bytes, where: str = "document") -> Document:
    """Return the document that :func:`encode_document` wrote.

    Raises
    ------
    InputError
        Anything else, or one of another version; the message starts with ``where``.

    Examples
    --------
    >>> from drmg_check.documents import example_study
    >>> decode_document(encode_document(example_study())) == example_study()
    True
    """
    try:
        head = msgspec.json.decode(data, type=_Head)
        if head.version != VERSION and head.format in _OF_VERSION_1:
            raise InputError(_other_version(head))
        file = msgspec.json.decode(data, type=_CertifiedFile | _StudyFile)
        return _certified(file) if isinstance(file, _CertifiedFile) else file.study
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{where}: {error}; {_EXPECTED}") from error
    except InputError as error:
        raise InputError(f"{where}: {error}") from error


def is_document(data: bytes) -> bool:
    """Return whether a file is a JSON object that names its format, as no run is; it may be cut off.

    >>> is_document(b'{"format": "drmg-study", "ver'), is_document(b'{"type": "header"}')
    (True, False)
    """
    return _format(data) is not None


def is_policy_certificate(data: bytes) -> bool:
    """Return whether a file says that it is the certificate of a policy, of whatever version.

    >>> is_policy_certificate(b'{"format": "drmg-gap-certificate", "version": 1}')
    True
    """
    return _format(data) in _OF_POLICIES


def _format(data: bytes) -> str | None:
    first = _FIRST.match(data)  # as everything that we wrote begins, so that a torn file is known, too
    if first is not None:
        return first[1].decode()
    try:
        return msgspec.json.decode(data, type=_Named).format
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


class _Named(msgspec.Struct, frozen=True):
    format: str


class _Head(msgspec.Struct, frozen=True):
    format: str
    version: int = VERSION


class _Gaps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    nash: CertifiedBounds | None
    cce: CertifiedBounds
    ce: CertifiedBounds | None


class _CertifiedFile(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="format", tag="drmg-gap-certificate"
):
    version: Literal[2]
    tool_version: str
    origin: PolicyOrigin
    product: bool
    bits: int | None
    gaps: _Gaps
    agents: tuple[CertifiedAgent, ...]
    game: msgspec.Raw
    policy: msgspec.Raw


class _StudyFile(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="format", tag="drmg-study"
):
    study: Study
    version: Literal[2] = 2


def _other_version(head: _Head) -> str:
    if head.version == 1:
        return (
            f"{head.format} of version 1, which drmg-check 0.1 wrote, is not read any more; make it again, "
            "or use that version"
        )
    return (
        f"{head.format} of version {head.version}; this drmg-check reads version {VERSION}: use a newer one"
    )


def _encode_certified(document: Certified) -> bytes:
    """Lay out a certificate for people; the game and the policy look as in files of their own."""
    cce = document.gap("cce")
    assert cce is not None, "every policy has a CCE gap"
    empty = msgspec.Raw(b"0")
    file = _CertifiedFile(
        version=2,
        tool_version=document.tool_version,
        origin=document.origin,
        product=document.product,
        bits=document.bits,
        gaps=_Gaps(document.gap("nash"), cce, document.gap("ce")),
        agents=document.agents,
        game=empty,
        policy=empty,
    )
    text = msgspec.json.format(msgspec.json.encode(file), indent=1).decode()
    head, tail = text.rsplit(' "game": 0,\n "policy": 0\n}', 1)
    assert not tail, "the game and the policy come last"
    game, policy = document.game_text.strip(), document.policy_text.strip()
    return f'{head} "game": {game},\n "policy": {policy}\n}}\n'.encode()


def _certified(file: _CertifiedFile) -> Certified:
    document = Certified(
        tool_version=file.tool_version,
        origin=file.origin,
        product=file.product,
        bits=file.bits,
        agents=file.agents,
        game=msgspec.json.decode(file.game, type=CertifiedGame),
        game_text=bytes(file.game).decode(),
        policy_text=bytes(file.policy).decode(),
    )
    stated: dict[Concept, CertifiedBounds | None]
    stated = {"nash": file.gaps.nash, "cce": file.gaps.cce, "ce": file.gaps.ce}
    for concept, gap in stated.items():
        wanted = document.gap(concept)
        if (gap and gap.pair) != (wanted and wanted.pair):
            raise InputError(
                f"gaps.{concept} is {_shown(gap)}; expected the largest gain of any agent, {_shown(wanted)}"
            )
    return document


def _shown(bounds: CertifiedBounds | None) -> str:
    return "null" if bounds is None else f"[{bounds.lo}, {bounds.hi}]"


def _finite(study: Study) -> Study:
    panels = tuple(
        replace(panel, series=[_drawn(series) for series in panel.series], levels=tuple(panel.levels))
        for panel in study.panels
    )
    return msgspec.structs.replace(study, panels=panels)


def _drawn(series: Series) -> Series:
    band = (series.low, series.high) if len(series.low) else ()
    columns = [list(map(float, column)) for column in (series.x, series.y, *band)]
    points = [point for point in zip(*columns, strict=True) if all(map(isfinite, point))]
    kept = [list(column) for column in zip(*points, strict=True)] or [[] for _ in columns]
    return Series(series.name, *kept)
