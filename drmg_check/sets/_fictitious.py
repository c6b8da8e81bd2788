"""The fictitious total-variation set: a ball around the kernel that one agent sees on average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from drmg_check.sets._base import Support, check_support
from drmg_check.sets._tv import TotalVariation


@dataclass(frozen=True, slots=True)
class FictitiousTotalVariation:
    r"""Agent-wise total variation around the expected nominal kernel, radius in [0, 1].

    Under a joint policy pi, agent i's adversary has one ball for each (h, s, a_i),

        { q : 1/2 sum |q - P^pi_{h,s,a_i}| <= rho },
        P^pi_{h,s,a_i} = sum_{a_{-i}} pi_h(a_{-i} | s, a_i) P_h(. | s, a_i, a_{-i}),

    so that the robust value is ``V_h(s) = sum_{a_i} pi_h(a_i|s) (E[r | s, a_i] + inf_q E_q V_{h+1})``. The
    conditional ``pi(a_{-i} | s, a_i)`` is that of the policy being valued: for a product policy and for
    a best response, which gives up the correlation, it is the marginal ``pi_{-i}(a_{-i} | s)``.

    It is a set of the game and not of a row: it moves with the policy, and its radius may depend on
    (i, h, s, a_i) but not on a_{-i}. An average of kernels, each within rho of its nominal row, is within
    rho of the average, TV being convex; so the fictitious set contains what the (s, a)-rectangular
    :class:`TotalVariation` set of that radius allows, and its values are at most as large. They are equal
    where the other agents are deterministic. With one agent it is :class:`TotalVariation`.

    Parameters
    ----------
    support : {"all", "nominal"}
        Whether the adversary may reach every state, or the support of the averaged row only.

    Notes
    -----
    Half the L1 distance, as everywhere. Source: Shi, Gai, Mazumdar, Chi and Wierman (2024), "Can we break
    the curse of multiagency in robust multi-agent reinforcement learning?", there with the whole simplex.

    Examples
    --------
    >>> FictitiousTotalVariation("nominal").ball
    TotalVariation(support='nominal')
    """

    support: Support = "all"
    kind: ClassVar[str] = "fictitious-tv"
    max_radius: ClassVar[Fraction | None] = Fraction(1)

    def __post_init__(self) -> None:
        check_support(self.support)

    @property
    def ball(self) -> TotalVariation:
        """The ball around each averaged row."""
        return TotalVariation(self.support)

    @property
    def n_states(self) -> None:
        """It fits any number of states."""
        return None

    def restrict(self, states: Sequence[int]) -> FictitiousTotalVariation:
        """Return the set for these states only, in this order: itself."""
        return self
