"""The JSON format of joint policies, with the same numbers as the format of games."""

from __future__ import annotations

from math import prod
from typing import Literal

import msgspec
import numpy as np

from drmg_check.models import JointPolicy, product_policy
from drmg_check.readers._arrays import Dense, dense_to_data, from_dense
from drmg_check.readers._json import Size, convert, decode, encode, lay_out
from drmg_check.readers._limits import check_size
from drmg_check.vocabulary import Array, InputError


class PolicyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A joint policy as it stands in a file: its weights, or those of each agent, which broadcast."""

    format: Literal["drmg-policy"]
    version: Literal[1]
    horizon: Size
    states: Size
    actions: tuple[Size, ...]
    weights: Dense | None = None
    marginals: tuple[Dense, ...] | None = None


def policy_to_data(policy: JointPolicy) -> dict[str, object]:
    """Return a joint policy as the data of its JSON document; equal policies give equal data.

    Raises
    ------
    InputError
        A fraction of more than 4000 characters.

    Examples
    --------
    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> policy_to_data(uniform_policy(load("good-bad-chain")))["weights"]
    {'numbers': 'rational', 'shape': [1, 1, 1], 'values': ['1']}
    """
    return {
        "format": "drmg-policy",
        "version": 1,
        "horizon": policy.horizon,
        "states": policy.n_states,
        "actions": list(policy.actions),
        "weights": dense_to_data(policy.weights, "weights"),
    }


def policy_to_json(policy: JointPolicy) -> str:
    """Write a joint policy as JSON, without loss; equal policies give equal bytes.

    Raises
    ------
    InputError
        A fraction of more than 4000 characters.

    Examples
    --------
    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> "drmg-policy" in policy_to_json(uniform_policy(load("good-bad-chain")))
    True
    """
    return lay_out({key: encode(value) for key, value in policy_to_data(policy).items()})


def policy_from_data(data: object) -> JointPolicy:
    """Read a joint policy from the data of its JSON document; errors as for :func:`policy_from_json`.

    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> policy = uniform_policy(load("good-bad-chain"))
    >>> policy_from_data(policy_to_data(policy)).weights.shape
    (4, 2, 1)
    """
    return _policy(convert(data, PolicyFile, name="drmg-policy", version=1))


def policy_from_json(text: str | bytes) -> JointPolicy:
    """Read a joint policy; :func:`policy_to_json` writes it, ``policy.schema.json`` describes it.

    Raises
    ------
    InputError
        Whatever is wrong, as for :func:`game_from_json`.

    Examples
    --------
    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> policy = uniform_policy(load("good-bad-chain"))
    >>> policy_from_json(policy_to_json(policy)).actions
    (1,)
    """
    return _policy(decode(text, PolicyFile, name="drmg-policy", version=1))


def _policy(data: PolicyFile) -> JointPolicy:
    check_size(states=data.states, actions=data.actions, horizon=data.horizon)
    if (data.weights is None) == (data.marginals is None):
        raise InputError("expected weights of the joint policy, or marginals, one array for each agent")
    if data.weights is not None:
        weights = _full(data, data.weights, prod(data.actions), "weights")
        return JointPolicy(weights, data.actions)
    marginals = data.marginals or ()
    if len(marginals) != len(data.actions):
        raise InputError(f"marginals has {len(marginals)} arrays; expected {len(data.actions)}, one an agent")
    each = enumerate(zip(marginals, data.actions, strict=True))
    return product_policy([_full(data, array, n, f"marginals[{i}]") for i, (array, n) in each])


def _full(data: PolicyFile, array: Dense, n: int, name: str) -> Array:
    shape = (data.horizon, data.states, n)
    return np.broadcast_to(from_dense(array, shape, name), shape)
