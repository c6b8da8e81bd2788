"""The judge finds planted violations, blames nothing that is true, and is deterministic."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from drmg_check.models import RobustMarkovGame
from drmg_check.vocabulary import Bounds, Slack, UnsupportedError, Verdict
from drmg_check.zoo import good_bad_chain
from drmg_properties import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Finding,
    Generated,
    Proof,
    Sizes,
    Undecidable,
    judge,
    judge_on_game,
)
from drmg_properties.claim import ClaimError
from drmg_properties.claim._finding import SAMPLE
from drmg_properties.strategies import fractions

BUDGET = Budget(max_examples=200, size=1, seed=3)


@dataclass(frozen=True, slots=True)
class Pair:
    x: Fraction
    n: int


def needs(slack: Slack) -> Derivation:
    """State that a slack, measured by 1, is at least 0."""
    return Derivation(Bounds.of(0), slack, slack=slack, scale=Fraction(1))


def planted(
    slack: Callable[[Pair], Slack],
    search: Generated[Pair] | Exhaustive[Pair] | Sizes[Pair] | Proof[Pair] | Undecidable,
    on_game: Callable[[RobustMarkovGame], Iterable[Pair]] | None = None,
) -> Claim[Pair]:
    return Claim(
        id="planted",
        place="here",
        title="planted",
        statement="x is small",
        latex="x",
        formalisation="as it stands",
        instance_type=Pair,
        search=search,
        derive=lambda pair: replace(needs(slack(pair)), lines=lambda: (f"x = {pair.x}",)),
        on_game=on_game,
    )


def pairs(budget: Budget) -> SearchStrategy[Pair]:
    return st.builds(Pair, fractions(0, 1, 12), st.integers(0, 10**6))


def pair_list(budget: Budget) -> Iterable[Pair]:
    return (Pair(Fraction(1, n), n) for n in range(1, 10))


def test_what_is_no_derivation_is_the_claims_error_and_no_verdict() -> None:
    wrong: Claim[Pair] = replace(
        planted(lambda pair: Slack.of(1), Exhaustive(pair_list)), derive=lambda pair: pair.x
    )
    with pytest.raises(
        ClaimError, match=r"derive returned Fraction\(1, 1\) of type Fraction; expected a Deriv"
    ):
        judge(wrong, BUDGET)


def test_a_planted_false_claim_is_refuted_by_its_minimal_instance() -> None:
    """The statement x + n <= 1000 fails; the simplest x and the smallest n are found."""
    finding = judge(planted(lambda p: Slack.of(1000 - p.n - p.x), Generated(pairs)), BUDGET)
    assert finding.verdict is Verdict.REFUTED
    assert finding.counterexample == Pair(Fraction(0), 1001)


def test_a_violation_that_chance_would_miss_is_climbed_to() -> None:
    """Only 11 of a million numbers violate; the slack shows the way."""
    finding = judge(planted(lambda p: Slack.of(10**6 - 11 - p.n), Generated(pairs)), BUDGET)
    assert finding.verdict is Verdict.REFUTED


def test_a_planted_true_claim_is_not_refuted() -> None:
    finding = judge(planted(lambda p: Slack.of(1 - p.x), Generated(pairs)), BUDGET)
    assert finding.verdict is Verdict.HOLDS
    assert finding.smallest == Slack.of(0)
    assert BUDGET.max_examples <= finding.instances
    assert len(finding.slacks) == min(finding.instances, SAMPLE)


def test_an_exhausted_statement_is_proved() -> None:
    claim = planted(lambda p: Slack.of(1 - p.x), Exhaustive(pair_list, proves=True))
    assert judge(claim, BUDGET).verdict is Verdict.PROVED


def test_an_exhausted_grid_holds_on_the_list_only() -> None:
    claim = planted(lambda p: Slack.of(1 - p.x), Exhaustive(pair_list))
    assert judge(claim, BUDGET).verdict is Verdict.ON_A_LIST


def test_an_exhaustive_search_stops_at_the_first_violation() -> None:
    finding = judge(
        planted(lambda p: Slack.of(p.x - Fraction(1, 3)), Exhaustive(pair_list, proves=True)), BUDGET
    )
    assert finding.verdict is Verdict.REFUTED
    assert finding.counterexample == Pair(Fraction(1, 4), 4)
    assert finding.instances == 4


def test_an_undecided_instance_keeps_a_proof_from_being_one() -> None:
    """An interval around 0 decides nothing; the finding counts it."""
    claim = planted(lambda p: Slack(Fraction(-1, p.n), Fraction(9 - p.n)), Exhaustive(pair_list, proves=True))
    finding = judge(claim, BUDGET)
    assert finding.verdict is Verdict.NOT_CHECKABLE
    some = planted(
        lambda p: Slack(Fraction(-1 if p.n == 5 else 0), Fraction(1)), Exhaustive(pair_list, proves=True)
    )
    assert judge(some, BUDGET).verdict is Verdict.ON_A_LIST
    assert judge(some, BUDGET).undecided == 1


@pytest.mark.parametrize("search", [Generated(pairs), Exhaustive(pair_list)])
def test_an_interval_around_zero_refutes_nothing(search: Generated[Pair] | Exhaustive[Pair]) -> None:
    finding = judge(planted(lambda p: Slack(Fraction(-1), Fraction(0)), search), BUDGET)
    assert finding.verdict is Verdict.NOT_CHECKABLE
    assert finding.undecided == finding.instances > 0


def test_an_instance_out_of_reach_is_undecided_and_says_why() -> None:
    def refuse(pair: Pair) -> Slack:
        raise UnsupportedError("too many kernels")

    finding = judge(planted(refuse, Generated(pairs)), BUDGET)
    assert finding.verdict is Verdict.NOT_CHECKABLE
    assert finding.note == "too many kernels"


@pytest.mark.parametrize("search", [Generated(pairs), Exhaustive(pair_list)])
def test_a_broken_checker_is_reported_with_its_instance(search: Generated[Pair] | Exhaustive[Pair]) -> None:
    def divide(pair: Pair) -> Slack:
        return Slack.of(Fraction(1, max(0, 6 - pair.n)))

    with pytest.raises(ZeroDivisionError) as caught:
        judge(planted(divide, search), BUDGET)
    assert any("planted" in note and '{"x":' in note for note in caught.value.__notes__)


def test_a_game_outside_the_assumptions_is_not_checkable() -> None:
    def refuse(game: RobustMarkovGame) -> Iterable[Pair]:
        raise UnsupportedError(f"{game.name!r} has no failure state")

    claim = planted(lambda p: Slack.of(1), Generated(pairs), refuse)
    finding = judge_on_game(claim, good_bad_chain(), BUDGET)
    assert (finding.verdict, finding.instances) == (Verdict.NOT_CHECKABLE, 0)
    assert "no failure state" in finding.note


def test_a_game_is_judged_on_the_instances_that_the_claim_takes_from_it() -> None:
    claim = planted(
        lambda p: Slack.of(2 - p.n), Generated(pairs), lambda game: [Pair(Fraction(0), game.n_states)]
    )
    finding = judge_on_game(claim, good_bad_chain(), BUDGET)
    assert (finding.verdict, finding.instances, finding.smallest) == (Verdict.HOLDS, 1, Slack.of(0))


def test_a_claim_without_a_form_for_games_is_not_checkable_on_one() -> None:
    finding = judge_on_game(planted(lambda p: Slack.of(1), Generated(pairs)), good_bad_chain(), BUDGET)
    assert finding.verdict is Verdict.NOT_CHECKABLE


def test_another_seed_searches_elsewhere() -> None:
    def slacks(seed: int) -> tuple[float, ...]:
        return judge(planted(lambda p: Slack.of(p.n), Generated(pairs)), Budget(50, 1, seed)).slacks

    assert slacks(1) == slacks(1) != slacks(2)


PROGRAM = """
import sys
for name in sys.argv[1:]:
    __import__(name)
from hypothesis import strategies as st
from drmg_properties import Budget, encode_instance, judge
from drmg_properties.claim._hunt import hunt
from drmg_properties.claims.mornavi import LEDGER
for claim in LEDGER.claims:
    if claim.id in ("A3", "B1"):
        finding = judge(claim, Budget(30, 1, 5))
        instance = finding.counterexample and encode_instance(claim, finding.counterexample)
        print(claim.id, finding.verdict, finding.instances, finding.smallest, finding.slacks, instance)
        print(finding.note)
hunt(st.integers(0, 10**6), print, 1000, 5)
"""


def test_the_same_seed_finds_the_same_in_every_process() -> None:
    """Neither the hash seed nor other modules of the project, loaded or not, change the search."""

    def output(hash_seed: str, *modules: str) -> str:
        command = [sys.executable, "-c", PROGRAM, *modules]
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": hash_seed}
        )
        assert done.stderr == ""
        return done.stdout

    assert output("1") == output("2", "drmg_check.cli", "drmg_properties.audit")


def test_findings_are_silent(capsys: pytest.CaptureFixture[str]) -> None:
    finding: Finding[Pair] = judge(planted(lambda p: Slack.of(5 - p.n), Generated(pairs)), BUDGET)
    assert finding.verdict is Verdict.REFUTED
    assert capsys.readouterr() == ("", "")


def false_from_four(pair: Pair) -> Slack:
    return Slack.of(pair.x - Fraction(1, 3))


def true_everywhere(pair: Pair) -> Slack:
    return Slack.of(pair.x)


def test_a_bound_above_the_trivial_one_is_vacuous_and_says_below_which_size():
    claim = planted(false_from_four, Sizes(pair_list, below=lambda pair: f"n > {pair.n - 1}"))
    finding = judge(claim, BUDGET)
    assert finding.verdict == Verdict.VACUOUS
    assert finding.counterexample == Pair(Fraction(1, 4), 4)
    assert finding.note == "says nothing for n > 3"


def test_a_bound_below_the_trivial_one_at_every_size_holds_on_the_list():
    finding = judge(planted(true_everywhere, Sizes(pair_list, below=str)), BUDGET)
    assert finding.verdict == Verdict.ON_A_LIST


@pytest.mark.parametrize("statement", [None, Exhaustive(pair_list)])
def test_a_statement_that_survives_a_refuted_step_is_unproved(statement: Exhaustive[Pair] | None):
    wrong = planted(false_from_four, Exhaustive(pair_list))
    right = planted(true_everywhere, Exhaustive(pair_list))
    finding = judge(planted(true_everywhere, Proof((right, wrong), statement)), BUDGET)
    assert finding.verdict == Verdict.UNPROVED
    assert finding.note.endswith("refuted steps of its proof: planted")


def test_a_statement_whose_steps_survive_gets_the_verdict_of_its_own_search():
    right = planted(true_everywhere, Exhaustive(pair_list))
    assert (
        judge(planted(true_everywhere, Proof((right,), Exhaustive(pair_list))), BUDGET).verdict
        == Verdict.ON_A_LIST
    )
    assert judge(planted(true_everywhere, Proof((right,))), BUDGET).verdict == Verdict.NOT_CHECKABLE


def test_a_refuted_statement_is_refuted_whatever_its_proof():
    right = planted(true_everywhere, Exhaustive(pair_list))
    finding = judge(planted(false_from_four, Proof((right,), Exhaustive(pair_list))), BUDGET)
    assert finding.verdict == Verdict.REFUTED
    assert finding.counterexample == Pair(Fraction(1, 4), 4)


def test_a_statement_that_nothing_finite_decides_says_why():
    finding = judge(planted(true_everywhere, Undecidable("it quantifies over papers")), BUDGET)
    assert (finding.verdict, finding.note) == (Verdict.NOT_CHECKABLE, "it quantifies over papers")
