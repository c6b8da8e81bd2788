"""The order of a report: by section and row of the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from drmg_properties.claim import Claim


def in_order(claims: Iterable[Claim[Any]]) -> tuple[Claim[Any], ...]:
    """Return claims by section and row: ``"B10"`` after ``"B9.x"`` and before ``"B10.x"``."""

    def place(claim: Claim[Any]) -> tuple[str, int, bool]:
        row = re.fullmatch(r"([A-Z]+-?)(\d+)(\..*)?", claim.id)
        assert row is not None, claim.id
        return row[1], int(row[2]), row[3] is not None

    return tuple(sorted(claims, key=place))
