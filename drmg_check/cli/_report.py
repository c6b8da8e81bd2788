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
@click.option("--badge", type=new_file, help="Write a badge, JSON as shields.io reads it.")
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Show every counterexample.")
def report(run: Path, quiet: bool, verbose: bool, **files: Path | None) -> int:
    """Show a recorded run, a certificate or a study again.

    It appears on the terminal and in the files asked for. RUN is the NDJSON file of an audit
    or a validation, finished or not, or the JSON file of a certificate, a learner or an experiment,
    which have an HTML page only. Identical files give identical reports.
    """
    from drmg_check.documents import is_document
    from drmg_check.files import read_file
    from drmg_check.runs import Footer, read_events
    from drmg_reports import Shown, print_summary, render_badge, render_html, render_junit, render_markdown

    html, *others = files["html"], files["markdown"], files["junit"], files["badge"]
    if is_document(data := read_file(run)):
        if any(others):
            raise click.UsageError(f"{run} holds no run, but a document: there is a page of it, by --html.")
        return _show_document(data, run, html, quiet=quiet)
    events = read_events(run)
    notes = []
    writers = render_html, render_markdown, render_junit, render_badge
    for path, render in zip((html, *others), writers, strict=True):
        if path is not None:
            write_file(path, render(events))
            notes.append(f"Written: {path}")
    print_summary(console(), events, Shown(quiet=quiet, verbose=verbose), notes=notes)
    footer = events[-1]
    return 1 if not isinstance(footer, Footer) or footer.unexpected or footer.errors else 0


def _show_document(data: bytes, where: Path, html: Path | None, *, quiet: bool) -> int:
    from drmg_check.documents import Certified, decode_document
    from drmg_reports import Shown, print_certificate, print_study, render_document

    document = decode_document(data, str(where))
    out = console()
    if html is not None:
        write_file(html, render_document(document))
    if isinstance(document, Certified):
        if not quiet:
            print_certificate(out, document)
            out.print()
    else:
        print_study(out, document, Shown(quiet=quiet))
    if html is not None and not quiet:
        out.print(f"Written: {html}", soft_wrap=True)
    return 0 if isinstance(document, Certified) or all(each.met for each in document.criteria) else 1
