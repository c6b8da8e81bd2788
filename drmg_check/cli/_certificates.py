"""``drmg-check verify-certificate``: evidence that a stranger re-checks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from drmg_check.cli._console import console
from drmg_check.cli._options import existing_file


@click.command("verify-certificate", epilog="Exit codes: 0 proved, 1 refused, 2 usage or input.")
@click.argument("file", type=existing_file)
@click.option("-q", "--quiet", is_flag=True, help="Show what is refused and the last line only.")
@click.option("--game", metavar="GAME", help="Of tables (.npz): the file or zoo:NAME that they are about.")
@click.option("--policy", type=existing_file, metavar="POLICY", help="Of tables: uniform without one.")
@click.option("--places", type=click.IntRange(1), default=1000, help="Of tables: how many to prove of each.")
@click.option("--seed", type=click.IntRange(0), default=0, help="Which places.")
@click.option("--kernel", is_flag=True, help="Write the certificate of a row as a theorem for Coq instead.")
def verify_certificate(
    file: Path, quiet: bool, game: str | None, policy: Path | None, places: int, seed: int, kernel: bool
) -> int:
    """Verify that certificates prove what they claim.

    FILE is what certify --json writes, or holds one certificate of an enclosure as JSON, or one a
    line (.jsonl). Worst cases are proved by one file, drmg_oracles/checker.py, that knows nothing of
    how they were found; the values of a policy are computed from them again. Tables, which
    certify --tables writes, are proved at random places, or at all of them if there are no more.
    """
    from drmg_check.vocabulary import CertificateError, visible

    out = console()
    if kernel:
        return _print_theorem(file)
    if file.suffix == ".npz":
        return _verify_tables(file, game, policy, places, seed)
    proved = refused = 0
    for where, data in _certificates(file):
        try:
            said = _proved(data, where)
        except CertificateError as error:
            refused += 1
            out.print(visible(f"REFUSED  {where}: {error}"), style="bold red", soft_wrap=True)
        else:
            proved += 1
            if not quiet:
                out.print(visible(f"proved   {where}: {said}"), soft_wrap=True)
    out.print(f"{proved} proved, {refused} refused", style="bold red" if refused else "bold green")
    return 1 if refused else 0


def _print_theorem(file: Path) -> int:
    import msgspec

    from drmg_check.vocabulary import InputError
    from drmg_properties.theorems import kernel_check

    (where, data), *others = _certificates(file)
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{where}: no JSON: {error}") from error
    if others or not isinstance(value, dict) or "row" not in value:
        raise InputError(f"{file}: expected one certificate of one row, with row, lo, hi and bound")
    click.echo(kernel_check(value), nl=False)
    return 0


def _verify_tables(file: Path, address: str | None, policy_file: Path | None, places: int, seed: int) -> int:
    from drmg_check.documents import decode_tables
    from drmg_check.files import regular_file
    from drmg_check.models import Policy, uniform_policy
    from drmg_check.readers import read_rules
    from drmg_check.vocabulary import CertificateError, visible
    from drmg_check.zoo import resolve_model
    from drmg_oracles.policies import sampled_places, verify_places

    if address is None:
        raise click.UsageError("Tables hold no game: give it by --game, and the policy by --policy.")
    game = resolve_model(address)
    policy: Policy = uniform_policy(game) if policy_file is None else read_rules(policy_file, game)
    out, refused, complete = console(), 0, True
    tables = decode_tables(regular_file(file))
    for table in tables:
        chosen = sampled_places(table, places, seed)
        complete &= len(chosen) == (table.L.shape[0] - 1) * table.L.shape[1]
        what = f"agent {table.agent}, {table.question}"
        try:
            rows = verify_places(game, policy, table, chosen)
        except CertificateError as error:
            refused += 1
            out.print(visible(f"REFUSED  {error}"), style="bold red", soft_wrap=True)
        else:
            out.print(
                visible(f"proved   {what}: {len(chosen):,} places by {rows:,} worst cases"), soft_wrap=True
            )
    least = min(places, len(sampled_places(tables[0], places, seed)))
    said = (
        "every place of every table is proved, and so are all values"
        if complete
        else f"with 95 % confidence fewer than {3 / least:.1%} of the places are wrong (seed {seed})"
    )
    last = f"{len(tables) - refused} tables proved, {refused} refused"
    out.print(last if refused else f"{last}: {said}", style="bold red" if refused else "bold green")
    return 1 if refused else 0


def _proved(data: bytes, where: str) -> str:
    """Return what a certificate proves, in words.

    Raises
    ------
    CertificateError
        It proves less than it claims.
    InputError
        It is none, or of another version.
    """
    from drmg_check.documents import is_policy_certificate

    return _policy(data, where) if is_policy_certificate(data) else _enclosure(data, where)


def _policy(data: bytes, where: str) -> str:
    from drmg_check.documents import Certified, decode_document
    from drmg_oracles.policies import verify_certificate
    from drmg_reports.words import certificate_headline

    document = decode_document(data, where)
    assert isinstance(document, Certified)
    rows = verify_certificate(document)
    return f"{certificate_headline(document)}, by {rows:,} worst cases"


def _enclosure(data: bytes, where: str) -> str:
    import msgspec

    from drmg_check.vocabulary import CertificateError, InputError
    from drmg_oracles.checker import RefusedError, verify

    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{where}: no JSON: {error}") from error
    if not isinstance(value, dict):
        raise InputError(f"{where}: a {type(value).__name__}; expected the JSON object of a certificate")
    try:
        lo, hi = verify(value)
    except RefusedError as error:
        raise CertificateError(str(error)) from error
    return f"{lo}" if lo == hi else f"{float(lo):.17g}, width {float(hi - lo):.1e}"


def _certificates(file: Path) -> Iterator[tuple[str, bytes]]:
    from drmg_check.files import read_file

    data = read_file(file)
    lines = data.splitlines() if file.suffix in (".jsonl", ".ndjson") else [data]
    for k, line in enumerate(lines, 1):
        yield f"{file}" if len(lines) == 1 else f"{file}, line {k}", line
