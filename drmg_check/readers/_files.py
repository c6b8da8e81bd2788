"""Files in and out, and the choice of the reader by what the file is."""

from __future__ import annotations

import os
from pathlib import Path

from drmg_check.files import FilePath, read_bytes, write_whole
from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.readers._game_json import game_from_json, game_to_json
from drmg_check.readers._nfg import game_from_nfg
from drmg_check.readers._npz import game_from_npz
from drmg_check.readers._policy_json import policy_from_json, policy_to_json
from drmg_check.readers._prism import PrismFiles, game_from_prism
from drmg_check.sets import UncertaintySet
from drmg_check.vocabulary import InputError, Number, check_type


def read_game(
    path: FilePath,
    *,
    horizon: int | None = None,
    radius: Number | None = None,
    uncertainty: UncertaintySet | None = None,
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

    Raises
    ------
    InputError
        No such file, no regular file, more than 128 MiB, a content that is no game, or an option that
        the format has itself; the message starts with the path.
    UnsupportedError
        A PRISM model that is no :class:`RobustMarkovGame`; see :func:`game_from_prism`.

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
    check_type(path, (str, os.PathLike), "path", "the path of a file")
    try:
        if Path(path).suffix == ".tra":
            if horizon is None:
                raise InputError("PRISM files do not say the horizon; give it, as in model.tra?horizon=10")
            return _read_prism(Path(path), horizon, radius, uncertainty)
        if (horizon, radius, uncertainty) != (None, None, None):
            raise InputError(
                "horizon, radius and uncertainty stand in the file; give them for .tra files only"
            )
        data = read_bytes(path)
        if data.startswith(b"PK"):
            return game_from_npz(data)
        if data.startswith(b"NFG"):
            return game_from_nfg(_decoded(data))
        return game_from_json(data)
    except (InputError, OSError) as error:
        raise InputError(f"{path}: {error}") from error


def read_policy(path: FilePath) -> JointPolicy:
    """Read a policy file; errors as for :func:`read_game`.

    >>> from tempfile import TemporaryDirectory
    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> with TemporaryDirectory() as folder:
    ...     path = f"{folder}/policy.json"
    ...     write_policy(uniform_policy(load("good-bad-chain")), path)
    ...     read_policy(path).actions
    (1,)
    """
    try:
        return policy_from_json(read_bytes(path))
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def write_game(game: RobustMarkovGame, path: FilePath) -> None:
    """Write a game as JSON; the file appears complete or not at all.

    Raises
    ------
    InputError
        The path cannot be written, or :func:`game_to_json` refuses the game.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from drmg_check.zoo import load
    >>> with TemporaryDirectory() as folder:
    ...     write_game(load("good-bad-chain"), f"{folder}/chain.json")
    ...     [path.name for path in Path(folder).iterdir()]
    ['chain.json']
    """
    write_whole(path, game_to_json(game))


def write_policy(policy: JointPolicy, path: FilePath) -> None:
    """Write a joint policy as JSON; errors as for :func:`write_game`.

    >>> from tempfile import TemporaryDirectory
    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> with TemporaryDirectory() as folder:
    ...     write_policy(uniform_policy(load("good-bad-chain")), f"{folder}/policy.json")
    ...     [path.name for path in Path(folder).iterdir()]
    ['policy.json']
    """
    write_whole(path, policy_to_json(policy))


def _read_prism(
    path: Path, horizon: int, radius: Number | None, uncertainty: UncertaintySet | None
) -> RobustMarkovGame:
    def beside(*suffixes: str) -> str:
        files = [path.with_suffix(suffix) for suffix in suffixes if path.with_suffix(suffix).exists()]
        if len(files) > 1:
            raise InputError(f"{files[0].name} and {files[1].name} both exist; expected one of them")
        return _decoded(read_bytes(files[0])) if files else ""

    model = PrismFiles(
        transitions=_decoded(read_bytes(path)),
        labels=beside(".lab"),
        states=beside(".sta"),
        state_rewards=beside(".srew", ".rews"),
        transition_rewards=beside(".trew", ".rewt"),
    )
    return game_from_prism(model, horizon=horizon, radius=radius, uncertainty=uncertainty, name=path.stem)


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8: {error}") from error
