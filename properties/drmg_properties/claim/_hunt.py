"""Hypothesis as a search engine: generate instances, and shrink what is objectionable to a minimal one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar
from unittest.mock import patch

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

I = TypeVar("I")  # noqa: E741 - the instance


class Objection(Exception):  # noqa: N818 - not an error: it tells Hypothesis what to shrink
    """The instance under test is what the search looks for.

    >>> from hypothesis import strategies as st
    >>> def refuse(n):
    ...     raise Objection(n)
    ...
    >>> hunt(st.integers(), refuse, max_examples=10, seed=0)
    True
    """


def hunt(strategy: SearchStrategy[I], test: Callable[[I], None], max_examples: int, seed: int) -> bool:
    """Call ``test`` on generated instances until it raises :class:`Objection`, then on smaller ones.

    The last instance that it objects to is the minimal one. The search is a function of the arguments:
    the same seed finds the same instance in every process. ``test`` may call ``hypothesis.target``.

    Returns
    -------
    bool
        Whether there was an objection.

    Examples
    --------
    >>> from hypothesis import strategies as st
    >>> seen = []
    >>> def test(n):
    ...     if n >= 10:
    ...         seen.append(n)
    ...         raise Objection
    ...
    >>> hunt(st.integers(0, 100), test, max_examples=100, seed=0), seen[-1]
    (True, 10)
    """
    from hypothesis import HealthCheck, Phase, Verbosity, given, settings
    from hypothesis import seed as seeded

    @seeded(seed)
    @settings(
        max_examples=max_examples,
        phases=(Phase.generate, Phase.target, Phase.shrink),
        database=None,
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        print_blob=False,
        backend="hypothesis",
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def run(instance: I) -> None:
        test(instance)

    try:
        with _independent_of_loaded_modules():
            run()
    except Objection:
        return True
    return False


@contextmanager
def _independent_of_loaded_modules() -> Iterator[None]:
    # Hypothesis now and then draws a number that it has read in the source of a loaded local module.
    # Two processes of one run have loaded different modules, so the same seed would search differently.
    from hypothesis.internal.conjecture.providers import HypothesisProvider

    with patch.object(HypothesisProvider, "_maybe_draw_constant", lambda *_, **__: None):
        yield
