"""The skeleton of an adapter, and the schema of the protocol: what an implementer starts from."""

from __future__ import annotations

from importlib.resources import files

from drmg_check.sets import set_family, uncertainty_to_data
from drmg_check.targets._protocol import command_of
from drmg_check.vocabulary import InputError
from drmg_check.words import LEVELS, SIGNATURES, LevelName

_GROUND = """

    Moving mass from s to s' costs ground[{i}s, s'] ** order; all of it at most rho ** order."""
_WEIGHTS = """

    What state s loses or gains counts weights[{i}s] times."""
_BOUNDS = """

    At radius 1 state s has lower[{i}s] <= q[s] <= upper[{i}s], at rho both are drawn to p by 1 - rho."""
_ROWS = """

    q is p, or (1 - rho) * p + rho * rows[{i}k] for some k."""
_BY_STATE = {"ground": _GROUND, "weights": _WEIGHTS, "lower": _BOUNDS, "rows": _ROWS}
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


def adapter(file: str, name: str, level: LevelName = "worst-case") -> str:
    """Return the skeleton of an adapter for a set, by its short name; a stage game has none.

    Raises
    ------
    InputError
        An unknown set or level.

    Examples
    --------
    >>> "def worst_case(p, V, rho)" in adapter("mine.py", "kl")
    True
    """
    family = set_family(name)
    if level not in LEVELS:
        raise InputError(f"level={level!r} is not judged; expected one of {', '.join(LEVELS)}")
    signature = SIGNATURES[level]
    arguments, doc = ", ".join(signature.arguments), signature.doc
    if signature.concept:
        arguments += ", concept"
    if signature.sets:
        example = family.make(1)
        parameters = uncertainty_to_data(example).keys() - {"kind", "support"}
        arguments += "".join(f", {name}" for name in sorted(parameters))
        if example.fixed_by:
            doc += _BY_STATE[example.fixed_by].format(i="" if signature.sets == 1 else "i, ")
    of_rows = level == "worst-case"  # which is what is meant where no level is declared
    declared = [_SETS.format(name=family.name)] if signature.sets else []
    declared += [] if of_rows else [f'    level="{level}",']
    declared += [_CONCEPT] if signature.concept else []
    declared += [_QUANTITY] if signature.costs else []
    declared += [_RADIUS] if signature.sets else []
    declared += [f'    accuracy="1e-9",  # of {signature.scale}, on top of rounding']
    declared += ['    accuracy_absolute="0",  # on top of that, whatever the values are']
    declared += ["    distribution=False,  # True if it returns (value, distribution)"] if of_rows else []
    return _ADAPTER.format(
        file=file,
        function=command_of(level),
        declared="\n".join(declared),
        signature=arguments,
        doc=doc,
    )


def protocol_schema() -> str:
    """Return the JSON schema of every line of the protocol.

    >>> import json
    >>> json.loads(protocol_schema())["title"]
    'The protocol between drmg-check and an implementation, version 1'
    """
    return (files("drmg_check.targets") / "protocol.schema.json").read_text(encoding="utf-8")
