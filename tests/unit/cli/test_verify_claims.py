"""``drmg-check claims verify``: stored violations are proved, anything else is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., tuple[object, str, str]]
FOLDER = Path(__file__).parents[3] / "properties/counterexamples"


def test_stored_violations_are_proved(command: Command):
    code, out, err = command("claims", "verify", FOLDER / "A3.json", FOLDER / "C6.json", FOLDER / "G2.json")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "proved   A3: slack -1/2, 1 certificate",
        "proved   C6: slack [-0.076758, -0.076757], 2 certificates",
        "proved   G2: slack -1/4",
        "3 proved, 0 refused",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"slack": {"low": "-1", "high": "-1"}}, "the file has"),
        ({"slack": None}, "the file has None"),
        ({"instance": None}, "instance"),
        ({"derivation": 3}, "the derivation is another one"),
        ({"certificates": "none"}, "other worst cases"),
        ({"claim": "A3x"}, "no claim 'A3x'; did you mean 'A3'"),
        ({"claim": 3}, "no claim is named"),
        ({"version": 2}, "of version 1"),
    ],
)
def test_a_changed_file_is_refused(command: Command, tmp_path: Path, change: dict[str, object], said: str):
    data = json.loads((FOLDER / "A3.json").read_text(encoding="utf-8"))
    (tmp_path / "a.json").write_text(json.dumps(data | change))
    code, out, err = command("claims", "verify", "a.json", FOLDER / "G2.json", "--quiet")
    assert (code, err) == (1, "")
    first, last = out.splitlines()
    assert first.startswith("REFUSED  a.json: ")
    assert said in first
    assert last == "1 proved, 1 refused"


@pytest.mark.parametrize("text", ["", "[]", "{", '"A3"', "{}"])
def test_what_is_no_stored_violation_is_refused(command: Command, tmp_path: Path, text: str):
    (tmp_path / "a.json").write_text(text)
    code, out, err = command("claims", "verify", "a.json")
    assert (code, err) == (1, "")
    assert out.startswith("REFUSED  a.json: no ")
