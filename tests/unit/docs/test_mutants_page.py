"""The list of mutants fits the project as it is, and the page says what the last runs found."""

from __future__ import annotations

import fnmatch
import tomllib
from collections import Counter

import pytest

from benchmarks.mutants._mutants import ROOT, load
from benchmarks.mutants._results import FIRST_ROUND, read, section
from benchmarks.mutants._systematic import changes
from benchmarks.page import PAGE, with_section

MUTANTS = load()


def test_the_snippet_of_each_mutant_occurs_exactly_once():
    """What was edited since then is adapted or dropped in the list; what it becomes is Python."""
    texts = {mutant.file: (ROOT / mutant.file).read_text(encoding="utf-8") for mutant in MUTANTS}
    systematic = {mutant.name for mutant in MUTANTS if not mutant.why}
    for mutant in MUTANTS:
        if mutant.name not in systematic:
            assert mutant.applied(texts[mutant.file]) != texts[mutant.file], mutant.name


def test_each_mutant_has_a_name_of_its_own_and_tests_that_exist():
    assert [name for name, count in Counter(mutant.name for mutant in MUTANTS).items() if count > 1] == []
    files = {test.partition("::")[0] for mutant in MUTANTS for test in mutant.tests}
    assert [file for file in sorted(files) if not (ROOT / file).exists()] == []


def test_at_least_250_are_written_by_hand():
    """With the reason why each matters."""
    assert sum(bool(mutant.why) for mutant in MUTANTS) >= 250


def test_the_page_is_what_the_results_say():
    """Also of mutants that were never run: ``python -m benchmarks.mutants --missing`` runs those."""
    page = PAGE.read_text(encoding="utf-8")
    assert with_section(page, section(MUTANTS, read())) == page


def test_an_explanation_is_of_a_mutant_that_survived():
    """What a test kills needs no excuse."""
    results = read()
    excused = [
        mutant.name
        for mutant in MUTANTS
        if mutant.equivalent and mutant.name in results and results[mutant.name].verdict != "survived"
    ]
    assert excused == []


@pytest.mark.parametrize(
    ("source", "becomes"),
    [
        ("def f(x):\n    return x < 1", {"x <= 1", "x >= 1", "x < 2", "x < 0"}),
        ("def f(x):\n    return x == 'a'", {"x != 'a'", "x == '#a'"}),
        ("def f(x, y):\n    return x or y", {"x and y", "x", "y"}),
        ("def f(x):\n    return -x", {"x"}),
        ("def f(x):\n    _require(x >= 0, 'no')", {"pass", "x > 0", "x < 0", "x >= 1", "x >= -1"}),
        ("def f(x, y):\n    return min(x, y)", {"max(x, y)", "x", "y"}),
        ("def f(x):\n    if x:\n        pass", {"if True", "if False"}),
        ("def f(x):\n    raise ValueError(x + 1)", set()),
        ("def f(x):\n    'x < 1'", set()),
        ("def f(x):\n    return f'{x < 1}'", set()),
    ],
)
def test_a_file_is_mutated_systematically(source: str, becomes: set[str]):
    """Comparisons, constants, signs, refusals, branches; neither messages nor docstrings."""
    variants = changes(source)
    texts = [source.replace(change.old, change.new).replace("(", "").replace(")", "") for change in variants]
    assert len(variants) == len(becomes)
    for end in becomes:
        assert any(end.replace("(", "").replace(")", "") in text for text in texts), end


def test_whatever_survived_the_first_round_has_a_mutant_today():
    """In no file is there a line without one, and each is in the list under that name."""
    names = [mutant.name for mutant in MUTANTS]
    survivors = tomllib.loads(FIRST_ROUND.read_text(encoding="utf-8"))["survivor"]
    assert len(survivors) >= 87
    assert [each["what"] for each in survivors if not each["mutants"]] == []
    patterns = {pattern for each in survivors for pattern in each["mutants"]}
    assert [pattern for pattern in sorted(patterns) if not fnmatch.filter(names, pattern)] == []
