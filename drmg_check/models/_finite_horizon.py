"""What games of H steps have in common, however they are given: their stages say everything else."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np

from drmg_check.models._stage import Stage
from drmg_check.models._staged import Staged
from drmg_check.vocabulary import FloatArray


class FiniteHorizon(Staged):
    """A game of H steps, one stage each; what is paid in each of them counts the same.

    A driver of this class serves every game of its kind.

    Attributes
    ----------
    stages : tuple of Stage, length H
    horizon : int

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> isinstance(game, FiniteHorizon), game.criterion, game.occupancy.tolist()
    (True, 'H = 4', [1.0, 1.0, 1.0, 1.0])
    """

    __slots__ = ()
    horizon: int

    @property
    def r(self) -> FloatArray:
        """Rewards as kernels read them, float64 array [m, H, S, A]."""
        return np.stack([stage.r for stage in self.stages], axis=1)

    @property
    def rho(self) -> FloatArray:
        """Radii as kernels read them, float64 array [m, H, S, A]."""
        return np.stack([stage.rho for stage in self.stages], axis=1)

    @property
    def occupancy(self) -> FloatArray:
        """How often each stage is played: once."""
        return np.ones(self.horizon)

    @property
    def criterion(self) -> str:
        """The horizon in words."""
        return f"H = {self.horizon}"

    @abstractmethod
    def alone(self, i: int, stages: Sequence[Stage]) -> FiniteHorizon:
        """Return the game of agent i as its only agent, with these stages in place of its own."""
