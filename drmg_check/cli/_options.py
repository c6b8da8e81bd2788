"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., object])


class _NewFile(click.Path):
    """A file to write; an empty path would mean the current folder."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        if not os.fspath(value):
            self.fail("'' is no path; expected that of the file to write.", param, ctx)
        return super().convert(value, param, ctx)


DAY = 86_400  # seconds


class Whole(click.IntRange):
    """A whole number from ``least`` to ``most``; one above is told why there is an end."""

    def __init__(self, least: int, most: int, why: str) -> None:
        super().__init__(least)
        self._most, self._why = most, why

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401
        number = int(super().convert(value, param, ctx))
        if number > self._most:
            self.fail(f"{value} is too large; expected at most {self._most:,}: {self._why}.", param, ctx)
        return number


class Seconds(click.FloatRange):
    """A time limit, from a tenth of a second to a day."""

    def __init__(self) -> None:
        super().__init__(0.1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401
        seconds = float(super().convert(value, param, ctx))
        if not seconds <= DAY:  # NaN is in no range, though no comparison says so
            self.fail(f"{value} is no time limit; expected 0.1 to {DAY:,} s, a day.", param, ctx)
        return seconds


EPISODES = Whole(1, 10**9, "the smallest games take hours for so many")
SEEDS = Whole(1, 10_000, "the counts and policies of all runs are kept in memory")
SEED = Whole(0, 10**18, "records hold integers of 64 bits, and searches count on from the seed")
MEMORY_SIZE = Whole(1, 2**20, "no machine has a PiB of memory")
JOBS = Whole(1, 256, "each job takes a core, and some 300 MB")
ledger_option = click.option(
    "--ledger",
    "ledgers",
    multiple=True,
    default=("mornavi", "drmg-check"),  # as drmg_properties.audit has them, which costs too much to import
    metavar="NAME|MODULE:NAME|FILE:NAME",
    help="Claims of others: a registered name, or where a Ledger stands. Several are judged together.",
)
profile_option = click.option(
    "--profile",
    type=click.Choice(["quick", "ci", "deep"]),
    default="ci",
    show_default=True,
    help="How hard to search: a minute, some minutes, as long as it takes.",
)
seed_option = click.option("--seed", type=SEED, default=0, show_default=True, help="Seed of every search.")
limit_option = click.option(
    "--limit",
    type=Seconds(),
    metavar="SECONDS",
    help="Time for one claim, after which it is an error that says where it was.  [default: 300, 900 or 7200 "
    "by profile]",
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Show failures and the last line only.")
existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
new_file = _NewFile(dir_okay=False, path_type=Path)
DEFAULT_RUN = Path("drmg-audit/audit.ndjson")  # what an audit writes unless told otherwise
DEFAULT_VALIDATION = Path("drmg-validate/validate.ndjson")  # what a validation writes


def json_option(what: str) -> Callable[[F], F]:
    """Return the option that makes a command print ``what``, as in "the events as NDJSON", for programs."""
    return click.option("--json", "as_json", is_flag=True, help=f"Print {what}, and nothing else.")
