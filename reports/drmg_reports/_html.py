"""The HTML report: one file that needs no network, no server and no script to be read."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from drmg_check.files import write_whole
from drmg_check.runs import Check, Event, Result, TargetText, encode_event, in_plan_order
from drmg_check.vocabulary import UNSEEN, Verdict, brief, visible
from drmg_reports import _check_page, _checks, _show
from drmg_reports._checks import target_of
from drmg_reports._graph import game_picture
from drmg_reports._math import mathml
from drmg_reports._moves import moves_picture
from drmg_reports._plots import row_picture, slack_histogram, tightness_picture
from drmg_reports._run import STATUSES, Judgement, Run, breakdown, headline, read_run, source, tally
from drmg_reports._svg import Picture

MEANINGS = {
    Verdict.HOLDS: "no instance tried violates it; the smallest slack says how close one came",
    Verdict.PROVED: "decided for every instance, symbolically or by exhausting a finite statement",
    Verdict.REFUTED: "an exact instance violates it, and replays from one line",
    Verdict.VACUOUS: "true, but it says nothing below a size that the run states",
    Verdict.UNPROVED: "the statement survives, but a step of its published proof is refuted",
    Verdict.NOT_CHECKABLE: "no finite computation decides it, or the instance is too large",
}
_LONGEST = 20_000  # characters of an instance that are written out; the embedded data holds all of them


def write_html(events: Sequence[Event], path: Path) -> None:
    """Write :func:`render_html` of ``events`` to ``path``, in UTF-8 with Unix line ends."""
    write_whole(path, render_html(events))


def render_html(events: Sequence[Event]) -> str:
    """Return the report of one run as a single HTML page.

    The page is a pure function of the events: the same events give the same bytes. It contains no network
    address, forbids itself every request by its content security policy, and escapes every string.

    Raises
    ------
    InputError
        The events are not those of one run (see :func:`drmg_reports._run.read_run`).
    """
    run = read_run(events)
    target = target_of(run.header)
    name, parts = (
        ("report.html", _audit(run)) if target is None else ("validation.html", _validation(events, target))
    )
    script = _source("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        _environment()
        .get_template(name)
        .render(
            run=run,
            **parts,
            style=Markup(_source("report.css")),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            script_digest=f"sha256-{digest}",
            data=_embedded(events),
        )
    )


def _audit(run: Run) -> dict[str, object]:
    tallies = {name: tally(judgements) for name, judgements in run.by_source.items()}
    return {
        "headline": headline(run),
        "breakdown": breakdown(run),
        "tally": tally(run.judgements),
        "tallies": tallies,
        "widest": max((sum(counts.values()) for counts in tallies.values()), default=0),
        "anchors": _anchors([judgement.claim.id for judgement in run.judgements]),
        "corrects": _corrects(run.judgements),
        "status_of": {one.claim.id: one.status for one in run.judgements},
        "meanings": MEANINGS,
    }


def _validation(events: Sequence[Event], target: TargetText) -> dict[str, object]:
    checks = [event for event in in_plan_order(events) if isinstance(event, Check)]
    tallies = {name: _checks.counts(members) for name, members in _check_page.by_set(checks).items()}
    failures = _check_page.failures(checks)
    return {
        "target": target,
        "declaration": _check_page.declaration(target),
        "headline": _check_page.headline(target, checks),
        "verdict": _checks.verdict(checks),
        "checks": checks,
        "tally": _checks.counts(checks),
        "tallies": tallies,
        "widest": max((sum(tally.values()) for tally in tallies.values()), default=0),
        "diagnoses": _check_page.diagnoses(checks),
        "matrix": _check_page.matrix(checks),
        "groups": _check_page.GROUPS,
        "failures": failures,
        "anchor_of": {check.case: anchor for anchor, group in failures.items() for check in group},
        "paces": _check_page.paces(checks),
        "slow": _check_page.slow_checks(checks),
        "meanings": _check_page.MEANINGS,
    }


class _Unindented(Extension):
    """Templates without their own indentation, a twentieth of a large page; values keep theirs."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"^[ \t]+", "", source, flags=re.MULTILINE)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("drmg_reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[_Unindented],
    )
    filters: dict[str, Callable[..., object]] = {
        "as_sentence": _show.as_sentence,
        "breakable": _show.breakable,
        "brief": brief,
        "brief_time": _show.brief_time,
        "duration": _show.duration,
        "fault": _check_page.fault,
        "histogram": _histogram,
        "input_picture": _input_picture,
        "instance": _instance,
        "source": source,
        "mathml": mathml,
        "moment": _show.moment,
        "picture": _picture,
        "set_of": _check_page.set_of,
        "slack": _show.slack,
        "sort_key": _show.sort_key,
        "status_class": _status_class,
        "symbols": _show.symbols,
        "tightness": _tightness,
        "typeset": _show.typeset,
    }
    environment.filters.update(filters)
    return environment


def _finalize(value: object) -> object:
    """Make every string of a stranger visible; what the report itself marked as safe stays."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _source(name: str) -> str:
    loader = _environment().loader
    assert loader is not None
    return loader.get_source(_environment(), name)[0]


def _status_class(status: str) -> str:
    return status.replace(" ", "-") if status in STATUSES else "other"


def _histogram(judgement: Judgement) -> Picture | None:
    return slack_histogram(judgement.slacks, f"slacks {judgement.claim.id}")


def _tightness(judgement: Judgement) -> Picture | None:
    found = judgement.generated
    if found is None or isinstance(found.tightness, msgspec.UnsetType):
        return None
    return tightness_picture(found.tightness, f"tightness {judgement.claim.id}")


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


def _input_picture(check: Check) -> Picture | None:
    if check.failure is None:
        return None
    instance, salt = check.failure.instance, f"input {check.case}"
    return row_picture(instance, salt) or game_picture(instance, salt)


def _instance(text: str) -> Markup:
    """Indent an instance for reading, an array of numbers on one line; what is no JSON stays as it is."""
    with suppress(msgspec.DecodeError, UnicodeError):
        text = msgspec.json.format(text, indent=2)
    # JSON strings hold no line break, so this pattern sees arrays only.
    text = re.sub(r"\[\n([^][{}]*)\n *\]", lambda match: f"[{' '.join(match[1].split())}]", text)
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}\n… {len(text) - _LONGEST} more characters in the embedded data"
    return Markup(html.escape(visible(text), quote=False))  # noqa: S704 - escaped


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


def _embedded(events: Sequence[Event]) -> Markup:
    """Return the NDJSON of the run, still the same JSON, with nothing in it that ends a script element."""
    text = b"".join(encode_event(event) for event in events).decode()
    return Markup(re.sub("[<>&]", _json_escape, UNSEEN.sub(_json_escape, text)))  # noqa: S704 - no markup left


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[k : k + 2].hex()}" for k in range(0, len(units), 2))
