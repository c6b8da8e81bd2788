"""A run is grouped, tallied and summed up as its events say."""

import msgspec
import pytest

from drmg_check.runs import Header, Result
from drmg_check.vocabulary import InputError
from drmg_reports.runs import Judgement, read_run
from drmg_reports.words import audit_headline, audit_sentence, tally_verdicts
from tests.unit.reports.checks import sample_checks, sample_validation
from tests.unit.reports.sample import A3, A3_CORRECTED, A5, B1, B2, P1, result, sample_results, sample_run


def only(*results: Result) -> Judgement:
    (judgement,) = read_run(sample_run(*results)).judgements
    return judgement


def test_the_sentence_says_what_became_of_the_claims():
    events = sample_run(
        result(A3, "refuted"), result(A5, "holds"), result(B1, "holds"), result(A3_CORRECTED, "proved")
    )
    assert audit_sentence(read_run(events)) == (
        "4 of 4 verdicts are as expected: of the MORNAVI paper, 2 claims hold and 1 is refuted by an exact "
        "counterexample (1 is wrong in a constant); of the corrected statements, 1 claim is proved."
    )


def test_a_ledger_has_the_name_that_the_header_gives_it_and_else_its_id():
    header, *rest = sample_run(result(A5, "holds"))
    assert isinstance(header, Header)
    for ledgers, name in ((msgspec.UNSET, "mornavi"), ({"mornavi": "a paper"}, "a paper")):
        run = read_run([msgspec.structs.replace(header, ledgers=ledgers), *rest])
        assert audit_sentence(run) == f"1 of 1 verdicts is as expected: of {name}, 1 claim holds."


def test_the_sentence_counts_what_is_not_as_expected():
    assert (
        audit_headline(read_run(sample_run(result(A3, "holds"), result(A5, "holds"))))
        == "1 of 2 verdicts are as expected"
    )
    assert audit_headline(read_run(sample_run(result(A5, "holds")))) == "1 of 1 verdicts is as expected"
    failed = audit_headline(read_run(sample_run(result(A5, "", outcome="error"))))
    assert failed == "No claim has a verdict, 1 case ended in an error"


def test_one_refuting_game_refutes_the_claim():
    judgement = only(result(A5, "holds"), result(A5, "refuted", subject="zoo:taxi", outcome="unexpected"))
    assert (judgement.status, judgement.outcome) == ("refuted", "unexpected")


def test_a_game_on_which_a_claim_holds_does_not_save_it():
    judgement = only(result(B2, "refuted"), result(B2, "holds", subject="zoo:taxi"))
    assert (judgement.status, judgement.outcome) == ("refuted", "as expected")


def test_a_failed_search_is_an_error_even_if_the_games_went_well():
    judgement = only(result(P1, "", outcome="error"), result(P1, "holds", subject="zoo:taxi"))
    assert (judgement.status, judgement.outcome) == ("error", "error")


def test_games_speak_when_nothing_was_generated():
    assert only(result(P1, "holds", subject="zoo:taxi")).status == "holds"
    skipped = result(P1, "", outcome="skipped", subject="zoo:taxi")
    assert only(skipped).status == "skipped"
    assert only(skipped, result(P1, "holds", subject="zoo:other")).status == "holds"


def test_numbers_add_up_over_generated_instances_and_games():
    judgement = only(
        result(
            B1,
            "holds",
            instances=3,
            undecided=1,
            seconds=1.0,
            smallest_slack_low="1/3",
            smallest_slack_high="1/3",
        ),
        result(
            B1,
            "holds",
            subject="g",
            instances=4,
            seconds=0.5,
            smallest_slack_low="0.25",
            smallest_slack_high="0.3",
        ),
        result(
            B1,
            "",
            subject="h",
            outcome="skipped",
            instances=0,
            seconds=0.0,
            smallest_slack_low="",
            smallest_slack_high="",
        ),
    )
    assert (judgement.instances, judgement.undecided, judgement.seconds) == (7, 1, 1.5)
    assert judgement.smallest == ("0.25", "0.3")


def test_results_follow_the_plan_whatever_their_order():
    header, *results, footer = sample_run()
    straight, shuffled = read_run([header, *results, footer]), read_run([header, *reversed(results), footer])
    assert straight == shuffled
    assert straight.games[0] == "zoo:frozen-lake"


def test_the_tally_counts_each_claim_once():
    run = read_run(sample_run())
    assert sum(tally_verdicts(run.judgements).values()) == len(run.judgements) == 9
    assert len(run.results) == len(sample_results())


def test_what_has_no_result_is_missing():
    run = read_run(sample_run(result(A3, "refuted"), footer=False, more_cases=("A4",)))
    assert (run.footer, run.missing) == (None, ("A4",))


def test_events_of_no_run_are_refused():
    header, first, *rest = sample_run()
    for events, message in (
        ([], "expected the header"),
        ([first, *rest], "expected the header"),
        ([header, first, first], "second result for case 'A3'"),
        ([header, header], "second header"),
        ([header, rest[-1], rest[-1]], "second footer"),
        ([header, *sample_checks()[:1]], "is a check; expected a result"),
        ([sample_validation()[0], first], "is a result; expected a check"),
    ):
        with pytest.raises(InputError, match=message):
            read_run(events)
    assert isinstance(header, Header)
