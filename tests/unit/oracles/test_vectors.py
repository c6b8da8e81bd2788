"""The published vectors: proved, described, reproducible, and usable as their page says."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema
import pytest
import referencing

from drmg_check.sets import UNCERTAINTY_SETS, Row, TotalVariation
from drmg_check.vocabulary import CertificateError, InputError
from drmg_oracles import certificate_to_json, check_vectors, enclose
from drmg_oracles.rows._flags import FLAGS, flags_of
from drmg_oracles.rows._vectors import _hard_inputs, as_lines, build_set

Json: TypeAlias = Any
ROOT = Path(__file__).parents[3]
VECTORS = ROOT / "oracles" / "vectors"
PAGE = (ROOT / "docs" / "vectors.md").read_text(encoding="utf-8")


def schema(name: str) -> Json:
    return json.loads((files("drmg_oracles") / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))


def published(every: int = 1) -> Iterator[Json]:
    for path in sorted(VECTORS.glob("*.jsonl")):
        for line in path.read_text(encoding="ascii").splitlines()[::every]:
            yield json.loads(line)


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Return a directory of three chi-square vectors, with its index."""
    lines = (VECTORS / "chi2.jsonl").read_text(encoding="ascii").splitlines()[:3]
    (tmp_path / "chi2.jsonl").write_text("\n".join(lines) + "\n", encoding="ascii")
    index = {"format": "drmg-vectors", "version": 1, "files": {"chi2.jsonl": 3}}
    (tmp_path / "index.json").write_text(json.dumps(index), encoding="ascii")
    return tmp_path


def test_there_are_enough_cases_of_every_set_and_flag():
    """At least 1,500 cases; every set has a file, every flag is explained, and all but 'hard' occur."""
    index = json.loads((VECTORS / "index.json").read_text(encoding="ascii"))
    assert sum(index["files"].values()) >= 1500
    assert set(index["files"]) == {f"{kind}.jsonl" for kind in UNCERTAINTY_SETS}
    assert set(index["flags"]) == set(FLAGS)
    assert all(flag["meaning"] for flag in index["flags"].values())
    assert all(flag["cases"] for name, flag in index["flags"].items() if name != "hard")


def test_a_flag_is_true_of_a_row_and_not_of_its_neighbour():
    """Two ulps from saturation, a radius of 1e-8, a weight of 1e-15, a span of 1e6 and of 1e-6."""
    plain = {"nominal": ["1/4", "3/4"], "values": [0, 1], "radius": "1/3"}

    def flags(**changes: Json) -> set[str]:
        return set(flags_of(Row.of(TotalVariation(), **plain | changes))) - {"rational", "zero-pattern"}

    assert flags() == set()
    for excess, true in ((1, True), (-1, True), (2, False), (-2, False)):
        radius = Fraction(3, 4) * (1 + Fraction(excess, 2**51))
        assert flags(radius=radius) == ({"saturation"} if true else set())
    hair = Fraction(1, 10**30)
    assert flags(radius="1e-8") == {"tiny-radius"}
    assert flags(radius=Fraction("1e-8") + hair) == set()
    assert flags(radius=0) == {"zero-radius"}
    for weight, true in ((Fraction("1e-15"), False), (Fraction("1e-15") - hair, True), (0, False)):
        assert (
            "tiny-weight" in flags(nominal=[weight, "1/2", Fraction(1, 2) - weight], values=[0, 1, 2])
        ) == true
    for size, true in ((10**6, False), (10**6 + 1, True), ("1e-6", False), ("9.99e-7", True)):
        assert flags(values=[0, size]) == ({"value-scale"} if true else set())
    for offset, true in ((10**6 - 1, False), (10**6, True)):
        assert flags(values=[offset, offset + 1]) == ({"value-scale"} if true else set())
    assert flags(nominal=[1, 3]) == {"normalisation"}
    assert flags(nominal=["1/4", "1/4", "1/2"], values=[0, 1, 1]) == {"ties"}
    assert flags(nominal=[1, 0]) == {"point-mass"}
    assert flags(nominal=[1], values=[5]) == {"constant", "one-state", "point-mass"}


def test_every_case_follows_the_published_schema():
    """The schemas are legal, describe every line, and refuse a float where an exact string is meant."""
    certificate, vector = schema("certificate"), schema("vector")
    for document in (certificate, vector):
        jsonschema.Draft202012Validator.check_schema(document)
    resources = [
        (document["$id"], referencing.Resource.from_contents(document)) for document in (certificate, vector)
    ]
    validator = jsonschema.Draft202012Validator(
        vector, registry=referencing.Registry().with_resources(resources)
    )
    ids = set()
    for case in published():
        ids.add(case["id"])
        if len(ids) % 5 == 0:
            validator.validate(case)
    assert len(ids) == sum(1 for _ in published())
    case = next(published())
    assert not validator.is_valid(case | {"lo": 0.5})
    assert not validator.is_valid(case | {"row": case["row"] | {"uncertainty": {"kind": "euclid"}}})


def test_a_sample_of_the_published_cases_is_proved(tmp_path: Path):
    """Every sixth case; `drmg-check vectors check` verifies them all."""
    counts = {}
    for path in sorted(VECTORS.glob("*.jsonl")):
        lines = path.read_text(encoding="ascii").splitlines(keepends=True)[::6]
        (tmp_path / path.name).write_text("".join(lines), encoding="ascii")
        counts[path.name] = len(lines)
    index = {"format": "drmg-vectors", "version": 1, "files": counts}
    (tmp_path / "index.json").write_text(json.dumps(index), encoding="ascii")
    assert check_vectors(tmp_path).total == sum(counts.values())


@pytest.mark.parametrize("kind", ["kl", "tv"])
def test_rebuilding_gives_the_same_bytes(kind: str):
    """The files in the repository are what this code builds."""
    hard = _hard_inputs(VECTORS / "hard-inputs.json")
    assert as_lines(build_set(kind, hard)) == (VECTORS / f"{kind}.jsonl").read_text(encoding="ascii")


def tampered(directory: Path, change: Json) -> None:
    path = directory / "chi2.jsonl"
    lines = path.read_text(encoding="ascii").splitlines()
    lines[1] = json.dumps(json.loads(lines[1]) | change)
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


@pytest.mark.parametrize(
    "change",
    [
        {"lo": "1e9"},
        {"hi": "-1e9"},
        {"between": ["0", "0"]},
        {"nearest": "0x1p-3"},
        {"flags": ["easy"]},
        {"id": "chi2/small/01"},
        {"bound": {"kind": "minimum"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_case_that_contradicts_its_proof_is_refused(few: Path, change: Json):
    """Each field beside the proof is checked against it."""
    assert check_vectors(few).total == 3
    tampered(few, change)
    with pytest.raises(CertificateError):
        check_vectors(few)


@pytest.mark.parametrize(
    "change",
    [{"nearest": 3}, {"between": "no"}, {"between": ["1e99999999", "1"]}, {"flags": None}],
    ids=str,
)
def test_a_malformed_case_is_refused(few: Path, change: Json):
    """A wrong type or a digit bomb is an input error that names the case."""
    tampered(few, change)
    with pytest.raises((InputError, CertificateError), match="chi2/"):
        check_vectors(few)


@pytest.mark.parametrize(
    "index",
    [
        "{",
        "[]",
        '{"format": "drmg-vectors", "version": 2, "files": {}}',
        '{"format": "drmg-vectors", "version": 1}',
        '{"format": "drmg-vectors", "version": 1, "files": {"../../etc/passwd": 1}}',
        '{"format": "drmg-vectors", "version": 1, "files": {"kl.jsonl": 1}}',
    ],
)
def test_an_index_that_is_none_is_refused(few: Path, index: str):
    """No JSON, another version, a file outside the directory, a missing file."""
    (few / "index.json").write_text(index, encoding="ascii")
    with pytest.raises(InputError):
        check_vectors(few)


def test_a_missing_case_is_noticed(few: Path):
    """The index counts the cases."""
    path = few / "chi2.jsonl"
    path.write_text("".join(path.read_text(encoding="ascii").splitlines(keepends=True)[:2]), encoding="ascii")
    with pytest.raises(CertificateError, match="counts"):
        check_vectors(few)


def test_hard_inputs_become_cases(tmp_path: Path):
    """A list of rows, numbered within their set; anything else is refused with its position."""
    path = tmp_path / "hard-inputs.json"
    row = {"uncertainty": {"kind": "kl"}, "nominal": ["1", "3"], "values": ["0", "1"], "radius": "1/8"}
    path.write_text(json.dumps([row | {"comment": "a hill"}]), encoding="ascii")
    hard = _hard_inputs(path)
    last = build_set("kl", hard)[-1]
    assert last["id"] == "kl/hard/01"
    assert last["flags"] == ["hard", "normalisation"]
    assert last["lo"] == certificate_to_json(enclose(hard[0].row))["lo"]
    path.write_text(json.dumps([row]), encoding="ascii")
    with pytest.raises(InputError, match=r"\[0\].*comment"):
        _hard_inputs(path)


def test_the_case_on_the_page_is_published():
    """The page shows a true case, not an invented one."""
    shown = json.loads(re.search(r"```json\n(.*?)```", PAGE, re.DOTALL).group(1))
    assert shown in [case for case in published() if case["id"] == shown["id"]]


@pytest.mark.parametrize("name", ["tv.jsonl"])
def test_the_runner_on_the_page_works(tmp_path: Path, name: str):
    """The runner finds nothing wrong with the textbook formula, and everything with a doubled radius."""
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL).group(1)
    for source, last in ((code, "0 wrong"), (code.replace("min(x, rho)", "min(x, 2 * rho)"), "wrong")):
        runner = tmp_path / "runner.py"
        runner.write_text(source, encoding="utf-8")
        ran = subprocess.run(
            [sys.executable, str(runner), str(VECTORS / name)], capture_output=True, text=True, check=True
        )
        final = ran.stdout.splitlines()[-1]
        assert final.endswith(last)
        assert (final == "0 wrong") == (source == code)
