"""Planted implementations: honest ones, and ones that lie or misbehave; each docstring says how.

They run in worker processes too, so they are a module on ``PYTHONPATH`` and not fixtures.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import sys
import time

import numpy as np

from drmg_check.targets import implementation
from drmg_check.vocabulary import FloatArray

_CALLS = itertools.count()


def textbook(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Cut the mass rho from the largest values and put it on one smallest: total variation, honestly."""
    q, left, lowest = p.copy(), rho, int(np.argmin(V))
    for s in np.argsort(-V):
        moved = min(left, q[s])
        q[s] -= moved
        left -= moved
    q[lowest] += rho - left
    return float(q @ V)


@implementation("tv", name="an honest one", distribution=True)
def with_distribution(p: FloatArray, V: FloatArray, rho: float) -> tuple[float, FloatArray]:
    """Return the distribution as well, honestly."""
    q, left, lowest = p.copy(), rho, int(np.argmin(V))
    for s in np.argsort(-V):
        moved = min(left, q[s])
        q[s] -= moved
        left -= moved
    q[lowest] += rho - left
    return float(q @ V), q


@implementation("l1", radius_factor="1/2")
def by_total_variation(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Solve L1 with half the radius, as declared: honest."""
    return textbook(p, V, rho)


@implementation("tv", quantity="cost")
def of_costs(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Return the largest expected cost, as declared: honest."""
    return -textbook(p, -V, rho)


@implementation("tv")
def only_short_rows(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Refuse rows of more than four states: not supported is no fault."""
    if len(p) > 4:
        raise NotImplementedError("at most four states")
    return textbook(p, V, rho)


def talkative(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Print to standard output, by Python and by C: honest all the same."""
    print("iteration 1")
    os.write(1, b"from C\n")
    return textbook(p, V, rho)


def last_bits(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Add in another order every time, as threads do: honest."""
    order = np.random.default_rng(next(_CALLS)).permutation(len(p))
    return textbook(p[order], V[order], rho)


def half_radius(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Read the radius as L1: too optimistic."""
    return textbook(p, V, rho / 2)


def double_radius(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Read an L1 radius: too pessimistic."""
    return textbook(p, V, min(2 * rho, 1.0))


def best_case(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Take V for costs without saying so."""
    return -textbook(p, -V, rho)


def confined(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Keep the adversary on the nominal support without saying so."""
    return textbook(p[p > 0], V[p > 0], rho)


def rough(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Be off by 1e-7 of the span without saying so."""
    return textbook(p, V, rho) + 1e-7 * float(np.ptp(V))


def absolute(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Round to multiples of 1e-9, whatever the scale of V."""
    return round(textbook(p, V, rho) / 1e-9) * 1e-9


@implementation("tv", distribution=True)
def illegal_distribution(p: FloatArray, V: FloatArray, rho: float) -> tuple[float, FloatArray]:
    """Return a distribution that does not attain the value."""
    return textbook(p, V, rho), p


def compiles(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Take two seconds for the first answer of a process, as code that compiles itself does: honest."""
    if next(_CALLS) == 0:
        time.sleep(2.0)
    return textbook(p, V, rho)


def compiles_and_leaves(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Compile, and end the process at radius 1."""
    value = compiles(p, V, rho)
    return value if rho < 1 else os._exit(7)


def always_hangs(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Never return."""
    while True:
        time.sleep(0.01)


def starts_at_random(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Descend from a random start, which misses the optimum by 1e-4 of the span beyond six states."""
    chance = np.random.default_rng().uniform(0.0, 1e-4)
    return textbook(p, V, rho) + chance * float(np.ptp(V)) * (len(p) > 6)


def hangs(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Never return for rows with a tie."""
    while len(set(V.tolist())) < len(V):
        time.sleep(0.01)
    return textbook(p, V, rho)


def crashes(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Read address 0 at radius 1."""
    return textbook(p, V, rho) if rho < 1 else float(ctypes.string_at(0)[0])


def leaves(p: FloatArray, V: FloatArray, rho: float) -> float:
    """End the process at radius 1."""
    if rho == 1:
        print("good bye", file=sys.stderr, flush=True)
        os._exit(7)
    return textbook(p, V, rho)


def eats_memory(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Ask for more memory than there is, at radius 1."""
    return textbook(p, V, rho) if rho < 1 else float(np.ones(2**36)[0])


def not_a_number(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Return NaN where a probability is 0."""
    return textbook(p, V, rho) if p.all() else float("nan")


def divides_by_zero(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Fail at radius 0."""
    return textbook(p, V, rho) + 0 / rho


def says_words(p: FloatArray, V: FloatArray, rho: float) -> object:
    """Return text instead of a number at radius 1."""
    return textbook(p, V, rho) if rho < 1 else "about a half"


def moody(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Answer differently each time."""
    return textbook(p, V, rho) + 1e-3 * float(np.ptp(V)) * (next(_CALLS) % 2)


_MET: set[bytes] = set()


def second_thoughts(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Answer right the first time in each process, and otherwise when asked the same again."""
    asked = p.tobytes() + V.tobytes() + np.float64(rho).tobytes()
    again = asked in _MET
    _MET.add(asked)
    return textbook(p, V, rho) + 1e-3 * float(np.ptp(V)) * again


def forgetful(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Answer differently in each process."""
    return textbook(p, V, rho) + 1e-7 * float(np.ptp(V)) * (os.getpid() % 9973)


def sorts_in_place(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Compute the right value, and leave V sorted."""
    value = textbook(p, V, rho)
    V.sort()
    return value


@implementation("tv", distribution=True)
def no_distribution(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Declare a distribution and return none."""
    return textbook(p, V, rho)


@implementation("tv")
def refuses(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Declare a set and refuse it."""
    raise NotImplementedError("not yet")


@implementation("tv")
def refuses_smoke(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Refuse one state and radius 0, and be wrong for even odds only."""
    if len(p) == 1 or rho == 0:
        raise NotImplementedError("nothing to do")
    return textbook(p, V, rho) + (0.1 if p.tolist() == [0.5, 0.5] else 0.0)


@implementation(["tv", "l1"])
def forgets_which(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Declare two sets and solve the first for both."""
    return textbook(p, V, min(rho, 1.0))


def constant(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Return 17."""
    return 17.0


def backup(P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray) -> FloatArray:
    """Return Q[s, a] under total variation, honestly."""
    S, A = r.shape
    return np.array([[r[s, a] + textbook(P[s, a], V, rho[s, a]) for a in range(A)] for s in range(S)])


def evaluation(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: tuple[int, ...]
) -> FloatArray:
    """Return V[i, s] of a policy under total variation, honestly."""
    return np.array([_induction(P, r[i], rho[i], pi, None, actions) for i in range(len(r))])


def best_response(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: tuple[int, ...]
) -> FloatArray:
    """Return the best-response values of each agent under total variation, honestly."""
    return np.array([_induction(P, r[i], rho[i], pi, i, actions) for i in range(len(r))])


def gap(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: tuple[int, ...]
) -> FloatArray:
    """Return what each agent gains by deviating, honestly."""
    return best_response(P, r, rho, pi, actions) - evaluation(P, r, rho, pi, actions)


def _induction(
    P: FloatArray,
    r: FloatArray,
    rho: FloatArray,
    pi: FloatArray,
    deviator: int | None,
    actions: tuple[int, ...],
) -> FloatArray:
    H, S, _ = r.shape
    V = np.zeros(S)
    for h in reversed(range(H)):
        Q = backup(P[h], r[h], rho[h], V)
        if deviator is None:
            V = (pi[h] * Q).sum(axis=1)
            continue
        others = pi[h].reshape(S, *actions).sum(axis=1 + deviator, keepdims=True)
        axes = tuple(1 + k for k in range(len(actions)) if k != deviator)
        V = (others * Q.reshape(S, *actions)).sum(axis=axes).max(axis=1)
    return V


def nominal_evaluation(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: tuple[int, ...]
) -> FloatArray:
    """Forget the adversary."""
    return evaluation(P, r, 0 * rho, pi, actions)


def myopic_gap(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: tuple[int, ...]
) -> FloatArray:
    """Let an agent deviate at the first step only."""
    later = best_response(P[:1], r[:, :1], rho[:, :1], pi[:1], actions)
    return later - evaluation(P[:1], r[:, :1], rho[:, :1], pi[:1], actions)


def wrong_shape(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: tuple[int, ...]
) -> FloatArray:
    """Return the values of the first agent only."""
    return evaluation(P, r, rho, pi, actions)[0]


def discounted_backup(P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray) -> FloatArray:
    """Discount the next values, which a finite horizon does not."""
    return backup(P, r, rho, 0.9 * V)
