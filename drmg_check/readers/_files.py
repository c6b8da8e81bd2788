"""Files in and out: bounded reads, atomic writes, and the choice of the reader by what the file is."""

from __future__ import annotations

import os
from pathlib import Path

from drmg_check.readers._game_json import game_from_json, game_to_json
from drmg_check.readers._limits import MAX_FILE_BYTES
from drmg_check.readers._policy_json import policy_from_json, policy_to_json
from drmg_check.vocabulary import InputError, JointPolicy, RobustMarkovGame


def read_game(path: str | os.PathLike[str]) -> RobustMarkovGame:
    """Read a game file.

    Raises
    ------
    InputError
        No such file, no regular file, more than 128 MiB, or a content that is no game; the message
        starts with the path.
    """
    try:
        return game_from_json(read_bytes(path))
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def read_policy(path: str | os.PathLike[str]) -> JointPolicy:
    """Read a policy file; errors as for :func:`read_game`."""
    try:
        return policy_from_json(read_bytes(path))
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def write_game(game: RobustMarkovGame, path: str | os.PathLike[str]) -> None:
    """Write a game as JSON; the file appears complete or not at all.

    Raises
    ------
    InputError
        The path cannot be written, or :func:`game_to_json` refuses the game.
    """
    _write(game_to_json(game), path)


def write_policy(policy: JointPolicy, path: str | os.PathLike[str]) -> None:
    """Write a joint policy as JSON; errors as for :func:`write_game`."""
    _write(policy_to_json(policy), path)


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Return the content of a regular file of at most 128 MiB, or raise InputError."""
    try:
        file = Path(path)
        if file.is_dir():
            raise InputError("is a directory; expected a file")
        if not file.exists():
            raise InputError("no such file")
        if not file.is_file():  # a pipe or a device may never end
            raise InputError("is no regular file")
        with file.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except InputError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        raise InputError(f"cannot be read: {error}") from error
    if len(data) > MAX_FILE_BYTES:
        raise InputError(f"has more than {MAX_FILE_BYTES} bytes; expected at most that many")
    return data


def _write(text: str, path: str | os.PathLike[str]) -> None:
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        try:
            temporary.write_text(text, encoding="utf-8", newline="\n")
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be written: {error}") from error
