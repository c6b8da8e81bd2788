"""A process that answers lines with lines; whatever it does instead is an exception here, never a wait.

``concurrent.futures`` loses every pending task when one process dies and cannot kill one that hangs;
so each worker is a plain subprocess that is replaced when it is lost.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, Literal, TypeAlias

START_LIMIT = 120.0
"""Seconds that a worker may need for its imports, on a busy machine with cold caches."""
LAST_WORDS = 5.0
"""Seconds that a process has to end by itself once its standard output is closed, before it is killed."""
LONGEST_LINE = 2**26
"""Bytes; a process that writes more without a newline is not answering."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_LIMITED = 'ulimit -c 0; ulimit -v "$1" && ulimit -t "$2"; shift 2; exec "$@"'

Loss: TypeAlias = Literal["late", "died", "flood"]


class LostError(Exception):
    """The process is dead; the message says how it ended.

    Parameters
    ----------
    how : {"late", "died", "flood"}
        It exceeded the limit of its answer, it ended by itself, or it wrote without end.
    message : str
    code : int
        Its exit code; ``-n`` when signal n killed it.
    """

    def __init__(self, how: Loss, message: str, code: int) -> None:
        super().__init__(message)
        self.how, self.code = how, code


class LineProcess:
    r"""One process at a time; asking starts another one when the last was lost.

    Parameters
    ----------
    argv : sequence of str
        The command. It answers each line on its standard input with one on its standard output; what it
        writes to its standard error is kept for the message of a :class:`LostError`.
    hello : bytes
        Sent to a new process, whose first line is kept as :attr:`greeting`.
    memory : int, optional
        Bytes of address space, where the system can limit it.
    cpu : int, optional
        Seconds of processor time over the life of the process; only together with ``memory``.

    Examples
    --------
    >>> import sys
    >>> echo = "import sys; [print(line, end='', flush=True) for line in sys.stdin]"
    >>> process = LineProcess([sys.executable, "-c", echo], hello=b"hello\n")
    >>> process.ask(b"2 + 2\n", limit=60.0), process.greeting
    (b'2 + 2\n', b'hello\n')
    >>> process.close()
    """

    def __init__(
        self, argv: Sequence[str], *, hello: bytes = b"", memory: int | None = None, cpu: int = 3600
    ) -> None:
        self.stopped = False
        self.greeting = b""
        self._argv = list(argv)
        if memory is not None and os.name == "posix":
            self._argv = ["/bin/sh", "-c", _LIMITED, "sh", str(memory // 1024), str(cpu), *argv]
        self._hello = hello
        self._process: subprocess.Popen[bytes] | None = None
        self._stderr: IO[bytes] | None = None

    @property
    def alive(self) -> bool:
        """Whether a process is there that has answered so far."""
        return self._process is not None

    def start(self, limit: float = START_LIMIT) -> bytes:
        """Start a process, if there is none, and return its greeting."""
        if self._process is None:
            self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
            self._process = subprocess.Popen(  # noqa: S603 - a stranger's command is the point
                self._argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                # One thread each: the cores go to the workers, and sums keep their order.
                env={**dict.fromkeys(_THREADS, "1"), **os.environ, "PYTHONHASHSEED": "0"},
            )
            if self.stopped:  # meanwhile, so that stop() saw no process
                self._process.kill()
            self.greeting = self._exchange(self._hello, limit)
        return self.greeting

    def ask(self, line: bytes, limit: float) -> bytes:
        """Send a line, with its newline, and return the next line of the process.

        Raises
        ------
        LostError
            There is none within ``limit`` seconds, or none at all.
        """
        self.start()
        return self._exchange(line, limit)

    def stop(self) -> None:
        """Kill the process, from another thread; the one that waits for its answer sees it die."""
        self.stopped = True
        if (process := self._process) is not None:
            process.kill()

    def close(self) -> None:
        """End the process, if there is one; asking again starts another."""
        if self._process is not None:
            self._bury()

    def _exchange(self, message: bytes, limit: float) -> bytes:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()

        def kill() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(limit, kill)
        timer.start()
        with suppress(OSError):  # a process that died meanwhile; reading its answer says how
            process.stdin.write(message)
            process.stdin.flush()
        line = process.stdout.readline(LONGEST_LINE)
        timer.cancel()
        timer.join()
        if late.is_set() or not line.endswith(b"\n"):
            flood = len(line) == LONGEST_LINE
            if not flood and not late.is_set():  # it has closed its output: let it say how it ends
                with suppress(subprocess.TimeoutExpired):
                    process.wait(LAST_WORDS)
            message_, code = self._bury()
            if not line.endswith(b"\n"):  # else it answered in the last moment
                if flood:
                    raise LostError("flood", f"wrote {LONGEST_LINE:,} bytes without a newline", code)
                if late.is_set():
                    raise LostError("late", f"killed after its limit of {limit:g} s", code)
                raise LostError("died", message_, code)
        return line

    def _bury(self) -> tuple[str, int]:
        process, stderr = self._process, self._stderr
        assert process is not None
        assert stderr is not None
        self._process = None
        process.kill()
        code = process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what was still buffered for it
                assert pipe is not None
                pipe.close()
        stderr.seek(max(stderr.seek(0, os.SEEK_END) - 4096, 0))
        said = stderr.read().decode(errors="replace").strip().splitlines()
        stderr.close()
        if code < 0:  # what it said last is Python's own dump of the crash
            return f"the worker process died of {signal.Signals(-code).name}", code
        return f"the worker process ended with exit code {code}" + (f": {said[-1]}" if said else ""), code
