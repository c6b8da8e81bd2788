"""A worker process: one case a line on stdin, one result a line on stdout, until stdin closes."""

from __future__ import annotations

import faulthandler
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterable

import msgspec

from drmg_check.audit._plan import Case
from drmg_check.audit._run_case import run_case
from drmg_check.events import encode_event


def main() -> None:
    """Serve cases; an empty line says that the imports are done."""
    channel = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a claim or a library prints must not reach the channel
    faulthandler.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, lines.put), daemon=True).start()
    channel.write(b"\n")
    while True:
        result = run_case(msgspec.json.decode(lines.get(), type=Case))
        channel.write(encode_event(result))


def _listen(stream: Iterable[bytes], put: Callable[[bytes], None]) -> None:
    for line in stream:
        put(line)
    os._exit(0)  # the parent is gone; if it was killed, nobody else ends a case that hangs


if __name__ == "__main__":
    main()
