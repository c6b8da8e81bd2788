"""All laws of a row, in the order in which they are tried."""

from __future__ import annotations

from drmg_properties.laws._adversary import ADVERSARY_LAWS
from drmg_properties.laws._inclusions import INCLUSION_LAWS
from drmg_properties.laws._law import Law
from drmg_properties.laws._order import ORDER_LAWS
from drmg_properties.laws._symmetry import SYMMETRY_LAWS

LAWS: tuple[Law, ...] = (*ORDER_LAWS, *SYMMETRY_LAWS, *INCLUSION_LAWS, *ADVERSARY_LAWS)
