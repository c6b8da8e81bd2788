"""The words that every other package uses: numbers, uncertainty sets, rows, games, policies, verdicts."""

from drmg_check.vocabulary._errors import CertificateError as CertificateError
from drmg_check.vocabulary._errors import DrmgError as DrmgError
from drmg_check.vocabulary._errors import InputError as InputError
from drmg_check.vocabulary._errors import NumericalError as NumericalError
from drmg_check.vocabulary._errors import UnsupportedError as UnsupportedError
from drmg_check.vocabulary._errors import check_type as check_type
from drmg_check.vocabulary._numbers import Array as Array
from drmg_check.vocabulary._numbers import FloatArray as FloatArray
from drmg_check.vocabulary._numbers import IntArray as IntArray
from drmg_check.vocabulary._numbers import Number as Number
from drmg_check.vocabulary._numbers import approximately as approximately
from drmg_check.vocabulary._numbers import check_distributions as check_distributions
from drmg_check.vocabulary._numbers import exact as exact
from drmg_check.vocabulary._numbers import exact_tuple as exact_tuple
from drmg_check.vocabulary._numbers import float_view as float_view
from drmg_check.vocabulary._numbers import normalise as normalise
from drmg_check.vocabulary._numbers import numbers_array as numbers_array
from drmg_check.vocabulary._numbers import on_one_scale as on_one_scale
from drmg_check.vocabulary._numbers import show as show
from drmg_check.vocabulary._text import UNSEEN as UNSEEN
from drmg_check.vocabulary._text import brief as brief
from drmg_check.vocabulary._text import readable as readable
from drmg_check.vocabulary._text import visible as visible
from drmg_check.vocabulary._verdict import Slack as Slack
from drmg_check.vocabulary._verdict import Verdict as Verdict
from drmg_check.vocabulary._verdict import within as within
