"""Mistakes that authors of ledgers make: each is told in a sentence that names the claim and the field."""

from __future__ import annotations

import io
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from drmg_check.runs import Header, Result, read_events
from drmg_properties.audit._run_case import _listed
from drmg_reports import progress_handler

Run = Callable[..., subprocess.CompletedProcess[str]]
Command = Callable[..., tuple[object, str, str]]

HEAD = """\
import random
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import Verdict
from drmg_properties import *
from drmg_properties.strategies import rows

SOUND = dict(
    id="X1", place="Lemma 1", title="A lemma", statement="It is so.", latex="x", formalisation="As said.",
    instance_type=Row, search=Generated(lambda budget: rows(TotalVariation(), max_states=3)),
    derive=lambda row: at_least(row.radius, 0, lambda: ("rho",)),
)

def written(**fields):
    return Ledger(id="mine", name="mine", source="mine", claims=(Claim(**{**SOUND, **fields}),))

"""
LEGAL = "LEDGER = written()"


@pytest.fixture
def ledger(tmp_path: Path) -> Callable[[str], str]:
    """Write mine.py with a body; return its address."""

    def write(body: str) -> str:
        _listed.cache_clear()  # it keeps ledgers by their addresses
        (tmp_path / "mine.py").write_text(HEAD + body + "\n")
        return "./mine.py:LEDGER"

    return write


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ('severity="low"', "claim X1: severity='low'; expected one of 'none', 'typo', 'constant', "),
        (
            'reading="natural"',
            "claim X1: reading='natural'; expected one of 'literal', 'intended', 'corrected'",
        ),
        ('expected="true"', "claim X1: expected='true'; expected one of 'holds', "),
        ('corrected="X9"', "claim X1 has corrected='X9', which is no claim of the ledger"),
        ("search=Generated(rows(TotalVariation()))", "expected its strategy to be a function of a Budget"),
        ("search=Exhaustive([1, 2])", "expected its instances to be a function of a Budget"),
        ("search=rows(TotalVariation())", "expected one of Generated, Exhaustive, EveryConstant"),
        ("instance_type=int", "claim X1: instance_type=<class 'int'>; expected a frozen dataclass"),
        ("derive=1", "claim X1: derive=1; expected a function of an instance that returns a Derivation"),
        (
            "neighbours=(print,)",
            "claim X1: neighbours=(<built-in function print>,); expected a tuple",
        ),
        ('assumptions="0 <= rho"', "claim X1: assumptions='0 <= rho'; expected a tuple of texts"),
        ("title=None", "claim X1: title=None; expected a text"),
    ],
)
def test_an_illegal_field_is_refused_when_the_ledger_loads(
    command: Command, ledger: Callable[[str], str], fields: str, said: str
):
    address = ledger(f"LEDGER = written({fields})")
    code, out, err = command("claims", "list", "--ledger", address)
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: ledger='{address}': InputError: ")
    assert said in err
    assert " mine.py line 1" in err


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "LEDGER = written(derive=lambda row: Fraction(1))",
            "ClaimError: claim X1: derive returned Fraction(1, 1) of type Fraction; expected a Derivation",
        ),
        (
            "LEDGER = written(derive=lambda row: at_most(Fraction(random.randrange(10**9)), 5 * 10**8))",
            "ClaimError: claim X1: its derive is no function of the instance: the slack was",
        ),
        (
            "@cache\ndef drawn(row): return random.randrange(10**9)\n"
            "LEDGER = written(derive=lambda row: at_most(drawn(row), 5 * 10**8))",
            "ClaimError: claim X1: its derive is no function of the instance: the slack was",
        ),
        (
            'LEDGER = written(derive=lambda row: at_most(2, 1, lambda: "text"))',
            "ClaimError: claim X1: the lines of its derivation are 'text' of type str; expected a tuple of",
        ),
        (
            'LEDGER = written(derive=lambda row: at_most(2, 1, "text"))',
            "InputError: lines='text'; expected a function without arguments that returns a tuple of strings",
        ),
        (
            "LEDGER = written(derive=lambda row: at_most(0.1, 1))",
            "InputError: 0.1 of type float is a side of a derivation; expected an exact number",
        ),
        (
            "def helper(row): return {}[1]\nLEDGER = written(derive=lambda row: helper(row))",
            "KeyError: 1 (in helper, mine.py line 20); while checking claim X1 on {",
        ),
        (
            "def helper(): return {}[1]\nLEDGER = written(derive=lambda row: at_most(2, 1, helper))",
            "KeyError: 1 (in helper, mine.py line 20); while writing the lines of claim X1",
        ),
        (
            "LEDGER = written(search=Exhaustive(lambda budget: [1, 2]))",
            "ClaimError: claim X1: its search yields 1 of type int; expected instances of instance_type=Row",
        ),
        (
            "LEDGER = written(search=Generated(lambda budget: [1, 2]))",
            "ClaimError: claim X1: the strategy of its search returned [1, 2]; expected a Hypothesis",
        ),
        (
            'LEDGER = written(neighbours=(Neighbour("half", lambda row: Fraction(1)),))',
            "ClaimError: claim X1/half: derive returned Fraction(1, 1) of type Fraction; expected",
        ),
    ],
)
def test_a_claim_that_misbehaves_is_an_error_of_its_author(
    command: Command, ledger: Callable[[str], str], body: str, said: str
):
    code, out, err = command("claims", "run", "X1", "--profile", "quick", "--ledger", ledger(body))
    assert (code, err) == (1, "")
    assert said in " ".join(out.split())
    assert "bug in drmg-check" not in out


@pytest.mark.parametrize(
    ("derive", "said"),
    [
        (
            "lambda row: helper(row)",
            "claim X1: KeyError: 1 (in helper, mine.py line 20); while checking claim",
        ),
        ("lambda row: Fraction(1)", "claim X1: derive returned Fraction(1, 1)"),
        ('lambda row: at_most(2, 1, lambda: "text")', "claim X1: the lines of its derivation are 'text'"),
    ],
)
def test_a_replay_of_a_claim_that_misbehaves_is_no_bug_of_ours(
    command: Command, ledger: Callable[[str], str], derive: str, said: str
):
    address = ledger(f"def helper(row): return {{}}[1]\nLEDGER = written(derive={derive})")
    row = '{"uncertainty":{"kind":"tv","support":"all"},"nominal":["1"],"values":["0"],"radius":"0"}'
    code, out, err = command("replay", "X1", "--instance", row, "--ledger", address)
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: {said}")
    assert "bug in drmg-check" not in err


@pytest.mark.parametrize("words", [("claims", "run", "X1"), ("audit", "--jobs", 2), ("audit", "--jobs", 1)])
def test_a_claim_that_never_ends_is_ended_and_says_where_it_was(
    drmg_check: Run, ledger: Callable[[str], str], words: tuple[object, ...]
):
    address = ledger("def loop(row):\n    while True: pass\nLEDGER = written(derive=loop)")
    done = drmg_check(*words, "--profile", "quick", "--limit", 1, "--ledger", address)
    assert done.returncode == 1
    said = "OutOfTimeError: no verdict within its limit of 1 s (in loop, mine.py line 21); while"
    assert said in " ".join(done.stdout.split())


def test_the_bar_names_the_claims_that_run():
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    header = Header(
        tool_version="1", profile="ci", seed=0, cases=("A3", "B12", "C1"), started="", versions={}
    )
    with progress_handler(console) as watch:
        watch.show(header)
        watch.begin("A3")
        watch.begin("B12")
        assert "running A3, B12" in screen.getvalue()


def test_an_audit_says_which_claims_begin(command: Command, ledger: Callable[[str], str], tmp_path: Path):
    from drmg_properties.audit import audit, list_claims, plan

    ledger(LEGAL)
    begun: list[str] = []
    planned = plan(list_claims([str(tmp_path / "mine.py:LEDGER")]), [], "quick")
    for jobs in (1, 2):
        audit(planned, jobs=jobs, emit=lambda event: None, begin=begun.append)
    assert begun == ["X1", "X1"]


def test_a_file_with_one_ledger_is_address_enough(command: Command, ledger: Callable[[str], str]):
    ledger(LEGAL)
    assert command("claims", "list", "--ledger", "./mine.py") == command(
        "claims", "list", "--ledger", "mine.py:LEDGER"
    )
    code, out, err = command("claims", "list", "--ledger", "./mine.py:ledger")
    assert (code, out) == (2, "")
    assert "the module has no attribute 'ledger'; its ledgers: LEDGER" in err


def test_a_module_that_is_not_installed_points_to_the_file_of_that_name(
    command: Command, ledger: Callable[[str], str]
):
    ledger(LEGAL)
    err = command("claims", "list", "--ledger", "mine:LEDGER")[2]
    assert "No module named 'mine'; there is a file ./mine.py, which ./mine.py:NAME names" in err


FALSE = 'LEDGER = written(derive=lambda row: at_most(1, row.radius), expected="refuted", severity="typo")'


def test_every_line_that_reproduces_a_refutation_works(
    command: Command, ledger: Callable[[str], str], tmp_path: Path
):
    """Those that commands print, and the record by itself."""
    address = ledger(FALSE)
    printed = command("claims", "run", "X1", "--profile", "quick", "--ledger", address)[1].splitlines()[-1]
    code, out, err = command("audit", "--profile", "quick", "--jobs", 1, "--ledger", address)
    assert (code, err) == (0, "")
    (noted,) = (
        line.partition(": ")[2] for line in out.splitlines() if line.startswith("Replay a refutation")
    )
    for line in (printed.strip(), noted):
        assert line.endswith(f"--ledger {address}")
        assert_replays(command(*shlex.split(line)[1:]))
    for record in (("X1",), ("drmg-audit/audit.ndjson",), ("X1", "--run", "drmg-audit/audit.ndjson")):
        code, out, err = command("replay", *record)
        assert_replays((code, out, err))
        assert "The record has the same slack." in out
    assert command("claims", "freeze", "--ledger", address, "--out", "frozen")[0] == 0
    assert_replays(command("replay", "frozen/X1.json"))
    assert command("claims", "verify", "frozen/X1.json", "--ledger", address)[0] == 0


def assert_replays(done: tuple[object, str, str]) -> None:
    code, out, err = done
    assert (code, err) == (0, "")
    assert "slack = -1 < 0: this instance violates the claim." in out


def test_a_record_of_several_refutations_replays_each_of_them(
    command: Command, ledger: Callable[[str], str], tmp_path: Path
):
    address = ledger(
        f"{FALSE}\nfirst = LEDGER.claims[0]\n"
        'LEDGER = replace(LEDGER, claims=(first, replace(first, id="X2"), replace(first, id="X3")))'
    )
    assert command("audit", "--profile", "quick", "--jobs", 1, "--ledger", address)[0] == 0
    code, out, err = command("replay", "drmg-audit/audit.ndjson")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "3 as recorded, 0 not"
    run = tmp_path / "drmg-audit/audit.ndjson"
    events = read_events(run)
    changed = msgspec.structs.replace(
        events[1], counterexample=msgspec.structs.replace(events[1].counterexample, slack_low="-2")
    )
    assert isinstance(changed, Result)
    lines = [msgspec.json.encode(event) for event in (events[0], changed, *events[2:])]
    run.write_bytes(b"\n".join(lines) + b"\n")
    code, out, err = command("replay", "drmg-audit/audit.ndjson")
    assert (code, out.splitlines()[-1]) == (1, "2 as recorded, 1 not")


@pytest.mark.parametrize("text", ["{", "{}", "[]", '{"claim":"A3","ledger":"mornavi","slack":1}'])
def test_a_file_that_is_no_record_is_refused(command: Command, tmp_path: Path, text: str):
    (tmp_path / "record.json").write_text(text)
    code, out, err = command("replay", "record.json")
    assert (code, out) == (2, "")
    assert err.startswith("Error: record.json")
