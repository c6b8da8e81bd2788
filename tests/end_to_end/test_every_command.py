"""What holds for all commands: light help, 80 columns, no colour where none is wanted, names offered."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import click
import pytest

from drmg_check.cli._main import drmg_check as root

Command = Callable[..., tuple[object, str, str]]
HEAVY = ("numba", "scipy", "cvxpy", "sympy", "matplotlib", "hypothesis", "mpmath", "flint", "numpy", "rich")
SMALL = "--ledger drmg_planted:healthy"
TYPICAL = [
    f"claims list {SMALL}",
    f"claims show F2 {SMALL}",
    f"claims run T2 {SMALL}",
    "certify zoo:initial-shock --policy uniform",
    "show",
    "show zoo:frozen-lake",
    "doctor",
    "experiment",
    "bound",
    "init-adapter adapter.py",
    "protocol --transcript",
    "validate drmg_targets:half_radius --set tv --profile quick --checks tv/smoke/*",
]


def leaves(group: click.Group = root, words: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Yield the words of each command, and the command."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


LEAVES = dict(leaves())


def test_the_help_of_every_command_imports_nothing_heavy():
    """What is not imported costs no time, on any machine."""
    code = (
        "import io, sys\n"
        "from contextlib import redirect_stdout\n"
        "from drmg_check.cli import main\n"
        f"for words in {['', *LEAVES]!r}:\n"
        "    sys.argv[:] = ['drmg-check', *words.split(), '--help']\n"
        "    try:\n"
        "        with redirect_stdout(io.StringIO()) as said: main()\n"
        "    except SystemExit as end: assert not end.code, words\n"
        "    assert 'Usage: drmg-check' in said.getvalue(), words\n"
        f"print(*(name for name in {HEAVY!r} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")


@pytest.mark.parametrize("words", LEAVES)
def test_every_option_says_what_it_is_for(words: str):
    command = LEAVES[words]
    assert command.help
    assert [p.opts for p in command.params if isinstance(p, click.Option) and not p.help] == []


@pytest.mark.parametrize("words", [*(f"{words} --help" for words in ("", *LEAVES)), *TYPICAL])
def test_what_is_piped_is_at_most_80_columns_wide(
    command: Command, monkeypatch: pytest.MonkeyPatch, words: str
):
    """Also where nothing says how wide the terminal is."""
    monkeypatch.delenv("COLUMNS")
    monkeypatch.delenv("TERM", raising=False)
    code, out, err = command(*words.split())
    assert code in (0, 1)
    assert out
    assert [line for line in f"{out}{err}".splitlines() if len(line) > 80 and not is_unbreakable(line)] == []


def is_unbreakable(line: str) -> bool:
    """Whether the line is to be pasted as it is: a command, a path, JSON of the protocol."""
    return line.strip().startswith(("drmg-check ", "> {", "< {")) or " " not in line.strip()


@pytest.mark.parametrize("words", [line for line in TYPICAL if "init-adapter" not in line])
def test_no_color_means_no_colour(command: Command, monkeypatch: pytest.MonkeyPatch, words: str):
    """NO_COLOR wins over FORCE_COLOR; and without a terminal there is no escape sequence at all."""
    assert "\x1b" not in command(*words.split())[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    colours = r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]"
    assert not re.search(colours, command(*words.split())[1])


def test_colours_are_there_where_they_are_wanted(command: Command, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in command(*f"claims list {SMALL}".split())[1]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("certfy zoo:taxi", "certify"),
        ("claims lst", "list"),
        ("vectors biuld", "build"),
        ("audit --clams A3", "--claims"),
        (f"audit {SMALL} --claims T22", "T2"),
        (f"claims show T11 {SMALL}", "T1"),
        (f"replay T11 --instance {{}} {SMALL}", "T1"),
        ("certify zoo:taxy", "taxi"),
        ("convert zoo:taxy out.json", "taxi"),
        ("learn zoo:shaky-brigde", "shaky-bridge"),
        ("learn zoo:taxi --algorithm mornavy", "mornavi"),
        ("experiment scalling", "scaling"),
        ("init-adapter x.py --set reverse_kl", "reverse-kl"),
        ("validate drmg_targets:textbook --set hellingr", "hellinger"),
        ("validate drmg_targets:textbook --set tv --checks tv/law/bound", "tv/law/bounds"),
        ("validate drmg_targets:textbook --set tv --level bakcup", "backup"),
        ("validate drmg_targets:textbok --set tv", "textbook"),
        ("audit --profile qick", "quick"),
        ("completion bsh", "bash"),
    ],
)
def test_the_closest_name_is_offered(command: Command, words: str, meant: str):
    code, out, err = command(*words.split())
    assert (code, out) == (2, "")
    assert meant in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words",
    [
        "certify zoo:initial-shock --policy uniform --json -",
        f"claims list {SMALL} --json",
        "doctor --json",
        "experiment --json",
        "learn zoo:shaky-bridge --episodes 8 --seeds 1 --json",
        "protocol --schema",
    ],
)
def test_json_is_all_that_is_printed(command: Command, words: str):
    code, out, err = command(*words.split())
    assert (code, err) == (0, "")
    assert isinstance(json.loads(out), dict | list)


SIZES = {
    "audit": {"--quiet", "--verbose", "--json"},
    "validate": {"--quiet", "--verbose", "--json"},
    "report": {"--quiet", "--verbose"},  # the NDJSON is its input
    "diff": {"--verbose", "--json"},
    "learn": {"--quiet", "--json"},  # there is no more to show than the page has
    "experiment": {"--quiet", "--json"},
}


@pytest.mark.parametrize("short", ["-q", "-v"])
def test_quiet_and_verbose_have_their_short_names_everywhere(short: str):
    """And --quiet of what records runs says the same everywhere."""
    long = {"-q": "--quiet", "-v": "--verbose"}[short]
    options = {name: option for name in SIZES for option in LEAVES[name].params if long in option.opts}
    assert all(short in option.opts for option in options.values())
    if short == "-q":
        assert {getattr(option, "help", "") for option in options.values()} == {
            "Show failures and the last line only."
        }


@pytest.mark.parametrize("name", [*SIZES, "trend", "certify", "doctor"])
def test_output_comes_in_the_sizes_that_make_sense(name: str):
    """Who records a run can be quiet, explicit or read by programs; who answers once, by programs."""
    expected = SIZES.get(name, {"--json"})
    have = {opt for parameter in LEAVES[name].params for opt in parameter.opts}
    assert expected <= have
    assert not have & {"--quiet", "--verbose", "--json"} - expected
