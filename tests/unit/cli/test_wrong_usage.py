"""Wrong usage and bad input exit with 2 and one clear message, never with a traceback."""

from collections.abc import Callable
from pathlib import Path

import pytest

HEALTHY = ("audit", "--ledger", "drmg_planted:healthy")
VALIDATE = ("validate", "drmg_targets:textbook", "--set", "tv")
NUMBERS = ("--accuracy", "--radius-factor")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("aduit",), "Did you mean 'audit'"),
        (("--verison",), "--version"),
        ((*HEALTHY, "--claims", "T1,f3"), "no claim matches 'f3'; did you mean"),
        ((*HEALTHY, "--game", "zoo:tax"), "did you mean 'taxi'"),
        ((*HEALTHY, "--game", "taxi"), "did you mean zoo:taxi"),
        ((*HEALTHY, "--game", "zoo:taxi?radios=1"), "did you mean 'radius'"),
        ((*HEALTHY, "--game", "none.json"), "none.json: no such file"),
        ((*HEALTHY, "--game", "a-file"), "a-file"),
        ((*HEALTHY, "--game", "a-folder"), "a-folder: is a directory"),
        ((*HEALTHY, "--budget", "soon"), "'soon' is no duration"),
        ((*HEALTHY, "--seed", "-1"), "--seed"),
        ((*HEALTHY, "--jobs", "0"), "--jobs"),
        ((*HEALTHY, "--profile", "fast"), "'quick', 'ci', 'deep'"),
        ((*HEALTHY, "--resmue"), "--resume"),
        ((*HEALTHY, "--out", "a-file"), "a-file"),
        ((*HEALTHY, "--out", "a-file/below"), "a-file/below: Not a directory"),
        ((*HEALTHY, "--out", "/proc/drmg"), "/proc/drmg: No such file or directory"),
        (("audit", "--ledger", "nothing:here"), "No module named 'nothing'"),
        (("audit", "--ledger", "drmg_planted:twice"), "expected unique ids"),
        (("claims", "show", "t3", "--ledger", "drmg_planted:healthy"), "did you mean 'T"),
        (("claims", "run", "T2", "--game", "zoo:random", "--ledger", "drmg_planted:healthy"), "no form"),
        (("replay", "F1", "--ledger", "drmg_planted:healthy"), "no run at drmg-audit/audit.ndjson"),
        (("replay", "F1", "--instance", "[", "--ledger", "drmg_planted:healthy"), "no JSON"),
        (("replay", "F1", "--instance", "{}", "--ledger", "drmg_planted:healthy"), "lacks 'x'"),
        (("replay", "F1", "--instance", '{"x":"1/0"}', "--ledger", "drmg_planted:healthy"), "1/0"),
        (("replay", "F1", "--instance", "{}", "--run", "a-file"), "not both"),
        (("replay", "F1", "--run", "a-file", "--ledger", "drmg_planted:healthy"), "no header"),
        (("report", "none.ndjson"), "none.ndjson"),
        (("report", "a-file"), "no header"),
        (("report", "a-folder"), "a-folder"),
        (("show", "zoo:tax"), "did you mean 'taxi'"),
        (("show", ""), "game='' names no file; expected zoo:NAME or the path of a file"),
        (("convert", "zoo:random"), "Missing argument 'OUT'"),
        (("convert", "zoo:random", ""), "'OUT': '' is no path; expected that of the file to write"),
        (("bound", "--svg", ""), "'--svg': '' is no path"),
        (("convert", "zoo:random", "a-file/x.json"), "a-file/x.json: cannot be written"),
        (("convert", "zoo:random", "a-folder"), "a-folder"),
        ((*HEALTHY, "--budget", "999999h"), "'999999h' is more than a year"),
        ((*HEALTHY, "--jobs", "257"), "257 is too large; expected at most 256: each job takes a core"),
        ((*HEALTHY, "--seed", "9" * 30), "expected at most 1,000,000,000,000,000,000: records"),
        *(
            ((*VALIDATE, "--time-limit", text), f"{text} is no time limit; expected 0.1 to 86,400 s, a day")
            for text in ("nan", "inf", "1e300", "1e400")
        ),
        ((*VALIDATE, "--time-limit", "-inf"), "-inf is not in the range"),
        ((*VALIDATE, "--memory", "9999999999"), "expected at most 1,048,576: no machine has a PiB"),
        *(((*VALIDATE, option, text), text) for option in NUMBERS for text in ("nan", "inf", "-1", "1e400")),
        (("learn", "zoo:random", "--episodes", "9223372036854775808"), "at most 1,000,000,000: the smallest"),
        (("learn", "zoo:random", "--replan-every", "9223372036854775808"), "is too large; expected at most"),
        (("learn", "zoo:random", "--seeds", "99999999999"), "at most 10,000: the counts and policies"),
        (("experiment", "scaling", "--seeds", "99999999999"), "99999999999 is too large; expected at most"),
        (("bound", "-S", "0"), "--states"),
        (("bound", "-A", "2;2"), "--actions='2;2'; expected integers like 2,2"),
        (("bound", "-A", "2,0"), "A_2=0"),
        (("bound", "-K", "1/2"), "K=1/2; expected at least one episode"),
        (("bound", "--radius", "x"), "--radius='x' is no exact number"),
        (("bound", "--delta", "1"), "0 < delta < 1"),
        (("bound", "--p-min", "0"), "0 < P_min <= 1"),
        (("bound", "--constants", "c9=1"), "'c9=1'; expected c1=2 and the like"),
        (("bound", "--constants", "c1=-1"), "c1=-1; expected a constant >= 0"),
        (("bound", "--svg", "a-file/x.svg"), "a-file/x.svg"),
        (("vectors", "check"), "oracles/vectors/index.json cannot be read"),
        (("vectors", "check", "a-file"), "a-file"),
        (("vectors", "build", "a-file/below"), "a-file/below"),
        (("verify-certificate", "a-file"), "no JSON"),
        (("verify-certificate", "none.json"), "none.json"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_one_clear_message(
    command: Callable[..., tuple[object, str, str]], tmp_path: Path, words: tuple[str, ...], message: str
):
    (tmp_path / "a-file").touch()
    (tmp_path / "a-folder").mkdir()
    code, out, err = command(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert len(err.splitlines()) <= 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-file", "a-folder"]


def test_an_internal_error_says_how_to_report_it(
    command: Callable[..., tuple[object, str, str]], monkeypatch: pytest.MonkeyPatch
):
    def broken() -> dict[str, str]:
        raise RuntimeError("no versions today")

    monkeypatch.setattr("drmg_check.cli._doctor._versions", broken)
    code, _, err = command("doctor")
    assert code == 3
    assert err.startswith("Internal error: RuntimeError: no versions today\n")
    assert "--traceback" in err
    assert "Traceback" not in err
    assert "Traceback (most recent call last)" in command("--traceback", "doctor")[2]


def test_a_reader_that_is_gone_is_no_error(
    command: Callable[..., tuple[object, str, str]], monkeypatch: pytest.MonkeyPatch
):
    def gone(*args: object, **kwargs: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("rich.console.Console.print", gone)
    assert command("doctor") == (141, "", "")
