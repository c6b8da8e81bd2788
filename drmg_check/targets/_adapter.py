"""The skeleton of an adapter, and a transcript of the protocol: what an implementer starts from."""

from __future__ import annotations

from importlib.resources import files

import msgspec

from drmg_check.targets._implementation import Implementation, declaration_to_data
from drmg_check.targets._protocol import PROTOCOL_VERSION, START, set_on_the_wire, write_request
from drmg_check.targets._sets import set_family

_SIGNATURES = {"wasserstein": "p, V, rho, ground, order", "cressie-read": "p, V, rho, alpha"}
_ADAPTER = '''"""An adapter for drmg-check: fill in worst_case, then run

    drmg-check validate {file}:worst_case
"""

import numpy as np
from drmg_check.targets import implementation


@implementation(
    "{name}",  # the set that it solves; a list for several
    quantity="reward",  # "cost" if the worst case is the largest expectation
    radius_factor="1",  # it wants radius_factor * rho ** radius_power
    radius_power="1",  # "1/2" where it wants the root
    accuracy="1e-9",  # of max V - min V, on top of rounding
    distribution=False,  # True if it returns (value, distribution)
)
def worst_case({signature}):
    """Return the smallest expectation of V under the distributions within rho of p.

    p and V are float64 vectors of the same length, p sums to 1 and may hold zeros; rho >= 0.
    Raise NotImplementedError for what is not supported: that is never a fault.
    """
    raise NotImplementedError("call your implementation here")
'''


def adapter(file: str, name: str) -> str:
    """Return the skeleton of an adapter for a set, by its short name.

    Raises
    ------
    InputError
        An unknown set.
    """
    family = set_family(name)
    kind = family.name.partition(":")[0]
    signature = _SIGNATURES.get(kind, "p, V, rho")
    return _ADAPTER.format(file=file, name=family.name, signature=signature)


def protocol_schema() -> str:
    """Return the JSON schema of every line of the protocol."""
    return (files("drmg_check.targets") / "protocol.schema.json").read_text(encoding="utf-8")


def protocol_transcript() -> list[tuple[str, str]]:
    """Return a short dialogue, line by line, as ``(speaker, line)``."""
    declared = declaration_to_data(Implementation(name="an example", sets=("tv",)))
    two = {"S": 2, "p": [0.5, 0.5], "V": [0.0, 1.0], "rho": 0.25, "distribution": False}

    def request(seq: int, name: str) -> str:
        on_the_wire = set_on_the_wire(set_family(name).make(2))
        return write_request(seq, {"cmd": "worst_case", "set": on_the_wire, **two}).decode().rstrip()

    return [
        ("referee", START.decode().rstrip()),
        ("target", _line({"ready": PROTOCOL_VERSION, "declaration": declared})),
        ("referee", request(1, "tv")),
        ("target", _line({"seq": 1, "value": 0.25})),
        ("referee", request(2, "wasserstein")),
        ("target", _line({"seq": 2, "unsupported": "only total variation"})),
    ]


def _line(data: object) -> str:
    return msgspec.json.encode(data).decode()
