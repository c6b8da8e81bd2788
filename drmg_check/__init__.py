"""drmg-check: the referee for distributionally robust Markov games.

The public names below load on first use, so that ``import drmg_check`` stays fast: neither numba nor
cvxpy is imported before something needs it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "RobustMarkovGame": "drmg_check.models",
    "JointPolicy": "drmg_check.models",
    "Row": "drmg_check.sets",
    "Verdict": "drmg_check.vocabulary",
    "check_implementation": "drmg_check.referee",
    "implementation": "drmg_check.targets",
    "parametrize_with_laws": "drmg_check.referee",
}
__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'drmg_check' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
