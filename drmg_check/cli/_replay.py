"""``drmg-check replay``: derive a counterexample again, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drmg_check.cli._completion import cases
from drmg_check.cli._console import console
from drmg_check.cli._options import DEFAULT_RUN, DEFAULT_VALIDATION, existing_file, ledger_option
from drmg_check.cli._replay_check import (
    is_validation,
    replay_of_check,
    replay_of_validation,
)

if TYPE_CHECKING:
    from drmg_check.vocabulary import Slack
    from drmg_properties import Derivation
    from drmg_properties.audit import AnyClaim, Listed

RECORDS = (".ndjson", ".json")
"""What runs, and stored violations, are called."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An instance to derive again; the ends of its slack as they were recorded, if they were."""

    claim: AnyClaim
    instance: str
    recorded: tuple[str, str] | None = None


@click.command(
    epilog="Exit codes: 0 the instance shows what the ledger expects and what the run recorded, "
    "or the answer is right; 1 it does not, or is wrong; 2 usage or input."
)
@click.argument("id_", metavar="ID|RECORD", shell_complete=cases)
@click.option("--instance", metavar="JSON", help="Of a claim: replay this instance.")
@click.option("--row", metavar="JSON", help="Of a check: judge this row in the place of the recorded one.")
@click.option("--game", type=existing_file, help="Of a check: judge this game instead.")
@click.option(
    "--value", metavar="JSON", help="Of a check: judge this answer in the place of the recorded one."
)
@click.option("--target", metavar="TARGET", help="Of a check: ask this implementation for an answer.")
@click.option(
    "--run",
    "run_file",
    type=existing_file,
    help=f"Replay what this run recorded.  [default: {DEFAULT_RUN}, of a check {DEFAULT_VALIDATION}]",
)
@ledger_option
def replay(
    id_: str,
    instance: str | None,
    run_file: Path | None,
    ledgers: tuple[str, ...],
    **judged: Any,  # noqa: ANN401 - the options of a check, by name
) -> int:
    """Derive a counterexample again, or judge a failure again.

    ID is a claim (A3), a case of an audit (B1@zoo:frozen-lake) or a check of a validation (tv/oracle/small).
    RECORD is a run (audit.ndjson, validate.ndjson), of which each counterexample or failure is derived again,
    or a stored violation (A3.json); it knows its ledger. The slack is what the claim allows minus what was
    found: the claim holds on the instance if it is at least 0. Of a check the answer that the record holds is
    judged; code runs only if you name a --target.
    """
    is_record = Path(id_).suffix in RECORDS and Path(id_).is_file()
    if "/" in id_.partition("@")[0] and not is_record:
        if instance is not None:
            raise click.UsageError("--instance is of claims; of a check give --row or --game")
        return replay_of_check(id_, run_file, **judged)
    if is_record and is_validation(Path(id_)):
        return replay_of_validation(Path(id_), **judged)
    if stray := [f"--{name}" for name, given in judged.items() if given is not None]:
        raise click.UsageError(f"{', '.join(stray)}: of checks, as in tv/oracle/small; {id_!r} is a claim")
    from drmg_check.runs import split_case_id
    from drmg_properties.audit import find_claim, list_claims

    if instance is not None and run_file is not None:
        raise click.UsageError("give --instance or --run, not both")
    if instance is not None:
        return _replay(Wanted(find_claim(list_claims(ledgers), split_case_id(id_)[0]).claim, instance))
    if is_record:
        if run_file is not None:
            raise click.UsageError("give a record or --run, not both")
        return _replay_record(Path(id_))
    return _replay(_in_run(run_file or DEFAULT_RUN, id_, ledgers))


def _replay(wanted: Wanted) -> int:
    """Derive one instance and say all about it."""
    claim = wanted.claim
    derivation = _derive(wanted)
    slack = derivation.difference
    out = console()
    out.print(f"{claim.id}  {claim.title}  ({claim.place})", style="bold", soft_wrap=True)
    out.print(claim.statement)
    out.print()
    for line in derivation.derivation:
        out.print(f"  {line}", soft_wrap=True)
    out.print()
    out.print(_conclusion(slack), soft_wrap=True)
    same = _is_as_recorded(slack, wanted)
    if wanted.recorded is not None:
        other = f"another slack: [{', '.join(wanted.recorded)}]"
        out.print(f"The record has {'the same slack' if same else other}.", soft_wrap=True)
    out.print(f"The ledger expects the claim to be: {claim.expected}.")
    return 0 if same and _is_as_expected(claim, slack) else 1


def _derive(wanted: Wanted) -> Derivation:
    from drmg_properties import decode_instance
    from drmg_properties.audit import blamed
    from drmg_properties.claim import check_lines, derive

    instance = decode_instance(wanted.claim, wanted.instance)
    with blamed(wanted.claim.id):
        derivation = derive(wanted.claim, instance)
        check_lines(wanted.claim, derivation)
    return derivation


def _replay_record(path: Path) -> int:
    """Derive the instances of a record again: one in full, of several a line each."""
    import msgspec

    from drmg_check.files import read_bytes
    from drmg_check.vocabulary import InputError

    if path.suffix == ".json":
        try:
            data = msgspec.json.decode(read_bytes(path))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InputError(f"{path}: no JSON: {error}") from error
        return _replay(_stored(path, data))
    recorded = _all_of(path)
    if len(recorded) == 1:
        return _replay(recorded[0])
    out, good = console(), 0
    for wanted in recorded:
        slack = _derive(wanted).difference
        same = _is_as_recorded(slack, wanted)
        good += same
        end = "as recorded" if same else "the run recorded another slack"
        out.print(f"{wanted.claim.id}  {_conclusion(slack)} {end[0].upper()}{end[1:]}.", soft_wrap=True)
    bad = len(recorded) - good
    out.print(f"{good} as recorded, {bad} not", style="bold red" if bad else "bold green")
    return 1 if bad else 0


def _stored(path: Path, data: Any) -> Wanted:  # noqa: ANN401 - what JSON holds
    import msgspec

    from drmg_check.runs import rational_above, rational_below
    from drmg_check.vocabulary import InputError, exact
    from drmg_properties.audit import find_claim, list_claims

    try:
        address = data.get("ledger_address", data["ledger"])
        claim, slack = str(data["claim"]), data["slack"]
        ends = rational_below(exact(slack["low"])), rational_above(exact(slack["high"]))
        instance = msgspec.json.encode(data["instance"]).decode()
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path} is no stored violation; expected a file that `drmg-check claims freeze` wrote"
        ) from error
    return Wanted(find_claim(list_claims([str(address)]), claim).claim, instance, ends)


def _all_of(run_file: Path) -> list[Wanted]:
    from drmg_check.runs import Result, read_events
    from drmg_check.vocabulary import InputError
    from drmg_properties.audit import find_claim, ledger_address, list_claims

    events = read_events(run_file)
    claims: dict[str, tuple[Listed, ...]] = {}
    recorded = []
    for result in (event for event in events if isinstance(event, Result)):
        if result.counterexample is not None:
            address = ledger_address(result.claim, events)
            if address not in claims:
                claims[address] = list_claims([address])
            ends = result.counterexample.slack_low, result.counterexample.slack_high
            claim = find_claim(claims[address], result.claim.id).claim
            recorded.append(Wanted(claim, result.counterexample.instance, ends))
    if not recorded:
        raise InputError(f"{run_file} has no counterexample; expected the run of an audit that found one")
    return recorded


def _in_run(run_file: Path, case: str, ledgers: tuple[str, ...]) -> Wanted:
    from drmg_check.runs import Result, read_events, split_case_id
    from drmg_check.vocabulary import InputError
    from drmg_properties.audit import DEFAULT_LEDGERS, find_claim, ledger_address, list_claims

    if not run_file.exists():
        find_claim(list_claims(ledgers), split_case_id(case)[0])
        raise InputError(
            f"no run at {run_file}; give --run FILE or --instance JSON, or search again with "
            f"`drmg-check claims run {case.partition('@')[0]}`"
        )
    events = read_events(run_file)
    results = [event for event in events if isinstance(event, Result)]
    for result in results:
        if result.case == case:
            if result.counterexample is None:
                verdict = result.found or result.outcome
                raise InputError(f"{run_file} has no counterexample for {case!r}: it found {verdict!r}")
            if ledgers == DEFAULT_LEDGERS:  # nobody said otherwise, and the run knows its own
                ledgers = (ledger_address(result.claim, events),)
            ends = result.counterexample.slack_low, result.counterexample.slack_high
            claim = find_claim(list_claims(ledgers), result.claim.id).claim
            return Wanted(claim, result.counterexample.instance, ends)
    have = [result.case for result in results if result.counterexample is not None]
    if not have:
        find_claim(list_claims(ledgers), split_case_id(case)[0])
    raise InputError(
        f"{run_file} has no case {case!r}; it has counterexamples for: {', '.join(have) or 'none'}"
    )


def _conclusion(slack: Slack) -> str:
    from drmg_properties.formulas import interval

    shown = interval(slack)
    value = f"slack {shown}" if shown.startswith("in ") else f"slack = {shown}"
    if slack.violated:
        return f"{value} < 0: this instance violates the claim."
    if slack.holds:
        return f"{value} >= 0: the claim holds on this instance."
    return f"{value} contains 0: undecided."


def _is_as_recorded(slack: Slack, wanted: Wanted) -> bool:
    from drmg_check.runs import rational_above, rational_below

    return wanted.recorded in (None, (rational_below(slack.low), rational_above(slack.high)))


def _is_as_expected(claim: AnyClaim, slack: Slack) -> bool:
    from drmg_check.vocabulary import Verdict

    shows_a_violation = claim.expected in (Verdict.REFUTED, Verdict.VACUOUS)
    return slack.violated if shows_a_violation else slack.holds
