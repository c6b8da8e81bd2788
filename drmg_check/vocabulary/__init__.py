"""The words that every other package uses: numbers, texts, errors, verdicts.

In version 0.1 uncertainty sets, rows, games and policies lived here, too: their names are still found here,
and load from where they are now.
"""

from typing import TYPE_CHECKING

from drmg_check.vocabulary._bounds import about as about
from drmg_check.vocabulary._bounds import bounds_text as bounds_text
from drmg_check.vocabulary._errors import CertificateError as CertificateError
from drmg_check.vocabulary._errors import DrmgError as DrmgError
from drmg_check.vocabulary._errors import InputError as InputError
from drmg_check.vocabulary._errors import InputWarning as InputWarning
from drmg_check.vocabulary._errors import NumericalError as NumericalError
from drmg_check.vocabulary._errors import UnsupportedError as UnsupportedError
from drmg_check.vocabulary._errors import check_type as check_type
from drmg_check.vocabulary._numbers import Array as Array
from drmg_check.vocabulary._numbers import Ends as Ends
from drmg_check.vocabulary._numbers import FloatArray as FloatArray
from drmg_check.vocabulary._numbers import IntArray as IntArray
from drmg_check.vocabulary._numbers import Number as Number
from drmg_check.vocabulary._numbers import approximately as approximately
from drmg_check.vocabulary._numbers import check_distributions as check_distributions
from drmg_check.vocabulary._numbers import check_sum as check_sum
from drmg_check.vocabulary._numbers import exact as exact
from drmg_check.vocabulary._numbers import exact_tuple as exact_tuple
from drmg_check.vocabulary._numbers import float_view as float_view
from drmg_check.vocabulary._numbers import in_digits as in_digits
from drmg_check.vocabulary._numbers import normalise as normalise
from drmg_check.vocabulary._numbers import numbers_array as numbers_array
from drmg_check.vocabulary._numbers import on_one_scale as on_one_scale
from drmg_check.vocabulary._numbers import show as show
from drmg_check.vocabulary._numbers import widened as widened
from drmg_check.vocabulary._text import UNSEEN as UNSEEN
from drmg_check.vocabulary._text import brief as brief
from drmg_check.vocabulary._text import readable as readable
from drmg_check.vocabulary._text import visible as visible
from drmg_check.vocabulary._verdict import Bounds as Bounds
from drmg_check.vocabulary._verdict import Slack as Slack
from drmg_check.vocabulary._verdict import Verdict as Verdict
from drmg_check.vocabulary._verdict import difference as difference
from drmg_check.vocabulary._verdict import distance as distance
from drmg_check.vocabulary._verdict import within as within

if not TYPE_CHECKING:  # type checkers know the new places only
    _MOVED = {
        "drmg_check.sets": "L1 UNCERTAINTY_SETS ChiSquare Contamination CressieRead FictitiousTotalVariation "
        "GameSet Hellinger Interval KullbackLeibler ReverseKL Row Support TotalVariation UncertaintySet "
        "Wasserstein check_radius game_set_from_data game_set_to_data leaves_support uncertainty_from_data "
        "uncertainty_to_data",
        "drmg_check.models": "JointPolicy RobustMarkovGame action_distribution check_policy_fits "
        "deterministic_policy exact_radius exact_reward is_product joint_action marginal nominal_row "
        "product_policy row_of row_set uniform_policy",
    }

    def __getattr__(name: str) -> object:
        from importlib import import_module

        for module, names in _MOVED.items():
            if name in names.split():
                return getattr(import_module(module), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
