"""A learning run as a study: what was run, what it came to, and its curves."""

from __future__ import annotations

from collections.abc import Sequence

from drmg_check.documents import NamedValue, Panel, Series, Study, StudyFact, StudyTable, or_none, study_fact
from drmg_check.learners._learn import Learning
from drmg_check.learners._settings import Settings
from drmg_check.learners._summary import band, milestones, slope, violation_rates
from drmg_check.models import FiniteHorizon
from drmg_check.version import __version__
from drmg_check.vocabulary import FloatArray


def learning_setting(
    game: FiniteHorizon, settings: Settings, preset: str, seeds: Sequence[int]
) -> tuple[StudyFact, ...]:
    """Return what is run, with every constant; ``preset`` names the choice of the constants.

    >>> from drmg_check.learners import Settings
    >>> from drmg_check.planner import practical
    >>> from drmg_check.zoo import load
    >>> game = load("shaky-bridge")
    >>> settings = Settings(algorithm="uniform", concept="nash", episodes=4, optimism=practical(game, 4))
    >>> [fact.name for fact in learning_setting(game, settings, "practical", [0])]
    ['game', 'learner', 'constants', 'seeds']
    """
    optimism = settings.optimism
    return (
        study_fact(
            "game",
            _=game.name,
            m=game.n_agents,
            S=game.n_states,
            A=game.n_joint_actions,
            H=game.horizon,
            set=game.uncertainty[0].kind,
        ),
        study_fact(
            "learner",
            _=settings.algorithm,
            equilibrium=settings.concept,
            K=settings.episodes,
            episodes_a_plan=settings.replan_every,
        ),
        study_fact(
            "constants",
            _=preset,
            c1=float(optimism.c1),
            c2=float(optimism.c2),
            c3=float(optimism.c3),
            cf=float(optimism.cf),
            iota=float(optimism.iota),
            rate=optimism.rate,
            operator=optimism.operator,
            clip=optimism.clip,
        ),
        study_fact("seeds", _=f"{seeds[0]}" if len(seeds) == 1 else f"{seeds[0]} to {seeds[-1]}"),
    )


def learning_study(run: Learning, name: str, setting: tuple[StudyFact, ...]) -> Study:
    """Return what a run on the game ``name`` came to.

    Examples
    --------
    >>> from drmg_check.learners import Settings, learn
    >>> from drmg_check.planner import practical
    >>> from drmg_check.zoo import load
    >>> game = load("shaky-bridge")
    >>> settings = Settings(algorithm="uniform", concept="nash", episodes=4, optimism=practical(game, 4))
    >>> study = learning_study(learn(game, settings, [0]), game.name, ())
    >>> study.name, [row[0] for row in study.tables[0].rows]
    ('uniform on shaky-bridge', [1, 2, 4])
    """
    return Study(
        tool_version=__version__,
        subject="learning",
        name=f"{run.settings.algorithm} on {name}",
        question="What does it cost to learn? The regret adds the exact gaps of what was played.",
        setting=setting,
        findings=_findings(run),
        tables=(_table(run),),
        panels=(
            Panel("regret", "episodes", [_series("regret", run, run.regret)]),
            Panel(
                "gap and width of the bounds",
                "episodes",
                [_series("gap", run, run.gap), _series("width", run, run.width)],
                log_x=True,
                log_y=True,
            ),
        ),
    )


def _findings(run: Learning) -> tuple[NamedValue, ...]:
    growth = NamedValue("regret grows like", or_none(round(slope(run), 2)), "number")
    if run.settings.algorithm == "uniform":
        return (growth,)  # it has no bounds
    rates = violation_rates(run)
    return (
        growth,
        NamedValue("optimism violated", rates.optimism, "share"),
        NamedValue("pessimism violated", rates.pessimism, "share"),
        NamedValue("stage games", float(run.stage_gain[:, -1].max()), "number"),
    )


def _table(run: Learning) -> StudyTable:
    return StudyTable(
        (
            ("episodes", "count"),
            ("regret", "number"),
            ("least", "number"),
            ("largest", "number"),
            ("gap", "number"),
            ("width", "number"),
        ),
        tuple(
            (
                milestone.episodes,
                milestone.regret,
                milestone.least_regret,
                milestone.largest_regret,
                milestone.gap,
                or_none(milestone.width),
            )
            for milestone in milestones(run)
        ),
    )


def _series(label: str, run: Learning, curves: FloatArray) -> Series:
    return Series(label, run.episodes.tolist(), *(curve.tolist() for curve in band(curves)))
