"""Backups that an earlier run has computed are recalled in their order, those of this run are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from drmg_check.files import Steps
from drmg_check.models import Stage
from drmg_check.vocabulary import Array
from drmg_oracles.games._fixed_point import Between

BackUp: TypeAlias = Callable[[Stage, Between], Between]


def resuming(back_up: BackUp, steps: Steps | None, chosen: Sequence[Array] = ()) -> BackUp:
    """Return a backup that recalls the steps that were kept, and keeps those that it computes.

    ``chosen[h]`` is what the backup writes beside the values of step h: it is kept and recalled with them. A
    driver asks for the same backups in the same order whenever it runs.
    """
    if steps is None:
        return back_up

    def step(stage: Stage, following: Between) -> Between:
        if (known := steps.recall()) is not None:
            lo, hi, *beside = known
            for array, part in zip(chosen, beside, strict=True):
                array[stage.step] = part
            return Between(lo, hi)
        now = back_up(stage, following)
        steps.keep((now.lo, now.hi, *(array[stage.step] for array in chosen)))
        return now

    return step
