"""``s-rectangular``: what one state is worth whose actions share a budget, and a policy that secures it.

``f(P[a, s'], r[a], V[s'], kappa, w[a], gamma)`` returns a pair: the number

    max_d min { sum_a d_a (r_a + gamma E_{q_a} V) : sum_a w_a D(q_a, P[a]) <= kappa }

and the distribution ``d[a]`` over the actions. Both are judged, for right worths with wrong policies are what
real code returns: the worth against a certified interval, the policy by what it secures. The declared set is
the ball whose budget is shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache, partial
from typing import Literal

import numpy as np

from drmg_check.referee.asking import (
    FORMATS,
    Answer,
    Form,
    Session,
    StateQuestion,
    Subject,
    sign_of,
    state_as_given,
    state_from_json,
    state_to_json,
)
from drmg_check.referee.diagnosis import Diagnose, StateMistake, state_mistakes
from drmg_check.referee.evidence import Fault, Tally
from drmg_check.referee.levels._level import Example, Level, TableRow
from drmg_check.referee.levels._planned import PlannedCheck
from drmg_check.referee.levels._state_questions import (
    LAWS,
    Law,
    ball_of,
    drawn_states,
    smoke_states,
    telling_states,
)
from drmg_check.runs import Failure, rational_above, rational_below
from drmg_check.sets import SRectangular, TotalVariation, set_name
from drmg_check.targets import Implementation, Reply, Request, as_float, implementation, set_on_the_wire
from drmg_check.vocabulary import FloatArray, exact_tuple, show
from drmg_check.words import NO_FAULT, Direction, FailureKind
from drmg_oracles import StateEnclosure, enclose_state

_SMOKE = {
    "one-action": "a state of one action, whose set is its ball",
    "no-budget": "a state without a budget",
    "two-copies": "two copies of an action, of which the even mixture is best",
}
ROUNDINGS = 64  # of sums, products and of a search that ends: twice what worst cases of single rows are given


@lru_cache(maxsize=4096)
def truth_of(question: StateQuestion) -> StateEnclosure:
    """Return the certified worth of a state."""
    return enclose_state(question.problem)


def forgiven(declared: Implementation, question: StateQuestion) -> Fraction:
    """Return the error that is forgiven: rounding, and what is declared as a share of the span of z."""
    A, S = len(question.rewards), len(question.values)
    rounding = (ROUNDINGS + 8 * (A + S)) * FORMATS[declared.precision].unit * question.size
    return rounding + declared.accuracy * question.span + declared.accuracy_absolute


def _request(declared: Implementation, question: StateQuestion) -> Request | Answer:
    name = set_name(question.uncertainty.ball)
    if name not in declared.sets:
        return Answer(trouble=FailureKind.NOT_SUPPORTED, message=f"it declares no set {name}")
    sign, A = sign_of(declared), len(question.rewards)
    return {
        "cmd": "s_rectangular",
        "set": set_on_the_wire(question.uncertainty.ball),
        "S": len(question.values),
        "A": A,
        "P": [[float(p) for p in row] for row in question.nominal],
        "r": [sign * float(r) for r in question.rewards],
        "V": [sign * float(v) for v in question.values],
        "kappa": float(declared.radius_factor * question.budget),
        "w": [float(question.uncertainty.weight(a)) for a in range(A)],
        "gamma": float(question.gamma),
        "distribution": True,
    }


def _read(declared: Implementation, question: StateQuestion, reply: Reply) -> Answer:
    value, d = as_float(reply.value), reply.distribution
    if value is None:
        said = f"the value is {reply.value!r}, which is no number"
        return Answer(trouble=FailureKind.GARBAGE, message=said)
    if d is None or len(d) != len(question.rewards):
        said = (
            f"returned the policy {d!r}; expected a probability for each of {len(question.rewards)} actions"
        )
        return Answer(trouble=FailureKind.WRONG_DECLARATION, message=said, mutated=reply.mutated)
    if not np.isfinite([value, *d]).all():
        said = f"returned {value!r} and {d!r}"
        return Answer(value=value, trouble=FailureKind.NOT_A_NUMBER, message=said, mutated=reply.mutated)
    return Answer(value=sign_of(declared) * value, distribution=d, mutated=reply.mutated)


def judge_worth(
    session: Session[StateQuestion], question: StateQuestion, tally: Tally
) -> Fault[StateQuestion] | None:
    """Return what is wrong with the worth of a state, or None."""
    answer = session.answer(question)
    if not tally.count(answer):
        return None
    if answer.trouble is not None or answer.value is None:
        return Fault(answer.trouble or FailureKind.GARBAGE, question, answer, answer.message)
    truth, value = truth_of(question), Fraction(answer.value)
    off = max(truth.lo - value, value - truth.hi)
    if off <= forgiven(session.declared, question):
        return None
    where = "above" if value > truth.hi else "below"
    said = f"{answer.value!r} lies {where} the certified worth {float(truth.lo)!r}"
    return Fault(FailureKind.WRONG_VALUE, question, answer, said, severity=off / question.span)


def judge_policy(
    session: Session[StateQuestion], question: StateQuestion, tally: Tally
) -> Fault[StateQuestion] | None:
    """Return what is wrong with the policy of a state: it is none, or secures less than another."""
    answer = session.answer(question)
    if not tally.count(answer) or answer.trouble is not None or answer.distribution is None:
        return None
    declared, A = session.declared, len(question.rewards)
    d = [Fraction(x) for x in answer.distribution]
    off = declared.accuracy + ROUNDINGS * A * FORMATS[declared.precision].unit
    if min(d) < -off or abs(sum(d, Fraction(-1))) > A * off:
        said = f"the policy {answer.distribution!r} is no distribution"
        return Fault(FailureKind.ILLEGAL_POLICY, question, answer, said, severity=Fraction(1))
    kept = [max(x, Fraction(0)) for x in d]
    whole = sum(kept, Fraction(0))
    secured, best = (
        enclose_state(question.problem.playing([x / whole for x in kept])).hi,
        truth_of(question).lo,
    )
    # probabilities that are off by so much move the worth by as many spans
    allowed = forgiven(declared, question) + 2 * A * off * question.span
    if best - secured <= allowed:
        return None
    said = (
        f"the policy {answer.distribution!r} secures {float(secured)!r}, another one {float(best)!r}, as "
        f"({', '.join(f'{float(x):.6g}' for x in truth_of(question).policy)}) does"
    )
    severity = (best - secured) / question.span
    return Fault(FailureKind.NO_EQUILIBRIUM, question, answer, said, severity=severity)


def judge_both(
    session: Session[StateQuestion], question: StateQuestion, tally: Tally
) -> Fault[StateQuestion] | None:
    """Judge the answer to a state by itself."""
    if session.answer(question).mutated:
        return judge_untouched(session, question, tally)
    return judge_worth(session, question, tally) or judge_policy(session, question, tally)


def judge_untouched(
    session: Session[StateQuestion], question: StateQuestion, tally: Tally
) -> Fault[StateQuestion] | None:
    """Return whether the implementation writes into the arrays that it is given."""
    answer = session.answer(question)
    if tally.count(answer) and answer.mutated:
        said = f"it writes into {' and '.join(answer.mutated)}"
        return Fault(FailureKind.CHANGES_ITS_INPUT, question, answer, said)
    return None


def judge_answered(
    session: Session[StateQuestion], question: StateQuestion, tally: Tally
) -> Fault[StateQuestion] | None:
    """Return the trouble that a state runs into, or None."""
    answer = session.answer(question)
    if tally.count(answer) and answer.trouble is not None:
        return Fault(answer.trouble, question, answer, answer.message)
    return None


def judge_deterministic(
    session: Session[StateQuestion], question: StateQuestion, tally: Tally
) -> Fault[StateQuestion] | None:
    """Return whether the same state gets worths further apart than what is forgiven."""
    first = session.answer(question)
    if not tally.count(first) or first.value is None or first.trouble is not None:
        return None
    again = session.answer_afresh(question)
    if again.trouble == FailureKind.NOT_ASKED:
        return None
    apart = None if again.value is None else abs(Fraction(first.value) - Fraction(again.value))
    if apart is not None and apart <= 2 * forgiven(session.declared, question):
        return None
    said = f"the same state twice, in a fresh process: {first.value!r}, then {again.value!r}"
    return Fault(FailureKind.NOT_DETERMINISTIC, question, again, said)


def judge_law(
    law: Law, session: Session[StateQuestion], question: StateQuestion, tally: Tally
) -> Fault[StateQuestion] | None:
    """Return how a law is broken on a state and those that it derives, or None."""
    first = session.answer(question)
    if not tally.count(first) or first.trouble is not None or first.value is None:
        return None
    for derived, sense, shift in law.related(question):
        other = session.answer(derived)
        if other.trouble in NO_FAULT or other.trouble is not None or other.value is None:
            continue
        excess = Fraction(other.value) - Fraction(first.value) - shift
        allowed = forgiven(session.declared, question) + forgiven(session.declared, derived)
        wrong = {"at least": -excess, "at most": excess, "equal to": abs(excess)}[sense]
        if wrong > allowed:
            said = (
                f"{law.statement}: {other.value!r} for the state that is derived should be {sense} "
                f"{first.value + float(shift)!r}"
            )
            severity = wrong / question.span
            return Fault(FailureKind.LAW_BROKEN, question, first, said, severity=severity)
    return None


def _checks(declared: Implementation) -> Iterator[PlannedCheck[StateQuestion]]:
    for name in declared.sets:
        ball = ball_of(name)
        check = partial(PlannedCheck, about=name)
        telling, drawn = partial(telling_states, ball), partial(drawn_states, ball)
        for key, question in smoke_states(ball).items():
            yield check(
                name=f"smoke/{key}",
                title=f"solves {_SMOKE[key]}",
                judge=judge_both,
                questions=partial(tuple, (question,)),
            )
        title = "every state gets a number and a policy"
        yield check(
            name="contract/answers", title=title, judge=judge_answered, questions=telling, drawn=drawn
        )
        title = "leaves its input alone"
        yield check(name="contract/input", title=title, judge=judge_untouched, questions=telling)
        title = "gives equal states equal worths"
        yield check(name="contract/deterministic", title=title, judge=judge_deterministic, questions=telling)
        for law in LAWS:
            judge = partial(judge_law, law)
            yield check(
                name=f"law/{law.id}", title=law.statement, judge=judge, questions=telling, drawn=drawn
            )
        title = "agrees: states where every mistake of the catalogue shows"
        yield check(name="oracle/telling", title=title, judge=judge_worth, questions=telling)
        title = "agrees: generated states"
        yield check(name="oracle/generated", title=title, judge=judge_worth, drawn=drawn)
        title = "its policy secures the worth"
        yield check(name="policy/secures", title=title, judge=judge_policy, questions=telling, drawn=drawn)


def state_lines(question: StateQuestion) -> list[str]:
    """Return the numbers of a state for people."""
    rows = "; ".join(f"({', '.join(map(_short, row))})" for row in question.nominal)
    weights = [question.uncertainty.weight(a) for a in range(len(question.rewards))]
    return [
        f"P = {rows}   r = ({', '.join(map(_short, question.rewards))})",
        f"V = ({', '.join(map(_short, question.values))})   kappa = {_short(question.budget)}   "
        f"weights = ({', '.join(map(_short, weights))})   gamma = {_short(question.gamma)}",
    ]


def _short(x: Fraction) -> str:
    text = show(x)
    return text if len(text) <= 9 else repr(float(x))  # what a person reads at a glance


def _failure(fault: Fault[StateQuestion], subject: Subject, diagnosis: str) -> Failure:
    question, truth = fault.question, truth_of(fault.question)
    answer = fault.answer
    direction: Direction | Literal[""] = ""
    if fault.kind == FailureKind.WRONG_VALUE and answer.value is not None:
        direction = "too optimistic" if Fraction(answer.value) > truth.hi else "too pessimistic"
    return Failure(
        kind=fault.kind,
        instance=state_to_json(question),
        got=answer.message or f"{answer.value!r}, {answer.distribution!r}",
        low=rational_below(truth.lo),
        high=rational_above(truth.hi),
        direction=direction,
        grade="",
        lines=(*state_lines(question), f"{fault.kind}: {fault.message}"),
        diagnosis=diagnosis,
        snippet="\n".join(_program(fault, subject, truth)) + "\n",
        severity=1.0 if fault.severity is None else min(float(fault.severity), 1e300),  # JSON has no infinity
    )


def _program(fault: Fault[StateQuestion], subject: Subject, truth: StateEnclosure) -> list[str]:
    """Return a program that shows the fault with NumPy alone: kernels within the budget, and a bound."""
    question, declared = fault.question, subject.declared
    slack = float(forgiven(declared, question))
    kernel = [[float(x) for x in row] for row in truth.worst_kernel]
    request = _request(declared, question)
    given = {} if isinstance(request, Answer) else request
    arguments = [f"np.array({given[name]!r})" for name in ("P", "r", "V") if name in given]
    arguments += [repr(given.get("kappa", 0.0)), f"np.array({given.get('w', [])!r})"]
    sign = "-" if declared.quantity == "cost" else ""
    head = [
        "import numpy as np",
        "",
        f"function = ...  # {subject.code}",
        f"value, policy = function({', '.join(arguments)}, {given.get('gamma', 1.0)!r})",
        f"r, V = np.array({[float(r) for r in question.rewards]}), "
        f"np.array({[float(v) for v in question.values]})",
        f"q = np.array({kernel})  # kernels within the budget, one for each action",
        f"worth = r + {float(question.gamma)!r} * q @ V",
        f"low = {float(truth.lo)!r}  # secured by the policy {[float(x) for x in truth.policy]}",
    ]
    if fault.kind == FailureKind.NO_EQUILIBRIUM and fault.answer.distribution is not None:
        d = [max(Fraction(x), Fraction(0)) for x in fault.answer.distribution]
        against = enclose_state(question.problem.playing([x / sum(d, Fraction(0)) for x in d])).worst_kernel
        rows = [[float(x) for x in row] for row in against]
        head[5] = f"q = np.array({rows})  # kernels within the budget, chosen against the policy"
        return [*head, f"assert policy @ worth >= low - {slack!r}"]
    return [
        *head,
        f"assert {sign}value <= worth.max() + {slack!r}",
        f"assert {sign}value >= low - {slack!r}",
    ]


def _diagnose(session: Session[StateQuestion], fault: Fault[StateQuestion], _: Diagnose) -> str | None:
    if fault.kind not in (FailureKind.WRONG_VALUE, FailureKind.LAW_BROKEN, FailureKind.NO_EQUILIBRIUM):
        return None
    questions = (fault.question, *telling_states(fault.question.uncertainty.ball))
    said = [
        mistake.words
        for mistake in state_mistakes(fault.question)
        if all(_explains(session, mistake, question) for question in questions)
    ]
    return f"it computes {said[0]} (all {len(questions)} states)" if len(said) == 1 else None


def _explains(session: Session[StateQuestion], mistake: StateMistake, question: StateQuestion) -> bool:
    answer = session.answer(question)
    if answer.trouble is not None or answer.value is None or answer.distribution is None:
        return False
    value, d = mistake.solve(question)
    allowed = forgiven(session.declared, question)
    if abs(Fraction(answer.value) - value) > allowed:
        return False
    mine = _secured(question, exact_tuple(answer.distribution, "policy"))
    return abs(mine - _secured(question, d)) <= 4 * allowed + Fraction(1, 10**6) * question.span


def _secured(question: StateQuestion, d: tuple[Fraction, ...]) -> Fraction:
    kept = [max(x, Fraction(0)) for x in d]
    whole = sum(kept, Fraction(0)) or Fraction(1)
    return enclose_state(question.problem.playing([x / whole for x in kept])).lo


@implementation("tv", level="s-rectangular", name="worked example")
def s_rectangular(
    P: FloatArray, r: FloatArray, V: FloatArray, kappa: float, w: FloatArray, gamma: float
) -> tuple[float, FloatArray]:
    """Return the worth of a state and a policy, by the exact oracle."""
    shared = SRectangular(TotalVariation(), w.tolist())
    question = StateQuestion.of(shared, P.tolist(), r.tolist(), V.tolist(), kappa, gamma)
    proved = enclose_state(question.problem)
    return float(proved.lo), np.array([float(x) for x in proved.policy])


S_RECTANGULAR: Level[StateQuestion] = Level(
    name="s-rectangular",
    row=TableRow(
        "f(P[a,s'], r[a], V[s'], kappa, w[a], gamma)",
        "the worth of a state whose actions share a budget, and a policy `d[a]` that secures it",
        "a number; `d[a]` as `distribution`",
    ),
    form=Form(
        given=state_as_given, request=_request, read=_read, states=lambda question: len(question.values)
    ),
    checks=_checks,
    verdict=judge_both,
    failure=_failure,
    diagnose=_diagnose,
    stored=lambda text, _: state_as_given(state_from_json(text)),
    lines=state_lines,
    examples=(
        Example(
            about="two actions that share a budget, one at four times the price",
            function=s_rectangular,
            questions=lambda: (telling_states(ball_of("tv"))[2],),
        ),
    ),
)
