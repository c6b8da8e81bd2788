"""The worker's side: only answers go to standard output, and the worker ends with its parent."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

NOISY = """
import os, signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal, whoever started this
from drmg_check.isolation import serve

def answer(line):
    print("noise of a library")
    os.write(1, b"noise of C\\n")
    if line == b"hang\\n":
        import time
        time.sleep(60)
    return line.strip()[::-1] + b"\\n"

serve(answer, b"ready\\n")
"""


@contextmanager
def started() -> Iterator[subprocess.Popen[bytes]]:
    worker = subprocess.Popen(
        [sys.executable, "-c", NOISY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()
        for pipe in (worker.stdin, worker.stdout, worker.stderr):
            with suppress(OSError):
                assert pipe is not None
                pipe.close()


def ask(worker: subprocess.Popen[bytes], line: bytes) -> bytes:
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(line)
    worker.stdin.flush()
    return worker.stdout.readline()


def test_whatever_else_prints_goes_to_standard_error():
    with started() as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"ready\n"
        assert [ask(worker, line) for line in (b"one\n", b"two\n")] == [b"eno\n", b"owt\n"]
        out, err = worker.communicate(timeout=20)
        assert out == b""
        assert err.count(b"noise of C") == 2  # what Python buffered is lost with the process
        assert worker.returncode == 0


def test_it_ends_with_its_standard_input_even_while_an_answer_hangs():
    """A parent that was killed closes the pipe; nobody else would end the worker."""
    with started() as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdout.readline()
        worker.stdin.write(b"hang\n")
        worker.stdin.close()
        assert worker.wait(20) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_an_interrupt_is_the_parents_business():
    with started() as worker:
        assert worker.stdout is not None
        worker.stdout.readline()
        worker.send_signal(signal.SIGINT)
        assert ask(worker, b"still\n") == b"llits\n"
