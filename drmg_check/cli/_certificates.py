"""``drmg-check verify-certificate`` and ``drmg-check vectors``: evidence that a stranger re-checks."""

from __future__ import annotations

import click


@click.command("verify-certificate")
def verify_certificate() -> int:
    return 0


@click.group()
def vectors() -> None:
    """Build or check the certified test vectors."""
