"""An impostor for each entry of the diagnosis catalogue of rows: it follows the entry, and nothing else.

They are written with the float64 kernels or by hand, and share no code with the catalogue. Every docstring
says how the impostor lies; a family of impostors has one for all.
"""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from drmg_check.kernels import worst_case_expectations
from drmg_check.sets import Ellipsoid, WeightedInterval, WeightedL1, WeightedSet
from drmg_check.targets import set_family
from drmg_check.vocabulary import FloatArray

Impostor = Callable[..., float]
CR32 = "cressie-read:3/2"


def solve(name: str, p: FloatArray, V: FloatArray, rho: float) -> float:
    ball = set_family(name).make(len(V))
    top = ball.max_radius
    radius = rho if top is None else min(rho, float(top))
    return float(worst_case_expectations(ball, p[None], np.array([radius]), V)[0])


def transport(p: FloatArray, V: FloatArray, rho: float, ground: object, order: int, *, way: int = 0) -> float:
    """Solve a transport problem as a linear program; ``way`` allows one direction only."""
    from scipy.optimize import linprog

    S, cost = len(V), np.array(ground, dtype=float) ** order
    allowed = [(s, t) for s in range(S) for t in range(S) if way * (t - s) >= 0]
    marginal = [[float(s == u) for s, _ in allowed] for u in range(S)]
    program = linprog(
        [V[t] for _, t in allowed],
        A_ub=[[cost[pair] for pair in allowed]],
        b_ub=[rho**order],
        A_eq=marginal,
        b_eq=p,
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    return float(program.fun)


def of_radius(name: str, change: Callable[[float], float]) -> Impostor:
    """Solves the right set with another radius."""
    return lambda p, V, rho: solve(name, p, V, change(rho))


def of_set(other: str, factor: float = 1.0) -> Impostor:
    """Solves another set with the same radius."""
    return lambda p, V, rho: solve(other, p, V, factor * rho)


def of_value(name: str, change: Callable[[float], float]) -> Impostor:
    """Changes the value afterwards."""
    return lambda p, V, rho: change(solve(name, p, V, rho))


def of_input(
    name: str, change: Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]
) -> Impostor:
    """Changes p or V before."""
    return lambda p, V, rho: solve(name, *change(p, V), rho)


def of_moments(formula: Callable[[float, float, float, float], float]) -> Impostor:
    """Returns a formula in the mean, the variance, the span and the radius."""

    def impostor(p: FloatArray, V: FloatArray, rho: float) -> float:
        mean = float(p @ V)
        return formula(mean, float(p @ (V - mean) ** 2), float(np.ptp(V)), rho)

    return impostor


def saturated(name: str, at_the_end: Callable[[FloatArray, FloatArray], float], limit: str) -> Impostor:
    """Takes the wrong branch where the radius reaches the minimum."""

    def impostor(p: FloatArray, V: FloatArray, rho: float) -> float:
        states = p > 0 if limit == "kl" else p >= 0
        mass = p[states & (V[states].min() == V)].sum()
        reached = rho >= (-math.log(mass) if limit == "kl" else 1 - mass)
        return at_the_end(p, V) if reached else solve(name, p, V, rho)

    return impostor


def grid(n: int) -> Impostor:
    """Maximises the dual of total variation over n points."""

    def impostor(p: FloatArray, V: FloatArray, rho: float) -> float:
        low, high = float(V.min()), float(V.max())
        etas = [low + (high - low) * k / (n - 1) for k in range(n)]
        return max(float(p @ np.minimum(V, eta)) - rho * (eta - low) for eta in etas)

    return impostor


def bounded_multiplier(least: float, most: float = 1e7) -> Impostor:
    """Maximises the KL dual over multipliers from one bound to another."""

    def dual(p: FloatArray, V: FloatArray, rho: float, x: float) -> float:
        return -x * math.log(p @ np.exp(-(V - V[p > 0].min()) / x)) - x * rho + V[p > 0].min()

    def impostor(p: FloatArray, V: FloatArray, rho: float) -> float:
        p, V = p[p > 0], V[p > 0]
        low, high = math.log(least), math.log(most)  # ternary search on a logarithmic scale
        for _ in range(200):
            left, right = (2 * low + high) / 3, (low + 2 * high) / 3
            if dual(p, V, rho, math.exp(left)) < dual(p, V, rho, math.exp(right)):
                low = left
            else:
                high = right
        return dual(p, V, rho, math.exp((low + high) / 2))

    return impostor


def soft(slope: Callable[[float], float], less: Callable[[float], float]) -> Impostor:
    """Returns an entropic risk instead of a worst case."""

    def impostor(p: FloatArray, V: FloatArray, rho: float) -> float:
        x = slope(rho)
        return float(V.min() - math.log(p @ np.exp(-x * (V - V.min()))) / x) - less(rho)

    return impostor


def tail(*, scaled: bool) -> Impostor:
    """Cuts mass from the largest values and puts it on no state."""

    def impostor(p: FloatArray, V: FloatArray, rho: float) -> float:
        if rho >= 1:
            raise NotImplementedError("no mass is left")
        q, left = p.copy(), rho
        for s in np.argsort(-V):
            moved = min(left, q[s])
            q[s], left = q[s] - moved, left - moved
        return float(q @ V) / (q.sum() if scaled else 1.0)

    return impostor


def box(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Lets each probability move in its interval without keeping the sum."""
    return float(np.minimum(np.maximum(p - rho, 0) * V, np.minimum(p + rho, 1) * V).sum())


def low(p: FloatArray, V: FloatArray, rho: float = 0.0) -> float:
    """Returns the smallest value of all."""
    return float(V.min())


def low_on_support(p: FloatArray, V: FloatArray, rho: float = 0.0) -> float:
    """Returns the smallest value that the nominal row visits."""
    return float(V[p > 0].min())


def mean(p: FloatArray, V: FloatArray, rho: float = 0.0) -> float:
    """Ignores the radius."""
    return float(p @ V)


def discounted_inside(gamma: float) -> Impostor:
    """Forgets the discount of the worst state."""
    return lambda p, V, rho: (1 - rho) * gamma * mean(p, V) + rho * low(p, V)


def wasserstein_of_order(other: int) -> Impostor:
    """Takes another order."""
    return lambda p, V, rho, ground, order: transport(p, V, rho, ground, other)


def of_indices(p: FloatArray, V: FloatArray, rho: float, ground: object, order: int) -> float:
    """Ignores the ground metric."""
    return transport(p, V, rho, [[abs(s - t) for s in range(len(V))] for t in range(len(V))], order)


def one_way(way: int) -> Impostor:
    """Moves mass in one direction."""
    return lambda p, V, rho, ground, order: transport(p, V, rho, ground, order, way=way)


def cost_against_rho(p: FloatArray, V: FloatArray, rho: float, ground: object, order: int) -> float:
    """Compares the cost, of distances to the third power, with the radius as it is."""
    return transport(p, V, rho ** (1 / order), ground, order)


def intervals(p: FloatArray, V: FloatArray, rho: float, *, lower: bool = True, total: str = "=") -> float:
    """Solves a linear program over intervals around p, with one constraint missing or turned."""
    from scipy.optimize import linprog

    bounds = [(max(x - rho, 0.0) if lower else 0.0, min(x + rho, 1.0)) for x in p]
    ones = np.ones((1, len(p)))
    sums = {
        "=": {"A_eq": ones, "b_eq": [1.0]},
        ">=": {"A_ub": -ones, "b_ub": [-1.0]},
        "<=": {"A_ub": ones, "b_ub": [1.0]},
    }
    return float(linprog(V, bounds=bounds, **sums[total]).fun)


def less_the_span_of_the_support(share: float) -> Impostor:
    """Takes the span of V where p > 0 for a penalty."""
    return lambda p, V, rho: float(p @ V - share * rho * np.ptp(V[p > 0]))


def weighted(cls: type[WeightedSet], change: Callable[[FloatArray, FloatArray], FloatArray]) -> Impostor:
    """Reads other weights; ``change`` is given them and V."""

    def impostor(p: FloatArray, V: FloatArray, rho: float, weights: FloatArray) -> float:
        ball = cls(tuple(map(float, change(weights, V))))
        return float(worst_case_expectations(ball, p[None], np.array([rho]), V)[0])

    return impostor


def by_rank(weights: FloatArray, V: FloatArray) -> FloatArray:
    """Sorts V and forgets to sort the weights."""
    placed = np.empty(len(V))
    placed[np.argsort(V, kind="stable")] = weights
    return placed


def steepest(p: FloatArray, V: FloatArray, rho: float, weights: FloatArray) -> float:
    """Solves the linear program of weighted L1 without q >= 0."""
    slopes = (V[:, None] - V) / (weights[:, None] + weights)
    return float(p @ V - rho * slopes.max())


def free_arrival(p: FloatArray, V: FloatArray, rho: float, weights: FloatArray) -> float:
    """Charges for the mass that leaves, and not for where it arrives, in a linear program."""
    from scipy.optimize import linprog

    S, lowest = len(V), int(V.argmin())
    moved = linprog(V[lowest] - V, A_ub=weights[None, :], b_ub=[rho], bounds=[(0, x) for x in p])
    assert moved.x.shape == (S,)
    return float(p @ V + moved.fun)


def length(p: FloatArray, V: FloatArray, rho: float, middle: float) -> float:
    return float(p @ V - rho * np.linalg.norm(V - middle))


def between(p: FloatArray, V: FloatArray, rho: float, lower: FloatArray, upper: FloatArray) -> float:
    """Solves the linear program between other bounds."""
    from scipy.optimize import linprog

    least, most = p - rho * np.maximum(p - lower, 0), p + rho * np.maximum(upper - p, 0)
    bounds = list(zip(least, most, strict=True))
    return float(linprog(V, bounds=bounds, A_eq=np.ones((1, len(p))), b_eq=[p.sum()]).fun)


def listed(p: FloatArray, V: FloatArray, rho: float, rows: FloatArray) -> float:
    """Looks at other rows."""
    return (1 - rho) * mean(p, V) + rho * min(mean(p, V), float((rows @ V).min()))


IMPOSTORS: dict[str, tuple[str, Impostor]] = {
    "half the radius": ("tv", of_radius("tv", lambda x: x / 2)),
    "twice the radius": ("hellinger", of_radius("hellinger", lambda x: 2 * x)),
    "the squared radius": ("chi2", of_radius("chi2", lambda x: x * x)),
    "the root of the radius": ("kl", of_radius("kl", math.sqrt)),
    "the radius in bits": ("kl", of_radius("kl", lambda x: x * math.log(2))),
    "twice the squared radius": ("hellinger", of_radius("hellinger", lambda x: 2 * x * x)),
    "a divergence without 1 / (alpha (alpha - 1))": (CR32, of_radius(CR32, lambda x: x * 4 / 3)),
    "a cost compared with rho": ("wasserstein:3", cost_against_rho),
    "the nominal support": ("tv", of_set("tv:nominal")),
    "all states": ("tv:nominal", of_set("tv")),
    "the largest expectation": ("tv", lambda p, V, rho: -solve("tv", p, -V, rho)),
    "the value of -V": ("tv", lambda p, V, rho: solve("tv", p, -V, rho)),
    "minus the value": ("tv", of_value("tv", lambda x: -x)),
    "total variation": ("kl", of_set("tv")),
    "total variation on the support": ("kl", of_set("tv:nominal")),
    "KL(q || p)": ("reverse-kl", of_set("kl")),
    "KL(p || q)": ("kl", of_set("reverse-kl")),
    "KL(p || q) on the support": ("kl", of_set("reverse-kl:nominal")),
    "chi-square": ("kl", of_set("chi2")),
    "Neyman's chi-square": ("chi2", of_set("cressie-read:-1", 0.5)),
    "Neyman's chi-square on the support": ("chi2", of_set("cressie-read:-1:nominal", 0.5)),
    "the squared Hellinger distance": ("tv", of_set("hellinger")),
    "contamination": ("tv", of_set("contamination")),
    "contamination on the support": ("tv", of_set("contamination:nominal")),
    "an interval around each probability": ("tv", of_set("interval")),
    "order 1": ("wasserstein:2", wasserstein_of_order(1)),
    "order 2": ("wasserstein", wasserstein_of_order(2)),
    "the distance of indices": ("wasserstein", of_indices),
    "the nominal mean": ("tv", mean),
    "the smallest value": ("tv", low),
    "the smallest value of the support": ("tv", low_on_support),
    "a uniform nominal row": ("tv", of_input("tv", lambda p, V: (np.full(len(p), 1 / len(p)), V))),
    "V sorted upwards": ("tv", of_input("tv", lambda p, V: (p, np.sort(V)))),
    "V sorted downwards": ("tv", of_input("tv", lambda p, V: (p, -np.sort(-V)))),
    "the mean when saturated": ("kl", saturated("kl", mean, "kl")),
    "another minimum when saturated": ("kl", saturated("kl", low, "kl")),
    **{
        f"a discount of {x}": ("tv", of_value("tv", lambda v, x=x: x * v))
        for x in (0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999)
    },
    **{
        f"a discount of {x} inside the dual only": ("contamination", discounted_inside(x))
        for x in (0.9, 0.95, 0.99)
    },
    "a value clipped to [0, 1]": ("tv", of_value("tv", lambda v: min(max(v, 0.0), 1.0))),
    "V clipped to [0, 1]": ("tv", of_input("tv", lambda p, V: (p, np.clip(V, 0, 1)))),
    "no negative value": ("tv", of_value("tv", lambda v: max(v, 0.0))),
    "mean - sqrt(rho Var)": ("chi2", of_moments(lambda m, var, _, rho: m - math.sqrt(rho * var))),
    "mean - sqrt(2 rho Var)": ("kl", of_moments(lambda m, var, _, rho: m - math.sqrt(2 * rho * var))),
    "mean - rho std": ("chi2", of_moments(lambda m, var, _, rho: m - rho * math.sqrt(var))),
    "mean - rho Var": ("chi2", of_moments(lambda m, var, _, rho: m - rho * var)),
    "mean - rho span": ("tv", of_moments(lambda m, _, span, rho: m - rho * span)),
    "mean - rho span / 2": ("l1", of_moments(lambda m, _, span, rho: m - rho * span / 2)),
    "-rho log E exp(-V / rho)": ("kl", soft(lambda rho: 1 / rho, lambda rho: 0.0)),
    "-log E exp(-rho V) / rho": ("kl", soft(lambda rho: rho, lambda rho: 0.0)),
    "-log E exp(-V) - rho": ("kl", soft(lambda rho: 1.0, lambda rho: rho)),
    "the lower tail": ("tv", tail(scaled=True)),
    "a lost mass": ("tv", tail(scaled=False)),
    "(1 - rho) mean": ("contamination", lambda p, V, rho: (1 - rho) * mean(p, V)),
    "mean + rho min": ("contamination", lambda p, V, rho: mean(p, V) + rho * low(p, V)),
    **{
        f"a grid of {n} points": ("tv", grid(n))
        for n in (10, 11, 20, 21, 50, 51, 100, 101, 200, 201, 500, 501, 1000, 1001)
    },
    **{
        f"a multiplier of at least {x}": ("kl", bounded_multiplier(float(Fraction(x))))
        for x in ("1", "1/10", "1/100")
    },
    **{
        f"a multiplier of at most {x}": ("kl", bounded_multiplier(1e-13, float(x)))
        for x in (1, 10, 100, 1000)
    },
    **{
        f"p + 1e-{k}": ("kl", of_input("kl", lambda p, V, small=10.0**-k: (p + small, V)))
        for k in (4, 6, 8, 10, 12, 16)
    },
    "mean - rho span of the support": ("tv", less_the_span_of_the_support(1.0)),
    "mean - rho span / 2 of the support": ("l1", less_the_span_of_the_support(0.5)),
    "intervals without a sum": ("interval", box),
    "intervals without a lower end": ("interval", lambda p, V, rho: intervals(p, V, rho, lower=False)),
    "intervals with sum q >= 1": ("interval", lambda p, V, rho: intervals(p, V, rho, total=">=")),
    "intervals with sum q <= 1": ("interval", lambda p, V, rho: intervals(p, V, rho, total="<=")),
    "the weights ignored": ("weighted-l1", weighted(WeightedL1, lambda w, _: np.ones(len(w)))),
    "the weights inverted": ("ellipsoid", weighted(Ellipsoid, lambda w, _: 1 / w)),
    "the weights reversed": ("weighted-interval", weighted(WeightedInterval, lambda w, _: w[::-1])),
    "the weights by rank": ("weighted-l1", weighted(WeightedL1, by_rank)),
    "the weights squared": ("ellipsoid", weighted(Ellipsoid, lambda w, _: w**2)),
    "weighted L1 without q >= 0": ("weighted-l1", steepest),
    "the price of the sender alone": ("weighted-l1", free_arrival),
    "mean - rho |V - m|": ("l2", lambda p, V, rho: length(p, V, rho, V.mean())),
    "mean - rho |V|": ("l2", lambda p, V, rho: length(p, V, rho, 0.0)),
    "mean - rho std of V": ("l2", lambda p, V, rho: float(p @ V - rho * V.std())),
    "mean - rho |V - m|, at least min V": ("l2", lambda p, V, rho: max(length(p, V, rho, V.mean()), V.min())),
    "the upper bounds ignored": (
        "bounds",
        lambda p, V, rho, lower, upper: between(p, V, rho, lower, 1 + 0 * upper),
    ),
    "the bounds reversed": (
        "bounds",
        lambda p, V, rho, lower, upper: between(p, V, rho, lower[::-1], upper[::-1]),
    ),
    "the average of the list": (
        "scenarios",
        lambda p, V, rho, rows: (1 - rho) * mean(p, V) + rho * (rows @ V).mean(),
    ),
    "the list without the nominal row": (
        "scenarios",
        lambda p, V, rho, rows: (1 - rho) * mean(p, V) + rho * (rows @ V).min(),
    ),
    "the first row of the list": ("scenarios", lambda p, V, rho, rows: listed(p, V, rho, rows[:1])),
    "the rows reversed": ("scenarios", lambda p, V, rho, rows: listed(p, V, rho, rows[:, ::-1])),
    "transport to lower indices": ("wasserstein", one_way(-1)),
    "transport to higher indices": ("wasserstein", one_way(1)),
}
