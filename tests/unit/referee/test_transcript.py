"""Transcripts show what the machinery does: legal lines, judged replies, the same as over a real pipe."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from drmg_check.isolation import LineProcess
from drmg_check.referee import TRANSCRIPTS, check_implementation, transcripts
from drmg_check.referee.levels import level_of
from drmg_check.referee.transcripts import address_of
from drmg_check.targets import find_target, protocol_schema
from drmg_check.vocabulary import InputError
from drmg_check.words import LEVELS

SCHEMA: dict[str, Any] = json.loads(protocol_schema())
Command = Callable[..., tuple[object, str, str]]


def lines(name: str, speaker: str) -> list[str]:
    return [line for dialogue in transcripts(name) for who, line in dialogue.lines if who == speaker]


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_every_line_obeys_the_printed_schema(name: str):
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for line in lines(name, "referee") + lines(name, "target"):
        validator.validate(json.loads(line))


def test_every_request_and_every_member_of_a_reply_is_shown():
    said = [json.loads(line) for name in TRANSCRIPTS for line in lines(name, "referee")]
    answered = [json.loads(line) for name in TRANSCRIPTS for line in lines(name, "target")]
    commands = {level.replace("-", "_") for level in LEVELS} | {"start"}
    assert {message["cmd"] for message in said} == commands
    members = set(SCHEMA["$defs"]["reply"]["properties"])
    assert set().union(*answered) == members | {"ready", "declaration", "parameters", "failed"}


@pytest.mark.parametrize("level", LEVELS)
def test_what_answers_at_a_level_is_right(level: str):
    assert set(lines(level, "verdict")) == {"right"}


def test_trouble_is_called_by_its_names():
    assert [line.partition(":")[0] for line in lines("trouble", "verdict")] == [
        "exception",
        "changes its input",
        "not supported",
        "not a number",
        "wrong declaration",
        "does not start",
    ]


@pytest.mark.parametrize("level", LEVELS)
def test_what_answers_passes_the_checks_of_its_level(level: str):
    results = check_implementation(
        address_of(level_of(level).examples[0].function), profile="quick", checks=["*/smoke/*"]
    )
    assert {check.outcome for check in results} == {"passed"}


@pytest.mark.parametrize("name", ["worst-case", "gap"])
def test_a_real_process_says_the_same_and_ends_with_its_input(name: str):
    dialogue = transcripts(name)[0]
    argv = find_target(address_of(level_of(name).examples[0].function)).argv
    told = [line for who, line in dialogue.lines if who != "verdict"]
    process = LineProcess(argv, hello=told[0].encode() + b"\n")
    heard = [process.start()]
    heard += [process.ask(line.encode() + b"\n", 60.0) for line in told[2::2]]
    process.close()
    assert [line.decode().rstrip() for line in heard] == told[1::2]
    assert subprocess.run(argv, input=b"", timeout=60.0, check=False).returncode == 0


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_the_command_folds_lines_and_loses_nothing(command: Command, name: str):
    code, out, err = command("protocol", "--level", name)
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    assert [line for line in out.splitlines() if line != line.rstrip()] == []
    unfolded = out.replace("\n  ", "").splitlines()
    for mark, speaker in ((">", "referee"), ("<", "target")):
        assert [line[2:] for line in unfolded if line[:1] == mark] == lines(name, speaker)


def test_all_dialogues_are_printed_without_a_level(command: Command):
    out = command("protocol", "--transcript")[1]
    assert out == "".join(command("protocol", "--level", name)[1] for name in TRANSCRIPTS)
    assert command("protocol")[1] == command("protocol", "--schema")[1] + out


def test_another_name_is_refused():
    with pytest.raises(InputError, match="level='game' has no transcript; expected one of worst-case"):
        transcripts("game")
