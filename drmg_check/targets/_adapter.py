"""The skeleton of an adapter, and the schema of the protocol: what an implementer starts from."""

from __future__ import annotations

from importlib.resources import files

from drmg_check.targets._implementation import Level
from drmg_check.targets._sets import set_family
from drmg_check.vocabulary import InputError

_FURTHER = {"wasserstein": ", ground, order", "cressie-read": ", alpha"}
_GROUND = """

    Moving mass from s to s' costs ground[{i}s, s'] ** order; all of it at most rho ** order."""
_LEVELS = {
    "worst-case": (
        "p, V, rho",
        """Return the smallest expectation of V under the distributions within rho of p.

    p and V are float64 vectors of the same length, p sums to 1 and may hold zeros; rho >= 0.""",
    ),
    "backup": (
        "P, r, rho, V",
        """Return Q[s, a] = r[s, a] + the smallest expectation of V within rho[s, a] of P[s, a].""",
    ),
    "evaluation": (
        "P, r, rho, pi, actions",
        """Return V[i, s], each agent's robust value of the joint policy pi[h, s, a] at the first step.

    P[h, s, a, s'], r[i, h, s, a], rho[i, h, s, a]; a is the joint action in C order of actions.""",
    ),
    "best-response": (
        "P, r, rho, pi, actions",
        """Return V[i, s], what agent i's best response to the others under pi[h, s, a] earns.

    P[h, s, a, s'], r[i, h, s, a], rho[i, h, s, a]; a is the joint action in C order of actions.""",
    ),
    "gap": (
        "P, r, rho, pi, actions",
        """Return gap[i, s], what agent i gains by leaving the joint policy pi[h, s, a].

    P[h, s, a, s'], r[i, h, s, a], rho[i, h, s, a]; a is the joint action in C order of actions.""",
    ),
    "equilibrium": (
        "u, actions, concept",
        """Return x[a], an equilibrium of the stage game that pays agent i u[i, a]; for nash a product.

    a is the joint action in C order of actions, the number of actions of each agent.""",
    ),
    "planner": (
        "P, r, rho, actions, concept",
        """Return pi[h, s, a], a robust equilibrium of a known game; for nash a product.

    P[h, s, a, s'], r[i, h, s, a], rho[i, h, s, a]; a is the joint action in C order of actions.""",
    ),
    "learner": (
        "P, r, rho, actions, episodes, delta, seed, concept",
        """Learn for some episodes from state 0, drawing next states from P; return what is below, by name.

    pi[k, h, s, a] of each episode; lower[k, i] and upper[k, i] at state 0, below the value of pi and above
    the best deviation with probability 1 - delta; regret[k], the sum over episodes of the largest gap.""",
    ),
}
_ADAPTER = '''"""An adapter for drmg-check: fill in {function}, then run

    drmg-check validate {file}:{function}
"""

import numpy as np
from drmg_check.targets import implementation


@implementation(
{declared}
)
def {function}({signature}):
    """{doc}

    Raise NotImplementedError for what is not supported: that is never a fault.
    """
    raise NotImplementedError("call your implementation here")
'''
_SETS = '    "{name}",  # the set that it solves; a list for several'
_RADIUS = """    radius_factor="1",  # it wants radius_factor * rho ** radius_power
    radius_power="1",  # "1/2" where it wants the root"""
_CONCEPT = '    concept="nash",  # or "cce", "ce"'
_QUANTITY = '    quantity="reward",  # "cost" if the worst case is the largest expectation'


def adapter(file: str, name: str, level: Level = "worst-case") -> str:
    """Return the skeleton of an adapter for a set, by its short name; a stage game has none.

    Raises
    ------
    InputError
        An unknown set or level.
    """
    family = set_family(name)
    if level not in _LEVELS:
        raise InputError(f"level={level!r} is not judged; expected one of {', '.join(_LEVELS)}")
    signature, doc = _LEVELS[level]
    kind = family.name.partition(":")[0]
    if level != "equilibrium":
        signature += _FURTHER.get(kind, "")
        if kind == "wasserstein":
            doc += _GROUND.format(i="" if level in ("worst-case", "backup") else "i, ")
    single, solves = level == "worst-case", level in ("equilibrium", "planner", "learner")
    scale = "H max |r|" if solves else "max V - min V"
    declared = [] if level == "equilibrium" else [_SETS.format(name=family.name)]
    declared += [] if single else [f'    level="{level}",']
    declared += [_CONCEPT] if solves else []
    declared += [] if level == "learner" else [_QUANTITY]
    declared += [] if level == "equilibrium" else [_RADIUS]
    declared += [f'    accuracy="1e-9",  # of {scale}, on top of rounding']
    declared += ["    distribution=False,  # True if it returns (value, distribution)"] if single else []
    return _ADAPTER.format(
        file=file,
        function=level.replace("-", "_"),
        declared="\n".join(declared),
        signature=signature,
        doc=doc,
    )


def protocol_schema() -> str:
    """Return the JSON schema of every line of the protocol."""
    return (files("drmg_check.targets") / "protocol.schema.json").read_text(encoding="utf-8")
