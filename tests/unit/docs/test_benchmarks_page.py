"""The page of benchmarks is what the command writes, section by section."""

from concurrent.futures import ThreadPoolExecutor

from benchmarks.__main__ import ABOUT, PAGE, TITLE, replaced
from benchmarks.stage_games import CONCEPTS, LIMIT, markdown, timed, verify
from benchmarks.threads import scaling


def test_a_section_is_replaced_and_the_others_stay():
    page = PAGE.read_text(encoding="utf-8")
    assert replaced(page, {}) == page
    assert page.startswith(TITLE)
    assert all(about in page for about in ABOUT.values())
    new = ABOUT["stages"] + "nothing\n"
    once = replaced(page, {"stages": new})
    assert new in once
    assert replaced(once, {"stages": new}) == once
    assert all(about in once for about in ABOUT.values())


def test_verification_counts_every_game_and_reports_its_worst_gap():
    for concept in CONCEPTS:
        verified = verify((2, 2), concept, 220)
        assert (verified.games, verified.above, verified.failed) == (220, 0, 0)
        assert 0.0 < verified.worst <= LIMIT


def test_three_solvers_are_timed_on_the_same_games():
    times = timed((2, 2), "ce", 0.0)
    assert min(times.own, times.highs, times.linprog) > 0.0
    assert "| 2x2 | CE |" in markdown([], [times])


def test_two_threads_that_share_the_work_are_twice_as_fast_whatever_else_the_machine_does():
    """By CPU time: half of the work in each of two threads, or all of it twice."""

    def spin(_: int) -> None:
        sum(range(300_000))

    def halves(threads: int) -> None:
        if threads == 1:
            spin(0)
            spin(1)
        else:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(spin, range(2)))

    shared, alone = scaling("halves", halves, 5), scaling("alone", lambda _: spin(0), 5)
    assert 1.3 < shared.speed_up <= 2.5
    assert 0.7 < alone.speed_up < 1.4
    assert 0.6 < shared.cost < 1.6
