"""``drmg-check report``: views of a recorded run."""

from __future__ import annotations

from pathlib import Path

import click

from drmg_check.cli._console import console
from drmg_check.cli._folder import write_file
from drmg_check.cli._options import existing_file, new_file, quiet_option


@click.command(epilog="Exit codes: 0 all as expected, 1 findings or a run that died, 2 usage or input.")
@click.argument("run", type=existing_file)
@click.option("--html", type=new_file, help="Write the HTML report.")
@click.option("--markdown", type=new_file, help="Write a summary in Markdown.")
@click.option("--junit", type=new_file, help="Write a JUnit file for continuous integration.")
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Show every counterexample.")
def report(
    run: Path, html: Path | None, markdown: Path | None, junit: Path | None, quiet: bool, verbose: bool
) -> int:
    """Show a recorded run again.

    It appears on the terminal and in the files asked for. RUN is the NDJSON file of an audit
    or a validation, finished or not, or the JSON file of a certificate, a learner or an experiment,
    of which there is an HTML report only. Identical files give identical reports.
    """
    from drmg_check.documents import is_page
    from drmg_check.files import read_file
    from drmg_check.runs import Footer, read_events
    from drmg_reports import Shown, print_summary, render_html, render_junit, render_markdown

    if is_page(data := read_file(run)):
        if html is None or markdown or junit:
            raise click.UsageError(f"{run} holds no run, but a page: give --html alone.")
        return _render_page(data, run, html, quiet=quiet)
    events = read_events(run)
    notes = []
    for path, render in ((html, render_html), (markdown, render_markdown), (junit, render_junit)):
        if path is not None:
            write_file(path, render(events))
            notes.append(f"Written: {path}")
    print_summary(console(), events, Shown(quiet=quiet, verbose=verbose), notes=notes)
    footer = events[-1]
    return 1 if not isinstance(footer, Footer) or footer.unexpected or footer.errors else 0


def _render_page(data: bytes, where: Path, html: Path, *, quiet: bool) -> int:
    from drmg_check.documents import decode_page
    from drmg_reports import render_page

    write_file(html, render_page(decode_page(data, str(where))))
    if not quiet:
        console().print(f"Written: {html}", soft_wrap=True)
    return 0
