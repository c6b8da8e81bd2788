"""drmg-check: the referee for distributionally robust Markov games.

These names are what a script needs; more is in the packages that they come from. Each loads on first use:
``import drmg_check`` imports neither numba nor cvxpy, so that an installed pytest plugin slows nobody down.

>>> import drmg_check as dc
>>> row = dc.Row.of(dc.TotalVariation(), ["1/2", "1/2", 0], [1, 0, 2], "1/4")
>>> dc.enclose(row).lo
Fraction(1, 4)
>>> game = dc.load("initial-shock")
>>> dc.certify(game, dc.uniform_policy(game)).gap("nash")
(Fraction(11, 128), Fraction(11, 128))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from drmg_check.version import __version__ as __version__

if TYPE_CHECKING:  # what type checkers and editors see
    from drmg_check.models import JointPolicy as JointPolicy
    from drmg_check.models import RobustMarkovGame as RobustMarkovGame
    from drmg_check.models import uniform_policy as uniform_policy
    from drmg_check.planner import best_response as best_response
    from drmg_check.planner import evaluate as evaluate
    from drmg_check.planner import gaps as gaps
    from drmg_check.planner import robust_value_iteration as robust_value_iteration
    from drmg_check.readers import read_game as read_game
    from drmg_check.readers import read_policy as read_policy
    from drmg_check.readers import write_game as write_game
    from drmg_check.readers import write_policy as write_policy
    from drmg_check.referee import check_implementation as check_implementation
    from drmg_check.referee import parametrize_with_laws as parametrize_with_laws
    from drmg_check.sets import L1 as L1
    from drmg_check.sets import ChiSquare as ChiSquare
    from drmg_check.sets import Contamination as Contamination
    from drmg_check.sets import CressieRead as CressieRead
    from drmg_check.sets import FictitiousTotalVariation as FictitiousTotalVariation
    from drmg_check.sets import Hellinger as Hellinger
    from drmg_check.sets import Interval as Interval
    from drmg_check.sets import KullbackLeibler as KullbackLeibler
    from drmg_check.sets import ReverseKL as ReverseKL
    from drmg_check.sets import Row as Row
    from drmg_check.sets import TotalVariation as TotalVariation
    from drmg_check.sets import Wasserstein as Wasserstein
    from drmg_check.targets import implementation as implementation
    from drmg_check.vocabulary import Verdict as Verdict
    from drmg_check.zoo import load as load
    from drmg_oracles import enclose as enclose
    from drmg_oracles.policies import certify as certify
    from drmg_properties.claim import Claim as Claim
    from drmg_properties.claim import Ledger as Ledger

_PUBLIC = {
    **dict.fromkeys(("JointPolicy", "RobustMarkovGame", "uniform_policy"), "drmg_check.models"),
    **dict.fromkeys(("best_response", "evaluate", "gaps", "robust_value_iteration"), "drmg_check.planner"),
    **dict.fromkeys(("read_game", "read_policy", "write_game", "write_policy"), "drmg_check.readers"),
    **dict.fromkeys(("check_implementation", "parametrize_with_laws"), "drmg_check.referee"),
    **dict.fromkeys(
        (
            *("L1", "ChiSquare", "Contamination", "CressieRead", "FictitiousTotalVariation", "Hellinger"),
            *("Interval", "KullbackLeibler", "ReverseKL", "Row", "TotalVariation", "Wasserstein"),
        ),
        "drmg_check.sets",
    ),
    "implementation": "drmg_check.targets",
    "Verdict": "drmg_check.vocabulary",
    "load": "drmg_check.zoo",
    "enclose": "drmg_oracles",
    "certify": "drmg_oracles.policies",
    **dict.fromkeys(("Claim", "Ledger"), "drmg_properties.claim"),
}
__all__ = ["__version__", *_PUBLIC]


if not TYPE_CHECKING:  # a checker that saw this function would believe every name

    def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562
        if name in _PUBLIC:
            return getattr(import_module(_PUBLIC[name]), name)
        raise AttributeError(f"module 'drmg_check' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
