"""The long work of ``drmg-check certify``: said beforehand, shown meanwhile, and kept when it is stopped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from drmg_check.cli._console import console

if TYPE_CHECKING:
    from drmg_check.files import Parts
    from drmg_check.models import JointPolicy, Model
    from drmg_check.words import Concept
    from drmg_oracles.policies import GapCertificate

WORTH_SAYING = 5.0  # seconds from which an estimate is printed, and finished steps are kept
MUCH = 2**28  # bytes from which they are said
EVERY = 60.0  # seconds between two lines of work that is piped


@dataclass(frozen=True, slots=True)
class Work:
    """What a command has done so far.

    Attributes
    ----------
    written : list of str
        The files that are complete, and what they are.
    kept : list of (Path, Parts)
        The files of finished steps, which go away when ``until`` closes after all has ended well.
    """

    written: list[str] = field(default_factory=list)
    kept: list[tuple[Path, Parts]] = field(default_factory=list)
    until: ExitStack = field(default_factory=ExitStack)


@contextmanager
def work_that_may_be_stopped() -> Iterator[Work]:
    """Yield what to note work in; on Ctrl-C it is said. A file that was being written is not there."""
    work = Work()
    with work.until:
        try:
            yield work
        except KeyboardInterrupt:
            click.echo(f"\nInterrupted; written: {'; '.join(work.written) or 'nothing'}.", err=True)
            if kept := [str(path) for path, parts in work.kept if parts.kept]:
                click.echo(f"The same command goes on after the steps in {' and '.join(kept)}.", err=True)
            raise


def planned(game: Model, concept: Concept, work: Work) -> JointPolicy:
    """Plan an equilibrium."""
    from drmg_check.planner import estimate_plan, robust_value_iteration

    total, estimate = _finite(game, len(game.stages)), estimate_plan(game, concept)
    announce("Planning", estimate.seconds, estimate.bytes)
    with clock(f"planning, {concept}", total) as advance:
        parts = _parts(game, f"plan {concept}", estimate.seconds, total, work)
        plan = robust_value_iteration(
            game,
            concept,
            progress=lambda _step: advance(),
            steps=None if parts is None else parts.steps("plan"),
        )
    return plan.policy


def certified(game: Model, policy: JointPolicy, work: Work) -> GapCertificate:
    """Certify a policy in fractions."""
    from drmg_check.files import kept_parts
    from drmg_check.models import StagedGame, independent, written_out
    from drmg_check.readers import check_size
    from drmg_oracles.policies import certify, count_parts, estimate_seconds

    if isinstance(game, StagedGame):
        check_size(states=game.n_states, actions=game.actions, horizon=game.horizon)
        game = written_out(game)
    seconds = estimate_seconds(game, policy)
    total = _finite(game, count_parts(game, independent(policy)))
    announce("This", seconds, 0)
    with clock(f"certifying, about {duration(seconds)}", total) as advance:
        parts = _parts(game, policy, seconds, total, work, advance)
        if parts is None:
            parts = work.until.enter_context(kept_parts(None, "", advance))
        return certify(game, policy, parts=parts)


def _finite(game: Model, steps: int) -> int | None:
    """Return how many steps there are, None if they go on until values stand still."""
    from drmg_check.models import FiniteHorizon

    return steps if isinstance(game, FiniteHorizon) else None


def _parts(
    game: Model,
    policy: JointPolicy | str,
    seconds: float,
    total: int | None,
    work: Work,
    done: Callable[[], object] = lambda: None,
) -> Parts | None:
    """Return where the finished steps are kept, if this takes long and the folder can be written into."""
    from drmg_check.files import kept_parts
    from drmg_check.models import RobustMarkovGame
    from drmg_oracles.policies import work_on

    if seconds < WORTH_SAYING or not isinstance(game, RobustMarkovGame) or not os.access(".", os.W_OK):
        return None
    name = work_on(game, policy)
    path = Path(f"drmg-certify-{name[:12]}.partial")
    parts = work.until.enter_context(kept_parts(path, name, done))
    work.kept.append((path, parts))
    if parts.earlier:
        console(stderr=True).print(f"{path}: {parts.earlier} of {total} steps are done.", soft_wrap=True)
    return parts


@contextmanager
def clock(what: str, steps: int | None = None) -> Iterator[Callable[[], None]]:
    """Show on a terminal what is computed and for how long already; with ``steps``, a bar to advance.

    Where nobody sees a bar, as in a pipe, a line a minute says that the steps go on.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    terminal = console(stderr=True)
    bar = (BarColumn(bar_width=24), MofNCompleteColumn()) if steps else ()
    columns = (TextColumn("{task.description}"), *bar, TimeElapsedColumn())
    told: list[float] = []  # from the first step on: before it, solvers are compiled
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal) as bars:
        task = bars.add_task(what, total=steps)

        def advance() -> None:
            bars.advance(task)
            now = monotonic()
            if not told:
                told.append(now)
            elif bars.disable and now - told[0] >= EVERY:
                told[0] = now
                terminal.print(f"{what}: {bars.tasks[0].completed:.0f} of {steps} steps", soft_wrap=True)

        yield advance


def announce(what: str, seconds: float, size: int) -> None:
    """Say what work will take, if it is worth saying."""
    if seconds < WORTH_SAYING and size < MUCH:
        return
    memory = f" and {size / 2**30:.1f} GiB" if size >= MUCH else ""
    console(stderr=True).print(f"{what} will take about {duration(seconds)}{memory}.", soft_wrap=True)


def duration(seconds: float) -> str:
    """Return a time in words."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
