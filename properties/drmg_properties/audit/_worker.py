"""A worker process: one case a line on stdin, one result a line on stdout, until stdin closes."""

from __future__ import annotations

import msgspec

from drmg_check.isolation import serve
from drmg_check.runs import encode_event
from drmg_properties.audit._plan import Case
from drmg_properties.audit._run_case import run_case

if __name__ == "__main__":
    serve(lambda line: encode_event(run_case(msgspec.json.decode(line, type=Case))), greeting=b"\n")
