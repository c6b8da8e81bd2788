"""Files are read within bounds and written completely or not at all."""

import os
from pathlib import Path

import pytest

from drmg_check.files import _read
from drmg_check.models import uniform_policy
from drmg_check.readers import (
    game_to_json,
    policy_to_json,
    read_game,
    read_policy,
    write_game,
    write_policy,
)
from drmg_check.vocabulary import InputError
from drmg_check.zoo import load


def test_a_game_and_a_policy_survive_their_files(tmp_path: Path):
    game = load("initial-shock")
    policy = uniform_policy(game)
    write_game(game, tmp_path / "game.json")
    write_policy(policy, tmp_path / "policy.json")
    assert game_to_json(read_game(tmp_path / "game.json")) == game_to_json(game)
    assert policy_to_json(read_policy(tmp_path / "policy.json")) == policy_to_json(policy)


def test_an_error_names_the_file(tmp_path: Path):
    file = tmp_path / "broken.json"
    file.write_text("{")
    with pytest.raises(InputError, match=r"broken\.json: not a drmg-game document: .*truncated"):
        read_game(file)
    with pytest.raises(InputError, match=r"broken\.json: not a drmg-policy document"):
        read_policy(file)


def test_what_is_no_file_is_refused(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.json")
    for path, message in [
        (tmp_path, "is a directory"),
        (tmp_path / "missing.json", "no such file"),
        (tmp_path / "pipe.json", "no regular file"),
        (tmp_path / ("x" * 300 + ".json"), "cannot be read|no such file"),
        ("null\0byte.json", "cannot be read|no such file"),
        ("", "is an empty path"),
    ]:
        with pytest.raises(InputError, match=message):
            read_game(path)


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "game.json"
    write_game(load("good-bad-chain"), file)
    monkeypatch.setattr(_read, "MAX_FILE_BYTES", file.stat().st_size)
    read_game(file)
    monkeypatch.setattr(_read, "MAX_FILE_BYTES", file.stat().st_size - 1)
    with pytest.raises(InputError, match="has more than"):
        read_game(file)


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path):
    (tmp_path / "taken.json").mkdir()
    for path in (tmp_path / "taken.json", tmp_path / "absent" / "game.json"):
        with pytest.raises(InputError, match="cannot be written"):
            write_game(load("good-bad-chain"), path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["taken.json"]


def test_writing_replaces_the_whole_file(tmp_path: Path):
    file = tmp_path / "game.json"
    file.write_text("x" * 10**6)
    write_game(load("good-bad-chain"), file)
    assert file.read_text() == game_to_json(load("good-bad-chain"))
    assert [entry.name for entry in tmp_path.iterdir()] == ["game.json"]
