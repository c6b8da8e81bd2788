"""``drmg-check verify-certificate``: evidence that a stranger re-checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from drmg_check.cli._console import console
from drmg_check.cli._options import existing_file


@click.command("verify-certificate", epilog="Exit codes: 0 proved, 1 refused, 2 usage or input.")
@click.argument("file", type=existing_file)
@click.option("-q", "--quiet", is_flag=True, help="Show what is refused and the last line only.")
def verify_certificate(file: Path, quiet: bool) -> int:
    """Verify that certificates prove their enclosures.

    FILE holds one certificate as JSON, or one a line (.jsonl). The checker is one file,
    drmg_oracles/checker.py, that knows nothing of how a certificate was found.
    """
    from drmg_check.vocabulary import visible
    from drmg_oracles.checker import RefusedError, verify

    out = console()
    proved = refused = 0
    for where, data in _certificates(file):
        try:
            lo, hi = verify(data)
        except RefusedError as error:
            refused += 1
            out.print(visible(f"REFUSED  {where}: {error}"), style="bold red", soft_wrap=True)
        else:
            proved += 1
            if not quiet:
                sigma = f"{lo}" if lo == hi else f"{float(lo):.17g}, width {float(hi - lo):.1e}"
                out.print(visible(f"proved   {where}: {sigma}"), soft_wrap=True)
    out.print(f"{proved} proved, {refused} refused", style="bold red" if refused else "bold green")
    return 1 if refused else 0


def _certificates(file: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    import msgspec

    from drmg_check.files import read_file
    from drmg_check.vocabulary import InputError

    data = read_file(file)
    lines = data.splitlines() if file.suffix in (".jsonl", ".ndjson") else [data]
    for k, line in enumerate(lines, 1):
        where = f"{file}" if len(lines) == 1 else f"{file}, line {k}"
        try:
            value = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InputError(f"{where}: no JSON: {error}") from error
        if not isinstance(value, dict):
            raise InputError(f"{where}: a {type(value).__name__}; expected the JSON object of a certificate")
        yield where, value
