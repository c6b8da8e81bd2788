"""Files in and out, and the choice of the reader by what the file is."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from drmg_check.files import MAX_FILE_BYTES, FilePath, read_bytes, regular_file, whole_file, write_whole
from drmg_check.models import (
    DiscountedGame,
    JointPolicy,
    Model,
    RobustMarkovGame,
    SparsePolicy,
    StagedGame,
    joint_policy,
)
from drmg_check.readers._game_json import KnownGame, game_from_json, pieces_of_json
from drmg_check.readers._game_json_sparse import model_from_json
from drmg_check.readers._json import decoded
from drmg_check.readers._nfg import game_from_nfg
from drmg_check.readers._npz import game_from_npz, is_compressed, model_from_npz
from drmg_check.readers._npz_sparse import staged_game_from_npz, staged_game_to_npz
from drmg_check.readers._policy_arrays import NPY, NPZ, policy_from_arrays
from drmg_check.readers._policy_json import policy_from_json, policy_to_json
from drmg_check.readers._policy_npz import is_compressed_policy, policy_from_npz, policy_to_npz
from drmg_check.readers._prism import PrismFiles, game_from_prism, model_from_prism
from drmg_check.readers._strangers import stranger_of
from drmg_check.sets import UncertaintySet
from drmg_check.vocabulary import InputError, Number, UnsupportedError, check_type

G = TypeVar("G", bound=KnownGame)
MOST_BYTES = 2**34
"""A file of a game with compressed rows is read up to 16 GiB, if memory holds what it announces."""
_OF_STATES, _OF_TRANSITIONS = (".srew", ".rews"), (".trew", ".rewt")


def read_game(
    path: FilePath,
    *,
    horizon: int | None = None,
    radius: Number | None = None,
    uncertainty: UncertaintySet | str | None = None,
    initial_state: int | None = None,
    rewards: str | None = None,
) -> RobustMarkovGame:
    """Read a game file: JSON, ``.npz``, ``.nfg``, or PRISM's ``.tra`` with the files beside it.

    A file ending in ``.tra`` is PRISM's, one that starts as a zip archive is NumPy's, one that starts
    with NFG is Gambit's; everything else is JSON.

    Parameters
    ----------
    path : str or path
        For PRISM the ``.tra`` file; ``.lab``, ``.sta``, ``.srew`` or ``.rews``, ``.trew`` or ``.rewt`` of
        the same name are read with it.
    horizon, radius, uncertainty
        What PRISM's files do not say (the horizon is needed); the other formats say it themselves.
    initial_state : int
        For PRISM, instead of the state that the ``.lab`` file names.
    rewards : str
        For PRISM, the name of the reward files without their suffix where there are several, as ``m1`` for
        ``m1.srew`` and ``m1.trew``.

    Raises
    ------
    InputError
        No such file, no regular file, more than 128 MiB, a content that is no game, or an option that
        the format has itself; the message starts with the path.
    UnsupportedError
        A model that is no :class:`RobustMarkovGame`, or of a format that is known and not read; see
        :func:`game_from_prism`.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from drmg_check.zoo import load
    >>> with TemporaryDirectory() as folder:
    ...     path = f"{folder}/chain.json"
    ...     write_game(load("good-bad-chain"), path)
    ...     read_game(path).name
    'good-bad-chain'
    """
    given = {"horizon": horizon, "radius": radius, "uncertainty": uncertainty}
    given |= {"initial_state": initial_state, "rewards": rewards}
    return _read(path, given, game_from_prism, _game)


def read_model(path: FilePath, **options: Any) -> KnownGame:  # noqa: ANN401 - as above
    """Read a game file as :func:`read_game` does, or a discounted game; large ones stay compressed.

    Rows do so if the file says so or they are too large for arrays; such a file may have any size that memory
    holds. Errors are those of :func:`read_game`, :func:`staged_game_from_npz` and :func:`model_from_json`.

    >>> from tempfile import TemporaryDirectory
    >>> import numpy as np
    >>> with TemporaryDirectory() as folder:
    ...     path = f"{folder}/loop.npz"
    ...     rows = {"P_indptr": [0, 1], "P_indices": [0], "P_weights": [1.0]}
    ...     np.savez(path, **rows, r=1.0, radius=0.0, uncertainty="tv", horizon=2)
    ...     read_model(path).criterion
    'H = 2'
    """
    given = {**dict.fromkeys(("horizon", "radius", "uncertainty", "initial_state", "rewards")), **options}
    return _read(path, given, model_from_prism, _model)


def _read(
    path: FilePath, given: dict[str, Any], of_prism: Callable[..., G], of_content: Callable[[FilePath], G]
) -> G:
    """Read a file by what it is, and let the message of every error start with its path."""
    check_type(path, (str, os.PathLike), "path", "the path of a file")
    try:
        if Path(path).suffix == ".tra":
            if given["horizon"] is None:
                raise InputError("PRISM files do not say the horizon; give it, as in model.tra?horizon=10")
            rewards = given.pop("rewards")
            most = None if of_prism is game_from_prism else MOST_BYTES
            return of_prism(_prism_files(Path(path), rewards, most), **given, name=Path(path).stem)
        if any(each is not None for each in given.values()):
            raise InputError(
                "horizon, radius, uncertainty, initial_state and rewards stand in the file; give them for "
                ".tra files only"
            )
        return of_content(path)
    except UnsupportedError as error:
        raise UnsupportedError(f"{path}: {error}") from error
    except (InputError, OSError) as error:
        raise InputError(f"{path}: {error}") from error


def _model(path: FilePath) -> KnownGame:
    if is_compressed(regular_file(path)):
        return staged_game_from_npz(Path(path))
    data = read_bytes(path, MOST_BYTES)
    if data.startswith(NPZ):
        return model_from_npz(read_bytes(path))
    text = not data.startswith(b"PK") and Path(path).suffix != ".nfg"
    if text and data.lstrip().startswith((b"{", codecs.BOM_UTF8 + b"{")):
        return model_from_json(data)
    return _of_bytes(read_bytes(path) if len(data) > MAX_FILE_BYTES else data, Path(path).suffix)


def _game(path: FilePath) -> RobustMarkovGame:
    return _of_bytes(read_bytes(path), Path(path).suffix)


def _of_bytes(data: bytes, suffix: str) -> RobustMarkovGame:
    if data.startswith(b"PK"):
        return game_from_npz(data)
    text = decoded(data).lstrip()
    if text.startswith("NFG") or suffix == ".nfg":
        return game_from_nfg(text)
    if what := stranger_of(text):
        raise UnsupportedError(what)
    return game_from_json(data)


def read_policy(path: FilePath, game: Model | None = None) -> JointPolicy:
    """Read a policy file: JSON, ``.npy`` or ``.npz``; errors as for :func:`read_game`.

    ``game`` says for arrays what they do not: see :func:`policy_from_arrays`.

    >>> from tempfile import TemporaryDirectory
    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> with TemporaryDirectory() as folder:
    ...     path = f"{folder}/policy.json"
    ...     write_policy(uniform_policy(load("good-bad-chain")), path)
    ...     read_policy(path).actions
    (1,)
    """
    policy = read_rules(path, game)
    return joint_policy(policy) if isinstance(policy, SparsePolicy) else policy


def read_rules(path: FilePath, game: Model | None = None) -> JointPolicy | SparsePolicy:
    """Read a policy file as :func:`read_policy` does, or one with compressed rules, which may be large.

    Errors are those of :func:`read_policy` and :func:`policy_from_npz`.

    >>> from tempfile import TemporaryDirectory
    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> with TemporaryDirectory() as folder:
    ...     path = f"{folder}/policy.npz"
    ...     write_policy(uniform_policy(load("good-bad-chain")), path)
    ...     type(read_rules(path)).__name__
    'SparsePolicy'
    """
    try:
        if is_compressed_policy(regular_file(path)):
            return policy_from_npz(Path(path))
        data = read_bytes(path)
        return policy_from_arrays(data, game) if data.startswith((NPY, NPZ)) else policy_from_json(data)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def is_policy_file(path: FilePath) -> bool:
    """Return whether a file is there and is a policy as this project writes it: JSON, or compressed rules.

    >>> is_policy_file("no such file")
    False
    """
    try:
        file = regular_file(path)
        with file.open("rb") as stream:
            head = stream.read(200)
    except (InputError, OSError):
        return False
    return is_compressed_policy(file) or b'"drmg-policy"' in head


def write_game(game: KnownGame, path: FilePath) -> None:
    """Write a game as JSON, or one of compressed rows as an archive if the path ends in ``.npz``.

    The file appears complete or not at all.

    Raises
    ------
    InputError
        The path cannot be written, or :func:`game_to_json` refuses the game.
    UnsupportedError
        An archive of a game that :func:`staged_game_to_npz` refuses.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from drmg_check.zoo import load
    >>> with TemporaryDirectory() as folder:
    ...     write_game(load("good-bad-chain"), f"{folder}/chain.json")
    ...     [path.name for path in Path(folder).iterdir()]
    ['chain.json']
    """
    check_type(path, (str, os.PathLike), "path", "the path of a file")
    archive = Path(path).suffix == ".npz"
    with whole_file(path) as stream:
        if archive and isinstance(game, StagedGame | DiscountedGame):
            staged_game_to_npz(game, stream)
        else:
            stream.writelines(piece.encode() for piece in pieces_of_json(game))


def write_policy(policy: JointPolicy | SparsePolicy, path: FilePath) -> None:
    """Write a joint policy as JSON, or by what it plays if the path ends in ``.npz``; errors as for games.

    >>> from tempfile import TemporaryDirectory
    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> with TemporaryDirectory() as folder:
    ...     write_policy(uniform_policy(load("good-bad-chain")), f"{folder}/policy.json")
    ...     [path.name for path in Path(folder).iterdir()]
    ['policy.json']
    """
    check_type(path, (str, os.PathLike), "path", "the path of a file")
    if Path(path).suffix == ".npz":
        with whole_file(path) as stream:
            policy_to_npz(policy, stream)
        return
    policy = joint_policy(policy) if isinstance(policy, SparsePolicy) else policy
    write_whole(path, policy_to_json(policy))


def _prism_files(path: Path, rewards: str | None, most: int | None) -> PrismFiles:
    def beside(stem: str, *suffixes: str) -> str:
        files = [file for suffix in suffixes if (file := path.with_name(stem + suffix)).exists()]
        if len(files) > 1:
            raise InputError(f"{files[0].name} and {files[1].name} both exist; expected one of them")
        return decoded(read_bytes(files[0], most)) if files else ""

    chosen = _reward_structure(path) if rewards is None else rewards
    state_rewards, transition_rewards = beside(chosen, *_OF_STATES), beside(chosen, *_OF_TRANSITIONS)
    if rewards is not None and not state_rewards and not transition_rewards:
        raise InputError(f"rewards={rewards!r}: no such file {rewards}.srew or {rewards}.trew beside it")
    return PrismFiles(
        transitions=decoded(read_bytes(path, most)),
        labels=beside(path.stem, ".lab"),
        states=beside(path.stem, ".sta"),
        state_rewards=state_rewards,
        transition_rewards=transition_rewards,
    )


def _reward_structure(path: Path) -> str:
    """Return the one name that reward files have: that of the model, alone or with an ending.

    PRISM writes one file for each reward structure and numbers them, m1.srew and m2.srew beside m.tra.
    """
    ending = re.compile(re.escape(path.stem) + r"(\d+|[._-]\w+)")
    names = {file.stem for file in path.parent.iterdir() if file.suffix in (*_OF_STATES, *_OF_TRANSITIONS)}
    structures = sorted(
        name
        for name in names
        if name == path.stem or (ending.fullmatch(name) and not path.with_name(f"{name}.tra").exists())
    )
    if len(structures) > 1:
        raise InputError(
            f"there are {len(structures)} reward structures, {', '.join(structures[:4])}; choose one, as in "
            f"{path.name}?horizon=10&rewards={structures[0]}"
        )
    return structures[0] if structures else path.stem
