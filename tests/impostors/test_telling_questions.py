"""Every entry of every catalogue is a wrong implementation, and the default questions show each of them."""

import os

import pytest

from benchmarks.questions import HEADING, LEVELS, PAGE, SETS, section, shown_by, with_questions
from drmg_check.referee.diagnosis import FEWEST

AT_LEAST = 3
"""Questions that show an entry: one is enough to be caught, three to be believed."""
DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
CASES = [(name, level) for name in (SETS if DEEP else ("tv", "interval")) for level in LEVELS]


@pytest.mark.parametrize(("name", "level"), CASES)
def test_each_mistake_shows_on_several_of_the_questions_that_are_always_asked(name: str, level: str):
    shown = shown_by(name, level)
    assert {entry: n for entry, n in shown.items() if n < AT_LEAST} == {}
    assert sum(n >= FEWEST for n in shown.values()) >= 0.95 * len(shown)  # so that it can be named


def test_the_page_says_what_is_counted():
    """Of total variation, entry by entry; ``python -m benchmarks.questions`` rewrites it."""
    page = PAGE.read_text(encoding="utf-8")
    for level in LEVELS:
        for entry, count in shown_by("tv", level).items():
            plain = entry.removesuffix(" in each row")
            line = next(each for each in page.splitlines() if each.startswith(f"| {plain} |"))
            assert line.split(" | ")[1 + LEVELS.index(level)].strip(" |") == str(count), entry


def test_the_section_is_replaced_and_the_others_stay():
    counts = {("tv", level): {"half the radius": 7} for level in LEVELS}
    page = with_questions("# Power\n\nIt is said.\n\n## Mutants\n\nmany\n", section(counts))
    assert page.startswith(f"# Power\n\nIt is said.\n\n{HEADING}\n")
    assert page.endswith("\n\n## Mutants\n\nmany\n")
    assert with_questions(page, section(counts)) == page
