"""``backup``: one agent's robust Bellman backup of given next values.

``f(P[s, a, s'], r[s, a], rho[s, a], V[s])`` returns ``Q[s, a] = r[s, a] + sigma(V)``, with sigma the smallest
expectation within ``rho[s, a]`` of ``P[s, a]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.models import RobustMarkovGame, exact_radius, exact_reward, nominal_row
from drmg_check.referee.asking import (
    Answer,
    Form,
    GameQuestion,
    Session,
    Subject,
    array_in,
    game_as_given,
    radii_on_the_wire,
    rounded,
    set_of_rows,
    sign_of,
    tolerance_of,
    with_radius,
    with_rewards,
)
from drmg_check.referee.diagnosis import (
    Diagnose,
    GameAlternative,
    Recursion,
    Tables,
    ValueCatalogue,
    clipping,
    diagnose_values,
    discounts,
    discriminating_backups,
    large_backups,
    lifted_rows,
    mixtures,
    negated_answers,
    negated_rewards,
    plain_backups,
    radii,
    tables_of,
)
from drmg_check.referee.evidence import (
    FORGIVEN,
    CertifiedValues,
    Fault,
    GameFault,
    call_lines,
    certified,
    declared_error,
    game_failure,
    game_lines,
    game_of_instance,
    instance_from_json,
    shown,
    value_lines,
)
from drmg_check.referee.levels._games import example_game, set_drawn, smoke_games
from drmg_check.referee.levels._level import Example, Level, TableRow
from drmg_check.referee.levels._planned import PlannedCheck
from drmg_check.referee.levels._values import FixedQuestions, ValueRules, judge_values, value_checks
from drmg_check.referee.levels._worst_case import worst_case
from drmg_check.runs import Failure
from drmg_check.sets import Row, TotalVariation, UncertaintySet
from drmg_check.targets import Implementation, Reply, Request, implementation, set_family, set_on_the_wire
from drmg_check.vocabulary import Array, FloatArray, InputError, exact, exact_tuple, show
from drmg_check.words import DIAGNOSED, Precision
from drmg_properties.laws import FLOAT64, Tolerance
from drmg_properties.strategies import EVERYTHING, games, value_vectors

_TV = TotalVariation()


@dataclass(frozen=True, eq=False)
class BackupQuestion(GameQuestion):
    """What is asked: the game has one agent and one step.

    Parameters
    ----------
    game : RobustMarkovGame
    values : tuple of Fraction, length S
        The next values.
    """

    values: tuple[Fraction, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Of the answer: ``[S, A]``."""
        return self.game.n_states, self.game.n_joint_actions


def _given(question: BackupQuestion, precision: Precision = "float64") -> BackupQuestion:
    values = tuple(rounded(v, precision) for v in question.values)
    return BackupQuestion(game_as_given(question.game, precision), values)


def _request(declared: Implementation, question: BackupQuestion) -> Request:
    game, sign = question.game, sign_of(declared)
    return {
        "cmd": "backup",
        "set": set_on_the_wire(set_of_rows(game.uncertainty[0])),
        "S": game.n_states,
        "A": game.n_joint_actions,
        "P": game.P[0].tolist(),
        "r": (sign * game.r[0, 0]).tolist(),
        "rho": radii_on_the_wire(declared, game.rho)[0, 0].tolist(),
        "V": [sign * float(v) for v in question.values],
    }


def _read(declared: Implementation, question: BackupQuestion, reply: Reply) -> Answer:
    answer = array_in(reply, reply.value, question.shape)
    if answer.array is None or declared.quantity != "cost":
        return answer
    return Answer(array=-answer.array, mutated=answer.mutated)


@lru_cache(maxsize=1024)
def certified_backup(question: BackupQuestion, tolerance: Tolerance = FLOAT64) -> CertifiedValues:
    """Return the certified answer, and what is forgiven: the rounding of a row and of one sum."""
    game, V = question.game, question.values
    S, A = question.shape
    lo, hi, allowed = (np.empty((S, A), dtype=object) for _ in range(3))
    span, size = max(V) - min(V), max(abs(v) for v in V)
    ball, stage = set_of_rows(game.uncertainty[0]), game.stages[0]
    for s, a in np.ndindex(S, A):
        r = exact_reward(stage, 0, s, a)
        worst = certified(Row(ball, nominal_row(stage, s, a), V, exact_radius(stage, 0, s, a)))
        lo[s, a], hi[s, a] = r + worst.lo, r + worst.hi
        declared = declared_error(span, size, abs(r), tolerance)
        rounding = (36 + 2 * S) * (span + size + declared) + 4 * (abs(r) + size + declared)
        allowed[s, a] = FORGIVEN * tolerance.unit * rounding + declared
    return CertifiedValues(lo, hi, allowed)


def _rewarded(question: BackupQuestion, factor: Fraction, shift: Fraction) -> BackupQuestion:
    values = tuple(factor * v for v in question.values)
    return BackupQuestion(with_rewards(question.game, factor, shift), values)


def _shrunk(question: BackupQuestion, factor: Fraction) -> BackupQuestion:
    return BackupQuestion(with_radius(question.game, factor), question.values)


_RULES: ValueRules[BackupQuestion] = ValueRules(
    truth=certified_backup,
    place=lambda where: f"Q(s{where[0]}, a{where[1]})",
    rewarded=_rewarded,
    shrunk=_shrunk,
    rewards_in=lambda question: 1,
)


@st.composite
def backup_questions(draw: DrawFn, uncertainty: UncertaintySet) -> BackupQuestion:
    """Draw a small game of one agent and one step, and next values."""
    sets, least, most = set_drawn(draw, uncertainty)
    game = draw(
        games(
            uncertainty=sets,
            max_agents=1,
            min_states=least,
            max_states=most,
            max_horizon=1,
            max_actions=3,
            max_radius=2,
            variety=EVERYTHING,
        )
    )
    values = draw(value_vectors(game.n_states, low=-2))
    return _given(BackupQuestion(game, values))


def smoke_backups(uncertainty: UncertaintySet) -> dict[str, BackupQuestion]:
    """Return questions whose answers a reader can check."""
    return {
        name: BackupQuestion(game, tuple(map(Fraction, range(game.n_states))))
        for name, game in smoke_games(uncertainty, horizon=1).items()
    }


def plain_backups_asked(name: str) -> tuple[BackupQuestion, ...]:
    """Return questions for code that handles little, for a set by its short name."""
    return tuple(BackupQuestion(each.game, each.values) for each in plain_backups(name))


def telling_backups(name: str) -> tuple[BackupQuestion, ...]:
    """Return questions that tell alternatives apart, for a set by its short name."""
    return tuple(BackupQuestion(each.game, each.values) for each in discriminating_backups(name))


def repeated_backups(name: str) -> tuple[BackupQuestion, ...]:
    """Return questions that are asked again, a small and two large ones, for a set by its short name."""
    return (
        telling_backups(name)[0],
        *(BackupQuestion(each.game, each.values) for each in large_backups(name)),
    )


def _checks(declared: Implementation) -> Iterator[PlannedCheck[BackupQuestion]]:
    for name in declared.sets:
        ball = set_family(name).make(1)
        asked = FixedQuestions(partial(telling_backups, name), partial(repeated_backups, name))
        drawn = partial(backup_questions, ball)
        yield from value_checks(_RULES, name, smoke_backups(ball), asked, drawn, {})


def _failure(fault: GameFault[BackupQuestion], subject: Subject, diagnosis: str) -> Failure:
    question, declared = fault.question, subject.declared
    call = call_lines(subject, question.game, _request(declared, question), "answer = np.array({})")
    return game_failure(
        fault,
        beside={"values": [show(v) for v in question.values]},
        lines=_lines(question),
        program=[*call, "print(answer)", *value_lines(fault, negated=declared.quantity == "cost")],
        diagnosis=diagnosis,
    )


def _lines(question: BackupQuestion) -> list[str]:
    return [*game_lines(question.game), f"V = ({', '.join(map(shown, question.values))})"]


def _stored(text: str, _: Implementation) -> BackupQuestion:
    instance = instance_from_json(text)
    game, values = game_of_instance(instance), instance.get("values")
    if game.n_agents != 1 or game.horizon != 1:
        raise InputError(f"m={game.n_agents}, H={game.horizon}; expected a game of one agent and one step")
    if not isinstance(values, list) or len(values) != game.n_states:
        raise InputError(f"values={values!r}; expected the {game.n_states} next values, one for each state")
    return BackupQuestion(game, exact_tuple(values, "values"))


def _entries(uncertainty: UncertaintySet) -> tuple[GameAlternative, ...]:
    words, how = "the reward is not added", Recursion(combine=lambda r, sigma, left, H: sigma)
    return (
        *lifted_rows(uncertainty),
        *negated_answers(),
        *negated_rewards(),
        GameAlternative("the worst case alone", words, how),
        *radii(),
        *discounts(steps=False),
        *clipping(steps=False),
    )


def _recompute(how: Recursion, tables: Tables) -> Array:
    t = how.read(tables)
    mix = mixtures(how, t, 0, 0, t.after)
    backed_up: Array = np.empty(t.pi.shape[1:], dtype=object)
    for s, a in np.ndindex(*backed_up.shape):
        backed_up[s, a] = mix(s, {a: Fraction(1)})
    return how.write(backed_up)


BACKUP_CATALOGUE: ValueCatalogue[BackupQuestion] = ValueCatalogue(
    entries=_entries,
    questions=telling_backups,
    plain=plain_backups_asked,
    tables=lambda question: tables_of(question.game, None, question.values),
    recompute=_recompute,
    truth=certified_backup,
)
"""What an implementation may compute in place of a backup."""


def _diagnose(session: Session[BackupQuestion], fault: Fault[BackupQuestion], _: Diagnose) -> str | None:
    if fault.kind not in DIAGNOSED or not isinstance(fault, GameFault):
        return None
    asked = (fault.question, *fault.derived)
    return diagnose_values(BACKUP_CATALOGUE, session.answer, asked, tolerance_of(session.declared))


@implementation(["tv", "wasserstein:2"], level="backup", name="worked example")
def backup(
    P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray, uncertainty: UncertaintySet = _TV
) -> FloatArray:
    """Return ``Q[s, a]``."""
    Q = np.empty_like(r)
    for s, a in np.ndindex(*r.shape):
        Q[s, a] = exact(r[s, a]) + worst_case(P[s, a], V, float(rho[s, a]), uncertainty)
    return Q


def _example(name: str) -> BackupQuestion:
    """Return a question about the first step of the example as its first agent sees it."""
    both = example_game()
    game = RobustMarkovGame(
        transition=both.transition[:1],
        reward=both.reward[:1, :1],
        radius=both.radius[:1, :1],
        uncertainty=(set_family(name).make(both.n_states),),
        actions=(both.n_joint_actions,),
    )
    return BackupQuestion(game, (Fraction(0), Fraction(1)))


BACKUP: Level[BackupQuestion] = Level(
    name="backup",
    row=TableRow(
        "f(P[s,a,s'], r[s,a], rho[s,a], V[s])",
        "`Q[s,a]`, one agent's robust Bellman backup",
        "`Q[s][a]`",
    ),
    form=Form(given=_given, request=_request, read=_read, states=lambda question: question.game.n_states),
    checks=_checks,
    verdict=partial(judge_values, _RULES),
    failure=_failure,
    diagnose=_diagnose,
    stored=_stored,
    lines=_lines,
    examples=(
        Example(
            about="Q[s][a] = r[s][a] + the smallest expectation of V around P[s][a]",
            function=backup,
            questions=lambda: (_example("tv"), _example("wasserstein:2")),
        ),
    ),
)
