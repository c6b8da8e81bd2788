"""``drmg-check diff`` and ``drmg-check trend``: recorded runs beside each other."""

from __future__ import annotations

from pathlib import Path

import click

from drmg_check.cli._console import console
from drmg_check.cli._folder import write_file
from drmg_check.cli._options import existing_file, json_option, new_file


@click.command(epilog="Exit codes: 0 nothing is worse, 1 something is, 2 usage or input.")
@click.argument("file_a", type=existing_file)
@click.argument("file_b", type=existing_file)
@click.option("--strict", is_flag=True, help="Of runs: shrunk slacks and removed cases are worse, too.")
@click.option("--markdown", type=new_file, help="Of runs: write the comparison in Markdown.")
@click.option("-v", "--verbose", is_flag=True, help="List every change.")
@json_option("the comparison as JSON")
def diff(
    file_a: Path, file_b: Path, strict: bool, markdown: Path | None, verbose: bool, as_json: bool
) -> int:
    """Compare two runs, or two certificates: what became worse, and what better.

    FILE_A and FILE_B are NDJSON files of two audits or of two validations, finished or not, or
    two certificates. Worse is a case that was as it should be and now fails, is skipped or has no result, a
    new case that fails, and a gap that certainly grew. Slacks, values and gaps are compared exactly, as the
    certified intervals that they are.
    """
    import json

    from drmg_check.documents import is_document
    from drmg_check.files import read_file
    from drmg_check.runs import read_events
    from drmg_reports import compare_runs, comparison_to_data, print_comparison, render_comparison

    data = read_file(file_a), read_file(file_b)
    if any(map(is_document, data)):
        if strict or markdown:
            raise click.UsageError("--strict and --markdown are for runs; leave them out for certificates.")
        return _diff_certificates((file_a, file_b), data, verbose=verbose, as_json=as_json)
    comparison = compare_runs(read_events(file_a), read_events(file_b), strict=strict)
    if markdown is not None:
        write_file(markdown, render_comparison(comparison))
    if as_json:
        click.echo(json.dumps(comparison_to_data(comparison), indent=1))
    else:
        print_comparison(console(), comparison, verbose=verbose)
    return 1 if comparison.worse else 0


def _diff_certificates(
    files: tuple[Path, Path], data: tuple[bytes, bytes], *, verbose: bool, as_json: bool
) -> int:
    import json

    from drmg_check.documents import Certified, decode_document
    from drmg_check.vocabulary import InputError
    from drmg_reports import (
        certificate_comparison_to_data,
        compare_certificates,
        print_certificate_comparison,
    )

    documents = []
    for path, content in zip(files, data, strict=True):
        document = decode_document(content, str(path))
        if not isinstance(document, Certified):
            raise InputError(f"{path} is a study; expected two certificates, or two runs")
        documents.append(document)
    comparison = compare_certificates(*documents)
    if as_json:
        click.echo(json.dumps(certificate_comparison_to_data(comparison), indent=1))
    else:
        print_certificate_comparison(console(), comparison, verbose=verbose)
    return 1 if comparison.worse else 0


@click.command(epilog="Exit codes: 0 shown, 2 usage or input.")
@click.argument("runs", type=existing_file, nargs=-1, required=True)
@click.option("--svg", type=new_file, help="Draw verdicts, times and slacks over the runs.")
@json_option("the trend as JSON")
def trend(runs: tuple[Path, ...], svg: Path | None, as_json: bool) -> int:
    """Show how runs develop, in the order given.

    RUNS are NDJSON files of audits, or of validations. Worse and better count the changes since the run
    before, as `drmg-check diff` does.
    """
    import json

    from drmg_check.runs import read_events
    from drmg_reports import print_trend, render_trend, trend_of_runs, trend_to_data

    moments = trend_of_runs([(str(path), read_events(path)) for path in runs])
    if svg is not None:
        write_file(svg, render_trend(moments))
    if as_json:
        click.echo(json.dumps(trend_to_data(moments), indent=1))
    else:
        print_trend(console(), moments)
    return 0
