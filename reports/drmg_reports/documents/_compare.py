"""Two certificates compared, number by number, in exact arithmetic.

A number grew for certain only if its new interval lies above the old one; two intervals that meet prove
nothing about what changed. Worse is a gap that grew for certain, and better one that shrank so: of values and
best responses nothing is wanted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from drmg_check.documents import Certified, CertifiedAgent, CertifiedBounds
from drmg_check.words import CONCEPTS, Concept

BoundsChange: TypeAlias = Literal["grew", "shrank", "meets", "appeared", "is gone"]
"""How bounds changed; ``meets``: other bounds, which do not tell whether the number changed."""
_NUMBERS = ("value", "best_response", "gain", "ce_gain")


@dataclass(frozen=True, slots=True)
class ChangedBounds:
    """A number whose bounds differ.

    Attributes
    ----------
    of : str
        A concept for its gap, or the name of the agent.
    number : {"gap", "value", "best_response", "gain", "ce_gain"}
    before, after : CertifiedBounds or None
        None where it is not there, or not known.
    change : BoundsChange

    Examples
    --------
    >>> ChangedBounds("nash", "gap", CertifiedBounds("0", "0"), CertifiedBounds("1", "1"), "grew").worse
    True
    """

    of: str
    number: str
    before: CertifiedBounds | None
    after: CertifiedBounds | None
    change: BoundsChange

    @property
    def worse(self) -> bool:
        """Whether a gap grew for certain."""
        return self.number == "gap" and self.change == "grew"

    @property
    def better(self) -> bool:
        """Whether a gap shrank for certain."""
        return self.number == "gap" and self.change == "shrank"


@dataclass(frozen=True, slots=True)
class CertificateComparison:
    """How certificate B differs from certificate A.

    ``game`` and ``policy`` are the members of their documents that differ; ``same`` counts the numbers that
    have the same bounds in both.

    >>> from drmg_check.documents import example_certificate
    >>> compare_certificates(example_certificate(), example_certificate()).worse
    False
    """

    before: Certified
    after: Certified
    game: tuple[str, ...]
    policy: tuple[str, ...]
    changes: tuple[ChangedBounds, ...]
    same: int

    @property
    def worse(self) -> bool:
        """Whether any gap grew for certain."""
        return any(change.worse for change in self.changes)


def compare_certificates(before: Certified, after: Certified) -> CertificateComparison:
    """Compare two certificates, of one game or of two.

    >>> from drmg_check.documents import example_certificate
    >>> compare_certificates(example_certificate(), example_certificate()).same
    7
    """
    product = before.product and after.product
    old, new = (dict(_numbers(document, product=product)) for document in (before, after))
    changes = []
    for key in dict.fromkeys((*old, *new)):
        change = _change(old.get(key), new.get(key))
        if change is not None:
            changes.append(ChangedBounds(*key, old.get(key), new.get(key), change))
    return CertificateComparison(
        before=before,
        after=after,
        game=_differing(before.game_text, after.game_text),
        policy=_differing(before.policy_text, after.policy_text),
        changes=tuple(changes),
        same=len(old.keys() | new.keys()) - len(changes),
    )


def _numbers(
    document: Certified, *, product: bool
) -> Iterator[tuple[tuple[str, str], CertifiedBounds | None]]:
    """Yield each number by what it is of, and its name; of independent agents all gaps are one."""
    concepts: tuple[Concept, ...] = ("nash",) if product else CONCEPTS
    for concept in concepts:
        yield (concept, "gap"), document.gap(concept)
    for agent in document.agents:
        for name in _NUMBERS[:3] if product else _NUMBERS:
            yield (agent.name, name), _bounds(agent, name)


def _bounds(agent: CertifiedAgent, name: str) -> CertifiedBounds | None:
    bounds: CertifiedBounds | None = getattr(agent, name)
    return bounds


def _change(old: CertifiedBounds | None, new: CertifiedBounds | None) -> BoundsChange | None:
    if old is None or new is None:
        return None if old is new else "appeared" if old is None else "is gone"
    (a, b), (c, d) = old.pair, new.pair
    if (a, b) == (c, d):
        return None
    return "grew" if c > b else "shrank" if d < a else "meets"


def _differing(before: str, after: str) -> tuple[str, ...]:
    """Return the members of two JSON objects that differ, in the order of the first."""
    old, new = json.loads(before), json.loads(after)
    return tuple(name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name))
