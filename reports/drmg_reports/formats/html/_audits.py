"""The page of an audit: what its templates need besides the run."""

from __future__ import annotations

import re
import shlex
from base64 import b64encode
from collections.abc import Sequence
from functools import partial

import msgspec

from drmg_check.runs import Counterexample, Result
from drmg_reports.pictures import (
    Picture,
    family_picture,
    game_picture,
    moves_picture,
    row_picture,
    slack_histogram,
    tightness_picture,
    without_factor,
)
from drmg_reports.runs import Audited, Judgement
from drmg_reports.words import (
    VERDICTS_MEAN,
    audit_breakdown,
    audit_headline,
    by_source,
    certificates_of,
    damages,
    ledger_name,
    neighbours_of,
    power_of,
    power_sentence,
    source_of,
    tally_verdicts,
)


def audit_parts(run: Audited) -> dict[str, object]:
    """Return what the templates of an audit use, by name."""
    sources = by_source(run)
    tallies = {name: tally_verdicts(judgements) for name, judgements in sources.items()}
    return {
        "headline": audit_headline(run),
        "breakdown": audit_breakdown(run),
        "tally": tally_verdicts(run.judgements),
        "tallies": tallies,
        "widest": max((sum(counts.values()) for counts in tallies.values()), default=0),
        "sources": list(sources),
        "source_of": partial(source_of, header=run.header),
        "ledger_name": partial(ledger_name, header=run.header),
        "anchors": _anchors([judgement.claim.id for judgement in run.judgements]),
        "corrects": _corrects(run.judgements),
        "status_of": {judgement.claim.id: judgement.status for judgement in run.judgements},
        "meanings": VERDICTS_MEAN,
        "histogram": _histogram,
        "tightness": _tightness,
        "picture": _picture,
        "damages": damages([each for each in run.judgements if each.claim.reading != "corrected"]),
        "family": _family,
        "without_factor": _without_factor,
        "telling_of": _telling,
        "game_file": _game_file,
        "conversion": _conversion,
        "power": power_sentence(run),
        "power_of": power_of,
        "certificates_of": certificates_of,
        "neighbours_of": neighbours_of,
    }


def _histogram(judgement: Judgement) -> Picture | None:
    return slack_histogram(judgement.slacks, f"slacks {judgement.claim.id}")


def _tightness(judgement: Judgement) -> Picture | None:
    result = judgement.generated
    if result is None or isinstance(result.tightness, msgspec.UnsetType):
        return None
    return tightness_picture(result.tightness, f"tightness {judgement.claim.id}")


def _family(judgement: Judgement) -> Picture | None:
    result = judgement.generated
    if result is None or isinstance(result.family, msgspec.UnsetType):
        return None
    return family_picture(result.family, f"family {judgement.claim.id}")


def _without_factor(judgement: Judgement) -> str:
    result = judgement.generated
    if result is None or isinstance(result.family, msgspec.UnsetType):
        return ""
    return without_factor(result.family)


def _telling(result: Result) -> Counterexample | None:
    return None if isinstance(result.telling, msgspec.UnsetType) else result.telling


def _game_file(counterexample: Counterexample) -> str | None:
    """Return the game of an instance as a file of its own, in an address that holds it."""
    try:
        game = msgspec.json.decode(counterexample.instance)["game"]
        if game["format"] != "drmg-game":
            return None
    except (msgspec.DecodeError, KeyError, TypeError):
        return None
    text = msgspec.json.format(msgspec.json.encode(game), indent=1)
    return f"data:application/json;base64,{b64encode(text).decode()}"


def _conversion(counterexample: Counterexample) -> str:
    """Return the line that writes the game that an instance describes, or nothing."""
    if isinstance(counterexample.address, msgspec.UnsetType):
        return ""
    return shlex.join(["drmg-check", "convert", counterexample.address, "OUT"])


def _picture(result: Result) -> Picture | None:
    if result.counterexample is None:
        return None
    instance, salt = result.counterexample.instance, f"instance {result.case}"
    moves = result.counterexample.moves
    moves = () if isinstance(moves, msgspec.UnsetType) else moves
    return (
        row_picture(instance, salt, moves)
        or game_picture(instance, salt, moves)
        or moves_picture(moves, salt)
    )


def _anchors(ids: Sequence[str]) -> dict[str, str]:
    """Give each claim an address in the page that stays the same from run to run."""
    return {
        claim: "claim-" + re.sub(r"[^A-Za-z0-9.-]", lambda match: f"_{ord(match[0]):x}_", claim)
        for claim in ids
    }


def _corrects(judgements: Sequence[Judgement]) -> dict[str, list[str]]:
    """Map a corrected claim to the claims that it corrects."""
    corrects: dict[str, list[str]] = {}
    for judgement in judgements:
        if judgement.claim.corrected:
            corrects.setdefault(judgement.claim.corrected, []).append(judgement.claim.id)
    return corrects
