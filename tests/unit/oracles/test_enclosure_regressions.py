"""Rows on which an enclosure once failed."""

from fractions import Fraction

import pytest

from drmg_check.sets import CressieRead, Hellinger, ReverseKL, Row, UncertaintySet
from drmg_oracles import enclose


@pytest.mark.parametrize("uncertainty", [ReverseKL(), Hellinger(), CressieRead(Fraction(1, 2))], ids=repr)
def test_a_value_that_equals_the_nominal_mean_is_no_obstacle(uncertainty: UncertaintySet):
    """The square of a ball around zero, taken by ``**``, was NaN and spoilt the start of the search."""
    enclosure = enclose(Row.of(uncertainty, [1, 1, 0, 2], [3, 1, 0, 2], "1/16"))
    assert 0 < enclosure.hi - enclosure.lo <= Fraction(3, 10**30)
