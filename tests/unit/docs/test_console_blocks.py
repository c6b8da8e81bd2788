"""What pages show of a terminal is what the commands print: README, first page, learning.

Pages with tests of their own (certify, protocol, validate, theory, conventions) are left to these.
"""

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = ("README.md", "CONTRIBUTING.md", "docs/index.md", "docs/how-to-choose.md", "docs/learning.md")
TIME = re.compile(r"\d[\d.]* m?s\b")


def sessions(page: str) -> Iterator[tuple[str, str]]:
    """Yield each command of drmg-check with what the page shows of its output."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for block in re.findall(r"^```(?:console)?\n((?s:.*?))^```", text, re.MULTILINE):
        for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            if command.startswith("drmg-check "):
                yield command.removeprefix("drmg-check "), output


SESSIONS = [
    pytest.param(page, line, output, id=f"{page}-{k}")
    for page in PAGES
    for k, (line, output) in enumerate(sessions(page))
]


def files_of(page: str) -> dict[str, str]:
    """Return the programs that a page asks to save, by their names."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return {name: body for body, name in re.findall(r"```python\n(# (\S+\.py)\n(?s:.*?))```", text)}


@pytest.mark.parametrize(("page", "line", "output"), SESSIONS)
def test_a_session_shows_what_the_command_prints(
    page: str,
    line: str,
    output: str,
    command: Callable[..., tuple[object, str, str]],
    tmp_path: Path,
):
    """An ellipsis on a line of its own stands for what the page leaves out; times are those of the day."""
    for name, body in files_of(page).items():
        (tmp_path / name).write_text(body, encoding="utf-8")
    code, out, err = command(*shlex.split(line))
    assert err == ""
    assert code in (0, 1)
    printed = TIME.sub("TIME", "\n".join(row.rstrip() for row in out.splitlines()))
    shown = "\n".join(row.rstrip() for row in TIME.sub("TIME", output).splitlines())
    pattern = re.escape(shown).replace(r"\.\.\.", r"[\s\S]*")
    assert not output or re.fullmatch(pattern, printed.strip()), printed


def test_every_page_with_a_terminal_is_tested():
    tested = {
        *PAGES,
        *(
            f"docs/{name}.md"
            for name in ["bounds", "certify", "claims", "conventions", "protocol", "refutations", "validate"]
        ),
    }
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    showing = {
        page.relative_to(ROOT).as_posix()
        for page in pages
        if re.search(r"^\$ drmg-check", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert showing <= tested
