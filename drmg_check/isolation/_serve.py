"""The worker's side: answer each line on stdin with one on stdout, until stdin closes."""

from __future__ import annotations

import faulthandler
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from typing import NoReturn


def serve(answer: Callable[[bytes], bytes], greeting: bytes = b"") -> NoReturn:
    r"""Answer lines for ever; the process ends when its standard input does.

    Whatever else prints, in this process or in a library, goes to standard error. The greeting, if there
    is one, says that the imports are done.

    >>> import sys
    >>> from drmg_check.isolation import LineProcess
    >>> program = "from drmg_check.isolation import serve; serve(bytes.upper, b'ready\\n')"
    >>> process = LineProcess([sys.executable, "-c", program])
    >>> process.start(), process.ask(b"abc\n", limit=60.0)
    (b'ready\n', b'ABC\n')
    >>> process.close()
    """
    channel = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    faulthandler.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, lines.put), daemon=True).start()
    channel.write(greeting)
    while True:
        channel.write(answer(lines.get()))


def _listen(stream: Iterable[bytes], put: Callable[[bytes], None]) -> None:
    for line in stream:
        put(line)
    os._exit(0)  # the parent is gone; if it was killed, nobody else ends a case that hangs
