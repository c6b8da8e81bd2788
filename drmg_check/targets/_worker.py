"""A worker process that serves one Python function: ``python -m drmg_check.targets._worker ADDRESS``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from drmg_check.isolation import serve
from drmg_check.targets._address import load_target
from drmg_check.targets._implementation import declaration_to_data, declared_by
from drmg_check.targets._protocol import PROTOCOL_VERSION
from drmg_check.targets._serve import answer_request, extra_parameters, said
from drmg_check.vocabulary import InputError


def answerer(address: str) -> Callable[[bytes], bytes]:
    r"""Return what answers each line for the function at an address.

    The import happens at ``start``, so that its failure is an answer.

    >>> answer = answerer("math:fsum")
    >>> answer(b'{"cmd":"start","version":1}')
    b'{"ready":1,"declaration":null,"parameters":[]}\n'
    """
    function: Callable[..., object] | None = None

    def answer(line: bytes) -> bytes:
        nonlocal function
        request = json.loads(line)
        if request["cmd"] == "start":
            try:
                function = load_target(address)
            except BaseException as error:  # whatever the module does on import
                return _encode({"failed": str(error) if isinstance(error, InputError) else said(error)})
            declared = declared_by(function)
            data = None if declared is None else declaration_to_data(declared)
            return _encode(
                {"ready": PROTOCOL_VERSION, "declaration": data, "parameters": extra_parameters(function)}
            )
        assert function is not None
        return _encode({"seq": request["seq"]} | answer_request(function, request))

    return answer


def _encode(reply: dict[str, Any]) -> bytes:
    return json.dumps(reply, separators=(",", ":")).encode() + b"\n"


if __name__ == "__main__":
    serve(answerer(sys.argv[1]))
