"""A size is judged by arithmetic alone, whatever it is."""

import pytest

from drmg_check.readers import check_size
from drmg_check.vocabulary import InputError


def test_the_largest_sizes_pass():
    check_size(states=2**12, actions=(2,), horizon=2**12)
    check_size(states=2**11, actions=(1,), horizon=1, rational=True)
    check_size(states=1, actions=(1,) * 32, horizon=2**20)


@pytest.mark.parametrize(
    ("states", "actions", "horizon", "kernels", "rational", "message"),
    [
        (0, (1,), 1, 1, False, "expected numbers >= 1"),
        (1, (), 1, 1, False, "expected numbers >= 1"),
        (1, (1, 0), 1, 1, False, "expected numbers >= 1"),
        (1, (1,), -1, 1, False, "expected numbers >= 1"),
        (1, (1,) * 33, 1, 1, False, "at most 32 agents"),
        (2**13, (1,), 1, 1, False, "the kernel has 67108864 numbers"),
        (2**12, (2,), 2, 2, False, "(2 x 4096 states x 2 joint actions x 4096 states)"),
        (2**12, (1,), 1, 1, True, "the kernel has 16777216 rational numbers"),
        (1, (1,), 2**26, 1, False, "agents x horizon x states x joint actions = 67108864"),
        (1, (2,) * 32, 1, 1, False, "4294967296"),
        (2**11 + 1, (1,), 1, 1, True, "the kernel has 4198401 rational numbers"),
        (2**12, (2,), 2**11 + 1, 1, False, None),
        (2**12, (2, 1), 2**11, 1, False, None),
        (2**12, (2, 1), 2**11 + 1, 1, False, "agents x horizon x states x joint actions = 33570816"),
        (2**12, (2, 1, 1), 2**11, 1, False, "agents x horizon x states x joint actions = 50331648"),
        (2, (2**23,), 1, 1, False, None),
        (2, (2**23 + 1,), 1, 1, False, "the kernel has 33554436 numbers"),
        (2**11, (1,), 8, 8, False, None),
        (2**11, (1,), 9, 9, False, "(9 x 2048 states x 1 joint actions x 2048 states)"),
        (10**5000, (10**5000,), 1, 1, False, "about 2^16610 states"),
        (-(10**5000), (1,), 1, 1, False, "states=about -2^16610"),
    ],
    ids=lambda value: None if isinstance(value, str) else "size",
)
def test_a_size_beyond_a_limit_is_refused(
    states: int, actions: tuple[int, ...], horizon: int, kernels: int, rational: bool, message: str | None
):
    """And the largest within it, without a message, is not."""
    if message is None:
        check_size(states=states, actions=actions, horizon=horizon, kernels=kernels, rational=rational)
        return
    with pytest.raises(InputError) as refusal:
        check_size(states=states, actions=actions, horizon=horizon, kernels=kernels, rational=rational)
    assert message in str(refusal.value)
    assert len(str(refusal.value)) < 300
