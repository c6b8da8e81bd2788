"""``drmg-check replay``: derive a counterexample again, line by line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._completion import cases
from drmg_check.cli._console import console
from drmg_check.cli._options import DEFAULT_RUN, existing_file, ledger_option

if TYPE_CHECKING:
    from drmg_check.runs import Counterexample
    from drmg_check.vocabulary import Slack
    from drmg_properties.audit import AnyClaim


@click.command(
    epilog="Exit codes: 0 the instance shows what the ledger expects and what the run recorded, "
    "1 it does not, 2 usage or input."
)
@click.argument("id_", metavar="ID", shell_complete=cases)
@click.option("--instance", metavar="JSON", help="Replay this instance.")
@click.option(
    "--run",
    "run_file",
    type=existing_file,
    help=f"Replay what this run recorded.  [default: {DEFAULT_RUN}]",
)
@ledger_option
def replay(id_: str, instance: str | None, run_file: Path | None, ledgers: tuple[str, ...]) -> int:
    """Derive one instance of a claim again, in fractions.

    ID is a claim (A3) or a case of a run (B1@zoo:frozen-lake). The slack is what the claim allows minus what
    was found: the claim holds on the instance if it is at least 0.
    """
    from drmg_check.runs import split_case_id
    from drmg_properties import decode_instance
    from drmg_properties.audit import find_claim, list_claims

    if instance is not None and run_file is not None:
        raise click.UsageError("give --instance or --run, not both")
    claim = find_claim(list_claims(ledgers), split_case_id(id_)[0]).claim
    recorded = None
    if instance is None:
        recorded = _recorded(run_file or DEFAULT_RUN, id_)
        instance = recorded.instance
    decoded = decode_instance(claim, instance)
    derivation = claim.derive(decoded)
    slack = derivation.difference
    out = console()
    out.print(f"{claim.id}  {claim.title}  ({claim.place})", style="bold", soft_wrap=True)
    out.print(claim.statement)
    out.print()
    for line in derivation.derivation:
        out.print(f"  {line}", soft_wrap=True)
    out.print()
    out.print(_conclusion(slack), soft_wrap=True)
    same = recorded is None or _is_as_recorded(slack, recorded)
    if recorded is not None:
        out.print(
            "The run recorded the same slack."
            if same
            else f"The run recorded another slack: [{recorded.slack_low}, {recorded.slack_high}]."
        )
    out.print(f"The ledger expects the claim to be: {claim.expected}.")
    return 0 if same and _is_as_expected(claim, slack) else 1


def _recorded(run_file: Path, case: str) -> Counterexample:
    from drmg_check.runs import Result, read_events
    from drmg_check.vocabulary import InputError

    if not run_file.exists():
        raise InputError(
            f"no run at {run_file}; give --run FILE or --instance JSON, or search again with "
            f"`drmg-check claims run {case.partition('@')[0]}`"
        )
    results = [event for event in read_events(run_file) if isinstance(event, Result)]
    for result in results:
        if result.case == case:
            if result.counterexample is None:
                verdict = result.found or result.outcome
                raise InputError(f"{run_file} has no counterexample for {case!r}: it found {verdict!r}")
            return result.counterexample
    have = [result.case for result in results if result.counterexample is not None]
    raise InputError(
        f"{run_file} has no case {case!r}; it has counterexamples for: {', '.join(have) or 'none'}"
    )


def _conclusion(slack: Slack) -> str:
    from drmg_check.runs import rational_above, rational_below

    low, high = rational_below(slack.low), rational_above(slack.high)
    value = f"slack = {low}" if low == high else f"slack in [{low}, {high}]"
    if slack.violated:
        return f"{value} < 0: this instance violates the claim."
    if slack.holds:
        return f"{value} >= 0: the claim holds on this instance."
    return f"{value} contains 0: undecided."


def _is_as_recorded(slack: Slack, recorded: Counterexample) -> bool:
    from drmg_check.runs import rational_above, rational_below

    return (rational_below(slack.low), rational_above(slack.high)) == (
        recorded.slack_low,
        recorded.slack_high,
    )


def _is_as_expected(claim: AnyClaim, slack: Slack) -> bool:
    from drmg_check.vocabulary import Verdict

    shows_a_violation = claim.expected in (Verdict.REFUTED, Verdict.VACUOUS)
    return slack.violated if shows_a_violation else slack.holds
