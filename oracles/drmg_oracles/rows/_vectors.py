"""Certified test vectors: adversarial rows with their enclosures and proofs, as data for every language.

A directory holds one ``<set>.jsonl`` per uncertainty set, a case a line, and ``index.json``, which explains
the flags. A case *is* a certificate (``schemas/certificate.schema.json``) with an id, flags, a comment, the
enclosure as decimals and the float64 nearest to the answer, so that ``checker.verify`` applies to each line.
Rebuilding gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from drmg_check.files import read_bytes, write_whole
from drmg_check.sets import UNCERTAINTY_SETS, Row, uncertainty_from_data
from drmg_check.vocabulary import CertificateError, InputError
from drmg_oracles.checker import RefusedError, number, verify
from drmg_oracles.rows._certificate import Enclosure, certificate_to_json
from drmg_oracles.rows._enclosure import enclose
from drmg_oracles.rows._families import FamilyRow, rows_by_family
from drmg_oracles.rows._flags import FLAGS, flags_of

INDEX, HARD_INPUTS, HARD = "index.json", "hard-inputs.json", "hard"
_FILE = re.compile(r"[a-z0-9-]+\.jsonl")
DIGITS = 40  # of the decimal enclosures
MOST_STATES, MOST_PLACES = 100, 20  # transport problems, and checking metrics, grow faster


@dataclass(frozen=True, slots=True)
class VectorSummary:
    """What a directory of vectors holds.

    >>> VectorSummary({"tv.json": 2, "kl.json": 3}, {"zero-pattern": 1}).total
    5
    """

    cases: Mapping[str, int]  # per file
    flags: Mapping[str, int]

    @property
    def total(self) -> int:
        """The number of cases."""
        return sum(self.cases.values())


def build_vectors(directory: Path) -> VectorSummary:
    """Write all vectors into ``directory``, overwriting what it holds.

    ``hard-inputs.json`` there, if any, is a list of further rows, ``{"uncertainty", "nominal", "values",
    "radius", "comment"}`` each, which become the cases ``<set>/hard/<n>``; it is read and left as it is.

    Raises
    ------
    InputError
        ``hard-inputs.json`` is no such list.
    CertificateError
        The checker refuses a certificate just built: a bug in this package.
    """
    directory.mkdir(parents=True, exist_ok=True)
    hard = _hard_inputs(directory / HARD_INPUTS)
    counts: dict[str, int] = {}
    flags: Counter[str] = Counter()
    for kind in sorted(UNCERTAINTY_SETS):
        vectors = build_set(kind, hard)
        for vector in vectors:
            _check_vector(vector)
            flags.update(vector["flags"])
        counts[f"{kind}.jsonl"] = len(vectors)
        write_whole(directory / f"{kind}.jsonl", as_lines(vectors))
    index = {
        "format": "drmg-vectors",
        "version": 1,
        "case_schema": "vector.schema.json",
        "files": counts,
        "flags": {flag: {"meaning": FLAGS[flag], "cases": flags[flag]} for flag in sorted(FLAGS)},
    }
    write_whole(directory / INDEX, json.dumps(index, indent=2) + "\n")
    return VectorSummary(counts, dict(flags))


def build_set(kind: str, hard: Sequence[FamilyRow] = ()) -> list[dict[str, Any]]:
    """Return the vectors of one uncertainty set, with those of the further cases that belong to it."""
    vectors = [
        _vector(variant, case)
        for variant, make in UNCERTAINTY_SETS[kind].variants().items()
        for case in rows_by_family(make, kind, MOST_STATES if make(1).n_states is None else MOST_PLACES)
    ]
    return vectors + [_vector(kind, case) for case in hard if case.row.uncertainty.kind == kind]


def as_lines(vectors: Sequence[Mapping[str, Any]]) -> str:
    """Return the file that holds these vectors."""
    return "".join(json.dumps(vector, separators=(",", ":")) + "\n" for vector in vectors)


def check_vectors(directory: Path) -> VectorSummary:
    """Verify every vector of a directory by the stand-alone checker, and what it says beside the proof.

    Raises
    ------
    InputError
        A file is missing or is no JSON, or a case lacks a field.
    CertificateError
        A certificate is refused, a decimal enclosure or the nearest float64 contradicts it, an id is
        repeated, a flag is unknown, or the index counts other cases. The message names the case.
    """
    files = _files_of(_read_json(directory / INDEX), directory / INDEX)
    counts: dict[str, int] = {}
    flags: Counter[str] = Counter()
    ids: set[str] = set()
    for name in files:
        lines = _read(directory / name).splitlines()
        for k, line in enumerate(lines, 1):
            vector = _parse(line, f"{directory / name}, line {k}")
            _check_vector(vector)
            if vector["id"] in ids:
                raise CertificateError(f"id={vector['id']!r} is repeated; expected every id once")
            ids.add(vector["id"])
            flags.update(vector["flags"])
        counts[name] = len(lines)
    if counts != files:
        raise CertificateError(f"{directory / INDEX} counts {files}; found {counts}")
    return VectorSummary(counts, dict(flags))


def _files_of(index: object, path: Path) -> dict[str, int]:
    """Return the files that an index names, with the number of cases of each."""
    if not isinstance(index, dict) or (index.get("format"), index.get("version")) != ("drmg-vectors", 1):
        raise InputError(f"{path} is no index of vectors; expected format 'drmg-vectors', version 1")
    files = index.get("files")
    if not isinstance(files, dict) or not files or not all(_FILE.fullmatch(name) for name in files):
        raise InputError(f"{path}: files={files!r}; expected names such as 'kl.jsonl' with their counts")
    return files


def _vector(variant: str, case: FamilyRow) -> dict[str, Any]:
    enclosure = enclose(case.row)
    if _nearest(enclosure) is None:
        enclosure = enclose(case.row, bits=220)
    flags = ["hard"] if case.family == HARD else []
    return {
        "id": f"{variant}/{case.family}/{case.number:02d}",
        "comment": case.comment,
        "flags": sorted([*flags, *flags_of(case.row)]),
        "between": [_decimal(enclosure.lo, ROUND_FLOOR), _decimal(enclosure.hi, ROUND_CEILING)],
        "nearest": _nearest(enclosure),
        **certificate_to_json(enclosure),
    }


def _nearest(enclosure: Enclosure) -> str | None:
    """Return the float64 nearest to the answer, as a hex float; None if the enclosure does not decide it."""
    nearest = float(enclosure.lo)
    return nearest.hex() if nearest == float(enclosure.hi) else None


def _decimal(x: Fraction, rounding: str) -> str:
    context = Context(DIGITS, rounding=rounding, Emin=-9999, Emax=9999)
    return str(context.divide(Decimal(x.numerator), Decimal(x.denominator)).normalize(context)).lower()


def _check_vector(vector: Any) -> None:  # noqa: ANN401 - parsed JSON
    """Verify a case and the claims that it makes beside its proof."""
    name = vector.get("id") if isinstance(vector, dict) else "a case that is no object"
    try:
        lo, hi = verify(vector)
        low, high = (number(x) for x in vector["between"])
        nearest, flags = vector["nearest"], set(vector["flags"])
        decided = nearest is None or float(lo) == float.fromhex(nearest) == float(hi)
    except RefusedError as error:
        raise CertificateError(f"{name}: {error}") from error
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{name}: {error!r}; expected a case as in vector.schema.json") from error
    if not low <= lo <= hi <= high:
        raise CertificateError(f"{name}: between={vector['between']} does not contain [{lo}, {hi}]")
    if not decided:
        raise CertificateError(f"{name}: nearest={nearest} is not the float64 nearest to [{lo}, {hi}]")
    if unknown := sorted(flags - set(FLAGS)):
        raise CertificateError(f"{name}: flags {unknown} are unknown; expected {sorted(FLAGS)}")


def _hard_inputs(path: Path) -> list[FamilyRow]:
    if not path.exists():
        return []
    examples, kinds = [], Counter[str]()
    for k, data in enumerate(_read_json(path)):
        try:
            uncertainty = uncertainty_from_data(data["uncertainty"])
            row = Row.of(uncertainty, data["nominal"], data["values"], data["radius"])
            kinds[uncertainty.kind] += 1
            examples.append(FamilyRow(HARD, kinds[uncertainty.kind], row, str(data["comment"])))
        except (KeyError, TypeError, InputError) as error:
            raise InputError(
                f"{path}[{k}]: {error}; expected uncertainty, nominal, values, radius"
            ) from error
    return examples


def _read(path: Path) -> str:
    try:
        return read_bytes(path).decode("ascii")
    except (InputError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}; build the vectors first") from error


def _read_json(path: Path) -> Any:  # noqa: ANN401 - parsed JSON
    return _parse(_read(path), str(path))


def _parse(text: str, where: str) -> Any:  # noqa: ANN401 - parsed JSON
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: no JSON: {error}") from error
