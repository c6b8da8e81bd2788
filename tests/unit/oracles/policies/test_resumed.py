"""A certificate that was stopped anywhere goes on, and is the one that was never stopped."""

from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from drmg_check.documents import encode_document
from drmg_check.files import Parts, kept_parts
from drmg_check.models import DiscountedGame, JointPolicy, Model, RobustMarkovGame, uniform_policy
from drmg_check.planner import robust_value_iteration
from drmg_check.sets import FictitiousTotalVariation, KullbackLeibler, TotalVariation
from drmg_oracles.policies import GapCertificate, certificate_document, certify, count_parts, work_on


def small_game(*sets: object) -> RobustMarkovGame:
    rng = np.random.default_rng(3)
    return RobustMarkovGame(
        transition=rng.dirichlet(np.ones(3), size=(2, 3, 4)),
        reward=rng.random((2, 2, 3, 4)),
        radius=0.2,
        uncertainty=sets,
        actions=(2, 2),
        horizon=2,
    )


def correlated(game: RobustMarkovGame) -> JointPolicy:
    half = Fraction(1, 2)
    coin = np.full((game.horizon, game.n_states, 4), [half, 0, 0, half], dtype=object)
    return JointPolicy(coin, game.actions)


def shown(certificate: GapCertificate) -> bytes:
    return encode_document(certificate_document(certificate))


def stopped(game: Model, policy: JointPolicy, path: Path, after: int) -> GapCertificate | None:
    """Certify until so many parts are done, those of earlier runs included."""
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        if done == after:
            raise KeyboardInterrupt

    name = work_on(game, policy) if isinstance(game, RobustMarkovGame) else "discounted"
    with suppress(KeyboardInterrupt), kept_parts(path, name, count) as parts:
        return certify(game, policy, parts=parts)
    return None


GAMES = {
    "exact": (small_game(TotalVariation(), TotalVariation()), True),
    "intervals": (small_game(KullbackLeibler(), TotalVariation()), False),
    "fictitious": (small_game(FictitiousTotalVariation(), KullbackLeibler()), False),
}


@pytest.mark.parametrize("name", GAMES)
def test_a_certificate_stopped_after_any_part_is_the_one_that_was_not(name: str, tmp_path: Path):
    game, independent = GAMES[name]
    policy = uniform_policy(game) if independent else correlated(game)
    whole, path = shown(certify(game, policy)), tmp_path / "x.partial"
    total = count_parts(game, policy)
    for after in {*range(1, total, 3), total}:
        assert stopped(game, policy, path, after) is None, after
        with kept_parts(path, work_on(game, policy)) as parts:
            assert parts.earlier == after
            again = certify(game, policy, parts=parts)
        assert shown(again) == whole
        assert not path.exists()


def test_a_certificate_is_stopped_again_and_again_and_computes_each_part_once(tmp_path: Path):
    game, path = GAMES["exact"][0], tmp_path / "x.partial"
    policy = uniform_policy(game)
    total = count_parts(game, policy)
    lines = []
    for after in range(1, total + 1):
        assert stopped(game, policy, path, after) is None
        lines.append(len(path.read_bytes().splitlines()) - 1)
    assert lines == list(range(1, total + 1))


def test_recalled_steps_are_not_computed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    game, path = GAMES["exact"][0], tmp_path / "x.partial"
    policy = uniform_policy(game)
    assert stopped(game, policy, path, count_parts(game, policy)) is None

    def never(*_: object) -> None:
        raise AssertionError

    for name in ("_bellman.worst_cases", "_worst_path.worst_rows"):
        monkeypatch.setattr(f"drmg_oracles.games.{name}", never)
    with kept_parts(path, work_on(game, policy)) as parts:
        assert certify(game, policy, parts=parts).bits is None


def test_a_wrong_part_shows_in_the_certificate(tmp_path: Path):
    """The parts are trusted; what they lead to is not: verify-certificate computes it again."""
    game, path = GAMES["exact"][0], tmp_path / "x.partial"
    policy = uniform_policy(game)
    assert stopped(game, policy, path, count_parts(game, policy)) is None
    lines = path.read_text().splitlines(keepends=True)
    other = small_game(TotalVariation(), TotalVariation())
    assert work_on(other, policy) == work_on(game, policy)
    lines[1], lines[2] = lines[2], lines[1]
    path.write_text("".join(lines))
    with kept_parts(path, work_on(game, policy)) as parts:
        assert shown(certify(game, policy, parts=parts)) != shown(certify(game, policy))


def test_games_policies_and_plans_have_names_of_their_own():
    exact, intervals = GAMES["exact"][0], GAMES["intervals"][0]
    asked: list[tuple[RobustMarkovGame, JointPolicy | str]] = [
        (exact, uniform_policy(exact)),
        (exact, correlated(exact)),
        (intervals, uniform_policy(intervals)),
        (exact, "plan nash"),
        (exact, "plan cce"),
    ]
    assert len({work_on(*each) for each in asked}) == len(asked)


def test_a_discounted_certificate_goes_on_within_its_iteration(tmp_path: Path):
    finite, path, after = GAMES["intervals"][0], tmp_path / "x.partial", 3
    game = DiscountedGame(stage=finite.stages[0], discounts="9/10")
    policy = uniform_policy(game)
    while (again := stopped(game, policy, path, after)) is None:
        after += 3
    assert after > 12
    assert shown(again) == shown(certify(game, policy))


@pytest.mark.parametrize("concept", ["nash", "cce"])
def test_a_plan_stopped_after_any_step_is_the_one_that_was_not(concept: str, tmp_path: Path):
    game, path = GAMES["exact"][0], tmp_path / "x.partial"
    whole = robust_value_iteration(game, concept)

    def plan(parts: Parts, after: int) -> object:
        def stop(step: int) -> None:
            if game.horizon - step == after:
                raise KeyboardInterrupt

        return robust_value_iteration(game, concept, progress=stop, steps=parts.steps("plan"))

    for after in range(1, game.horizon + 1):
        with pytest.raises(KeyboardInterrupt), kept_parts(path, "plan") as parts:
            plan(parts, after)
        with kept_parts(path, "plan") as parts:
            assert parts.earlier == after
            again = robust_value_iteration(game, concept, steps=parts.steps("plan"))
        for name in ("V", "Q", "stage_gap", "bound"):
            assert np.array_equal(getattr(again, name), getattr(whole, name)), name
        assert np.array_equal(again.policy.weights, whole.policy.weights)
