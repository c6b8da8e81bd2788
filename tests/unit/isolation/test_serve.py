"""The worker's side: only answers go to standard output, and the worker ends with its parent."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

NOISY = """
import os
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
def worker() -> Iterator[subprocess.Popen[bytes]]:
    one = subprocess.Popen(
        [sys.executable, "-c", NOISY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield one
    finally:
        one.kill()
        one.wait()
        for pipe in (one.stdin, one.stdout, one.stderr):
            with suppress(OSError):
                assert pipe is not None
                pipe.close()


def ask(one: subprocess.Popen[bytes], line: bytes) -> bytes:
    assert one.stdin is not None
    assert one.stdout is not None
    one.stdin.write(line)
    one.stdin.flush()
    return one.stdout.readline()


def test_whatever_else_prints_goes_to_standard_error():
    with worker() as one:
        assert one.stdout is not None
        assert one.stdout.readline() == b"ready\n"
        assert [ask(one, line) for line in (b"one\n", b"two\n")] == [b"eno\n", b"owt\n"]
        out, err = one.communicate(timeout=20)
        assert out == b""
        assert err.count(b"noise of C") == 2  # what Python buffered is lost with the process
        assert one.returncode == 0


def test_it_ends_with_its_standard_input_even_while_an_answer_hangs():
    """A parent that was killed closes the pipe; nobody else would end the worker."""
    with worker() as one:
        assert one.stdin is not None
        assert one.stdout is not None
        one.stdout.readline()
        one.stdin.write(b"hang\n")
        one.stdin.close()
        assert one.wait(20) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_an_interrupt_is_the_parents_business():
    with worker() as one:
        assert one.stdout is not None
        one.stdout.readline()
        one.send_signal(signal.SIGINT)
        assert ask(one, b"still\n") == b"llits\n"
