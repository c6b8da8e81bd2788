"""Sentences break at the width of the terminal; nothing is lost, and no line passes for one of ours."""

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from drmg_reports.formats.terminal import Prose
from drmg_reports.words import one_line


def printed(prose: Prose, width: int) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width, markup=False, highlight=False, emoji=False).print(prose, soft_wrap=True)
    return out.getvalue().splitlines()


@given(st.text(max_size=200), st.integers(0, 4), st.integers(30, 100))
def test_prose_keeps_every_word_and_the_width(text: str, indent: int, width: int):
    lines = printed(Prose(text, indent), width)
    assert [word for shown in lines for word in shown.split()] == one_line(text).split()
    for k, shown in enumerate(lines):
        assert shown.startswith(" " * (indent + 2 * (k > 0)))
        assert len(shown) <= width or " " not in shown.strip(" "), "a no-break space is none to break at"


def test_a_long_number_stays_whole():
    number = "1" * 1000
    assert printed(Prose(f"x = {number} is too large for the terminal", 2), 40) == [
        "  x =",
        f"    {number}",
        "    is too large for the terminal",
    ]
