"""Checkpoints of a run: one archive of plain arrays a seed, beside a JSON file that says of which run.

An archive holds no objects, so that reading it runs no code; it replaces the earlier one as a whole or not at
all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from drmg_check.files import read_bytes, whole_file, write_whole
from drmg_check.learners._settings import Settings
from drmg_check.models import FiniteHorizon, float_array
from drmg_check.sets import game_set_to_data
from drmg_check.vocabulary import Array, InputError

_FORMAT = "drmg-run"


@dataclass(frozen=True, slots=True)
class Recording:
    """What of a run is written down.

    Parameters
    ----------
    folder : Path, optional
        Where a checkpoint of each seed is kept, at least every few seconds.
    resume : bool
        Go on from the checkpoints in ``folder``; the result is the same as without interruption.
    marks : increasing sequence of int, optional
        After how many episodes the curves are written; the last must be K. By default about 150 of them.

    Examples
    --------
    >>> Recording(folder=Path("runs"), resume=True).marks is None
    True
    """

    folder: Path | None = None
    resume: bool = False
    marks: Sequence[int] | None = None


NOTHING_KEPT = Recording()


def open_folder(folder: Path, game: FiniteHorizon, settings: Settings, *, resume: bool) -> None:
    """Make ``folder`` the place of this run.

    Raises
    ------
    InputError
        To resume: the folder holds another run. Else: it holds an unfinished one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "run.json"
    run = {"format": _FORMAT, "version": 1, "settings": asdict(settings), "game": _fingerprint(game)}
    earlier = _recorded(path)
    if resume and earlier is not None:
        if earlier != run:
            raise InputError(
                f"{folder} holds another run: {_difference(earlier, run)}; choose another folder, or leave "
                "out --resume to start over"
            )
        return
    archives = sorted(folder.glob("seed-*.npz"))
    if not resume:
        episodes = settings.episodes if earlier is None else earlier["settings"]["episodes"]
        for archive in archives:
            if _episodes_done(archive) < episodes:
                raise InputError(
                    f"{archive} is an unfinished run; add --resume to go on with it, or choose another folder"
                )
    for archive in archives:
        archive.unlink()
    write_whole(path, json.dumps(run, indent=1))


def _recorded(path: Path) -> dict[str, Any] | None:
    """Return what the folder says of its run, None if nothing."""
    if not path.exists():
        return None
    try:
        earlier = json.loads(read_bytes(path))
    except ValueError as error:
        raise InputError(f"{path}: no JSON: {error}; delete {path.parent} to start over") from error
    settings = (
        earlier.get("settings") if isinstance(earlier, dict) and earlier.get("format") == _FORMAT else None
    )
    if not isinstance(settings, dict) or not isinstance(settings.get("episodes"), int):
        raise InputError(f"{path} is of another program; choose another folder")
    return dict(earlier)


def read_checkpoint(folder: Path, seed: int, like: Mapping[str, Array]) -> dict[str, Array] | None:
    """Return the arrays of the last checkpoint of a seed, ``None`` if there is none.

    Raises
    ------
    InputError
        The file is damaged: an array is missing, or of another shape or type than in ``like``.
    """
    path = folder / f"seed-{seed}.npz"
    if not path.exists():
        return None
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in like}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise InputError(f"{path} is no checkpoint: {error}; delete it to start this seed over") from error
    for name, array in like.items():
        if arrays[name].shape != array.shape or arrays[name].dtype != array.dtype:
            raise InputError(
                f"{path}: {name} is {arrays[name].dtype} {arrays[name].shape}; "
                f"expected {array.dtype} {array.shape}"
            )
    return arrays


def write_checkpoint(folder: Path, seed: int, arrays: Mapping[str, Array]) -> None:
    """Replace the checkpoint of a seed."""
    path = folder / f"seed-{seed}.npz"
    with whole_file(path) as stream:
        np.savez(stream, allow_pickle=False, **arrays)
        stream.flush()
        os.fsync(stream.fileno())


def _episodes_done(archive: Path) -> int:
    try:
        with archive.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            return int(arrays["k"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return 0


def _fingerprint(game: FiniteHorizon) -> str:
    """Return a digest of all numbers that a run depends on, and of the sets."""
    digest = sha256(json.dumps([game_set_to_data(ball) for ball in game.uncertainty]).encode())
    digest.update(repr((game.actions, game.horizon, game.n_states, game.initial_state)).encode())
    kernels = game.stages[:1] if game.is_stationary else game.stages
    for array in (*(float_array(stage.rows) for stage in kernels), game.r, game.rho):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _difference(earlier: Mapping[str, object], run: Mapping[str, object]) -> str:
    ours, theirs = run["settings"], earlier.get("settings")
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in ours:
            if theirs.get(name) != ours[name]:
                return f"{name} was {theirs.get(name)!r}, now {ours[name]!r}"
    return "the game differs"
