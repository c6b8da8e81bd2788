"""The exact law of Algorithm 1 is that of the learner, and of what can be done by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from drmg_check.learners import Recording, Settings, learn
from drmg_check.planner import practical
from drmg_check.vocabulary import UnsupportedError
from drmg_oracles import anytime_interval
from drmg_properties.claims.mornavi.sandwich import _law
from drmg_properties.claims.mornavi.sandwich._law import Choice, choice_game, law_of_violations

F = Fraction
ALPHA = F(1, 10**6)


@pytest.mark.parametrize("case", [Choice(F(1, 4), F(1, 4), F(1, 10), 12), Choice(F(3, 4), F(1, 2), F(0), 12)])
def test_the_learner_violates_as_often_as_its_law_says(case: Choice) -> None:
    """The learner counts its violations in floats, episode by episode, on sampled transitions."""
    game = choice_game(case)
    optimism = practical(game, case.K)
    exact = law_of_violations(game, case.K, optimism).chance
    how = Settings(algorithm="mornavi", concept="nash", episodes=case.K, optimism=optimism)
    seen = learn(game, how, range(400), recording=Recording(marks=[case.K]))
    wrong = int(((seen.too_low[:, -1] > 0) | (seen.too_high[:, -1] > 0)).sum())
    interval = anytime_interval(wrong, 400, ALPHA)
    assert 0 < exact < 1
    assert interval.low <= exact <= interval.high


def test_a_sure_game_has_one_table_for_each_episode() -> None:
    """Both actions surely pay: nothing is ever wrong, and ties always go to the same action."""
    case = Choice(F(1), F(1), F(0), 3)
    game = choice_game(case)
    law = law_of_violations(game, case.K, practical(game, case.K))
    assert law.chance == 0
    assert law.tables == 3


def test_without_a_bonus_the_first_failure_is_a_violation() -> None:
    """One draw with failure gives Vbar = 0 < 1/2 when no bonus is left: probability 1/2 before episode 2."""
    case = Choice(F(1, 2), F(1, 2), F(0), 2)
    game = choice_game(case)
    bare = practical(game, 10**12)
    no_bonus = type(bare)(
        episodes=10**12, iota=1.0, c1=0.0, c2=0.0, c3=0.0, cf=0.0, rate="per_N", operator=bare.operator
    )
    assert law_of_violations(game, 1, no_bonus).chance == 0
    assert law_of_violations(game, 2, no_bonus).chance > 0


def test_too_many_tables_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_law, "MAX_TABLES", 3)
    case = Choice(F(1, 2), F(1, 2), F(0), 4)
    game = choice_game(case)
    with pytest.raises(UnsupportedError, match="fewer episodes"):
        law_of_violations(game, case.K, practical(game, case.K))
