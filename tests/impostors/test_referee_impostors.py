"""Implementations that break the contract in every way are caught by the check for it, and the run goes on.

The impostors are planted functions (``tests/planted/drmg_targets.py``) in processes of their own, and
harnesses of one line that speak the protocol badly.
"""

import shlex
import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from drmg_check.referee import open_target, plan_validation, validate
from drmg_check.runs import Check, Event, Footer
from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import InputError

Judged = Callable[..., dict[str, Check]]


@pytest.fixture
def judged(planted: ModuleType) -> Judged:
    """Validate a target and return its checks by id."""

    def run(target: str, *patterns: str, sets: str = "tv", limit: float = 10.0, **declaration: object):
        events: list[Event] = []
        changes = {"sets": [sets], **declaration} if sets else declaration
        with open_target(target, changes, limit=limit) as (subject, session):
            validate(
                plan_validation(subject, profile="quick", patterns=patterns), session, emit=events.append
            )
        assert isinstance(events[-1], Footer)
        return {event.case: event for event in events if isinstance(event, Check)}

    return run


IMPOSTORS = {
    "half_radius": ("oracle/typical", "wrong value", "too optimistic"),
    "double_radius": ("oracle/typical", "wrong value", "too pessimistic"),
    "best_case": ("law/bounds", "law broken", "at most the nominal mean"),
    "confined": ("oracle/zeros", "wrong value", "too optimistic"),
    "rough": ("oracle/typical", "wrong value", "1e-07 of the span"),
    "absolute": ("law/scale", "law broken", "scaling V"),
    "crashes": ("contract/answers", "crash", "died of SIGSEGV"),
    "leaves": ("contract/answers", "crash", "exit code 7: good bye"),
    "eats_memory": ("contract/answers", "out of memory", "MemoryError"),
    "not_a_number": ("contract/answers", "not a number", "returned nan"),
    "divides_by_zero": ("contract/answers", "exception", "ZeroDivisionError"),
    "says_words": ("contract/answers", "wrong declaration", "'about a half'; expected one number"),
    "moody": ("contract/deterministic", "not deterministic", "the same row twice"),
    "forgetful": ("contract/deterministic", "not deterministic", "in a fresh process"),
    "second_thoughts": ("contract/deterministic", "not deterministic", "in the same process"),
    "starts_at_random": ("contract/deterministic", "not deterministic", "the same row twice"),
    "sorts_in_place": ("contract/input", "changes its input", "writes into V"),
}


@pytest.mark.parametrize("impostor", IMPOSTORS)
def test_the_check_for_it_catches_the_impostor(judged: Judged, impostor: str):
    check, kind, words = IMPOSTORS[impostor]
    found = judged(f"drmg_targets:{impostor}", f"tv/{check}")[f"tv/{check}"]
    assert found.outcome == "failed"
    assert found.failure is not None
    assert found.failure.kind == kind
    assert words in "\n".join((found.reason, *found.failure.lines))


def test_a_hang_is_a_finding_and_the_run_goes_on(judged: Judged):
    found = judged("drmg_targets:hangs", "tv/oracle/ties", "tv/oracle/typical", limit=1.0)
    assert found["tv/oracle/ties"].failure is not None
    assert found["tv/oracle/ties"].failure.kind == "hang"
    assert "killed after its limit of 1 s" in found["tv/oracle/ties"].reason
    assert found["tv/oracle/typical"].outcome == "passed"


def test_compiling_is_no_hang(judged: Judged):
    """The first answer of a process takes twice its limit, and so does that of its successor."""
    found = judged("drmg_targets:compiles", "tv/smoke/*", "tv/oracle/small", limit=1.0)
    assert {check.outcome for check in found.values()} == {"passed"}
    found = judged("drmg_targets:compiles_and_leaves", "tv/contract/answers", "tv/oracle/typical", limit=1.0)
    assert found["tv/contract/answers"].failure is not None
    assert found["tv/contract/answers"].failure.kind == "crash"
    assert found["tv/oracle/typical"].outcome == "passed"


def test_who_never_answers_is_given_the_time_to_start_once(judged: Judged, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("drmg_check.referee.asking._transport.START_LIMIT", 3.0)
    found = judged("drmg_targets:always_hangs", "tv/oracle/small", "tv/oracle/typical", limit=0.3)
    assert [check.failure.kind for check in found.values() if check.failure is not None][:1] == ["hang"]
    speed = found["tv/oracle/small"].speed
    assert speed is not None
    assert 3.0 <= speed.slowest <= speed.seconds < 3.0 + 0.6 * speed.calls  # the others had 0.3 s each


def test_what_is_refused_is_no_fault_and_keeps_nothing_from_being_judged(judged: Judged):
    """Even if smoke rows are: two of them, and the third answered wrong, leave the other checks to be run."""
    found = judged("drmg_targets:refuses", "tv/smoke/*", "tv/law/bounds", sets="")
    assert {check.outcome for check in found.values()} == {"skipped"}
    assert "not yet" in found["tv/law/bounds"].reason
    found = judged("drmg_targets:refuses_smoke", "tv/smoke/*", "tv/oracle/typical", sets="")
    assert [check.outcome for check in found.values()] == ["skipped", "skipped", "failed", "passed"]


@pytest.mark.parametrize(
    ("impostor", "check", "words"),
    [
        ("no_distribution", "tv/contract/answers", "expected a pair (value, distribution), as declared"),
        ("forgets_which", "l1/oracle/typical", "too pessimistic"),
        ("illegal_distribution", "tv/distribution/attains", "but the value returned is"),
    ],
)
def test_a_wrong_declaration_is_a_finding(judged: Judged, impostor: str, check: str, words: str):
    found = judged(f"drmg_targets:{impostor}", check, sets="")[check]
    assert found.outcome == "failed"
    assert words in found.reason


def test_an_implementation_that_solves_nothing_is_not_judged_further(judged: Judged):
    """Smoke before suite: one sentence says what to do instead of forty failures."""
    found = judged("drmg_targets:constant")
    assert [check.outcome for check in found.values()][:3] == ["failed"] * 3
    assert {check.outcome for case, check in found.items() if "/smoke/" not in case} == {"skipped"}
    assert "no smoke check passed" in found["tv/law/bounds"].reason


@pytest.mark.parametrize(
    "honest",
    [
        "textbook",
        "with_distribution",
        "by_total_variation",
        "of_costs",
        "only_short_rows",
        "talkative",
        "last_bits",
    ],
)
def test_the_honest_ones_are_not_accused(judged: Judged, honest: str):
    declares = honest in ("with_distribution", "by_total_variation", "of_costs", "only_short_rows")
    patterns = ("*/smoke/*", "*/contract/[di]*", "*/oracle/[!g]*")
    found = judged(f"drmg_targets:{honest}", *patterns, sets="" if declares else "tv")
    assert [check.case for check in found.values() if check.outcome == "failed"] == []
    assert sum(check.judged for check in found.values()) > 100


START = 'print(\'{"ready":1,"declaration":{"sets":["tv"]}}\',flush=True)'
HARNESSES = {
    "no JSON": ("print('hello',flush=True)", "garbage", "no JSON"),
    "no object": ("print('[1]',flush=True)", "garbage", "no JSON object"),
    "no value": ("print('{\"seq\":%s}'%n,flush=True)", "garbage", "exactly one of"),
    "two lines": ('print(\'{"seq":%s,"value":0}\\n{}\'%n,flush=True)', "garbage", "to request"),
    "another number": ('print(\'{"seq":0,"value":0}\',flush=True)', "garbage", "to request"),
    "text": ('print(\'{"seq":%s,"value":"1"}\'%n,flush=True)', "garbage", "which is no number"),
    "a C nan": ('print(\'{"seq":%s,"value":-nan}\'%n,flush=True)', "not a number", "returned nan"),
    "infinity": ('print(\'{"seq":%s,"value":inf}\'%n,flush=True)', "not a number", "returned inf"),
    "an error": ('print(\'{"seq":%s,"error":"no idea"}\'%n,flush=True)', "exception", "no idea"),
    "silence": ("sys.exit('tired')", "crash", "exit code 1: tired"),
    "no newline": ("sys.stdout.write('{');sys.stdout.flush();sys.exit()", "crash", "exit code 0"),
    "bytes": ("sys.stdout.buffer.write(b'\\xff\\n');sys.stdout.flush()", "garbage", "no JSON"),
}


@pytest.mark.parametrize("harness", HARNESSES)
def test_a_harness_that_speaks_badly_is_named(judged: Judged, harness: str):
    body, kind, words = HARNESSES[harness]
    loop = f"for line in sys.stdin:\n n=json.loads(line)['seq']\n {body}"
    code = f"import json,sys\n{START}\nsys.stdin.readline()\n{loop}"
    target = f"cmd: {shlex.join([sys.executable, '-c', code])}"
    found = judged(target, "tv/smoke/*", "tv/law/bounds")
    failures = [check.failure for check in found.values() if check.failure is not None]
    assert kind in {failure.kind for failure in failures}
    assert any(words in line for failure in failures for line in failure.lines)


def test_a_line_too_many_costs_one_answer_and_not_all_that_follow(planted: ModuleType):
    """What is left in the pipe belongs to no request: the process that wrote it is replaced."""
    answer = 'print(\'{"seq":%s,"value":0.25}\'%n,flush=True)'
    body = f"{answer}\n if not asked: print('{{}}',flush=True)\n asked=True"
    loop = f"asked=False\nfor line in sys.stdin:\n n=json.loads(line)['seq']\n {body}"
    code = f"import json,sys\n{START}\nsys.stdin.readline()\n{loop}"
    with open_target(f"cmd: {shlex.join([sys.executable, '-c', code])}", {}) as (_, session):
        rows = [Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], f"1/{n}") for n in range(4, 9)]
        answers = [session.answer(row) for row in rows]
    assert [answer.value for answer in answers] == [0.25, None, 0.25, None, 0.25]
    assert [answer.trouble for answer in answers] == [None, "garbage", None, "garbage", None]


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("drmg_targets:nothing", "has no attribute 'nothing'"),
        ("drmg_targets:np", "is a module; expected a function"),
        ("no_such_module:f", "No module named"),
        ("no/such/file.py:f", "no file no/such/file.py"),
        ("no-such-name", "no entry point of group drmg_check.implementations"),
        ("cmd: ./no-such-command", "No such file or directory|not found"),
        ("cmd:", "has no command"),
        ("cmd: echo hello", "the answer to start is 'hello'"),
        ("cmd: true", "does not start"),
        ("drmg_targets:textbook", "declares no uncertainty set"),
    ],
)
def test_a_target_that_does_not_start_is_no_finding_but_an_error(
    planted: ModuleType, target: str, words: str
):
    with pytest.raises(InputError, match=words), open_target(target, {}):
        pass
