"""A process answers, or an exception says what it did instead; the next question gets a new process."""

import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import pytest

from drmg_check.isolation import LineProcess, LostError

ECHO = "import sys\nfor line in sys.stdin:\n print(line.strip()[::-1], flush=True)"


@contextmanager
def process(code: str, **options: object) -> Iterator[LineProcess]:
    worker = LineProcess([sys.executable, "-c", code], hello=b"olleh\n", **options)
    try:
        yield worker
    finally:
        worker.close()


def lost(code: str, **options: object) -> LostError:
    with process(f"print('hello',flush=True)\ninput()\ninput()\n{code}", **options) as worker:
        assert worker.start() == b"hello\n"
        with pytest.raises(LostError) as error:
            worker.ask(b"question\n", 2.0)
        assert not worker.alive
        return error.value


def test_it_greets_and_answers_in_order():
    with process(ECHO) as worker:
        assert worker.start() == b"hello\n"
        assert [worker.ask(f"{k}!\n".encode(), 10.0) for k in range(3)] == [b"!0\n", b"!1\n", b"!2\n"]
        assert worker.alive
    assert not worker.alive


@pytest.mark.parametrize(
    ("code", "how", "words"),
    [
        ("import time; time.sleep(60)", "late", "killed after its limit of 2 s"),
        ("import os; os._exit(3)", "died", "ended with exit code 3"),
        ("import sys; sys.exit('so tired')", "died", "exit code 1: so tired"),
        ("import os; os.kill(os.getpid(), 11)", "died", "died of SIGSEGV"),
        ("import os; os.kill(os.getpid(), 9)", "died", "died of SIGKILL"),
        ("import os,sys,time; os.close(1); time.sleep(.5); sys.exit('set HOME')", "died", "code 1: set HOME"),
        ("import sys; sys.stdout.write('half'); sys.stdout.flush(); sys.exit()", "died", "exit code 0"),
    ],
)
def test_whatever_it_does_instead_is_named(code: str, how: str, words: str):
    error = lost(code)
    assert error.how == how
    assert words in str(error)


def test_who_closes_its_output_and_stays_is_killed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("drmg_check.isolation._line_process.LAST_WORDS", 0.2)
    assert "SIGKILL" in str(lost("import os, time; os.close(1); time.sleep(60)"))


def test_writing_without_end_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("drmg_check.isolation._line_process.LONGEST_LINE", 10_000)
    error = lost("while True: print('x' * 1000, end='')")
    assert error.how == "flood"


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of address space is Linux's")
def test_memory_is_limited():
    assert "MemoryError" in str(lost("x = bytearray(2**33)", memory=2**30))


def test_a_lost_process_is_replaced():
    with process(ECHO + "\n if line == 'die\\n': sys.exit()") as worker:
        with pytest.raises(LostError):
            worker.ask(b"\n", 10.0), worker.ask(b"die\n", 10.0), worker.ask(b"more\n", 10.0)
        assert worker.ask(b"again\n", 10.0) == b"niaga\n"


def test_stopping_from_another_thread_ends_the_wait():
    with process("print('hello',flush=True)\nimport time\ntime.sleep(60)") as worker:
        worker.start()
        started = perf_counter()
        threading.Timer(0.2, worker.stop).start()
        with pytest.raises(LostError, match="SIGKILL"):
            worker.ask(b"question\n", 60.0)
        assert perf_counter() - started < 30


def test_a_command_that_is_not_there_says_so():
    worker = LineProcess(shlex.split("/no/such/command"), memory=2**30)
    with pytest.raises(LostError, match=r"not found|No such file"):
        worker.start()


@pytest.mark.skipif(sys.platform != "linux", reason="limits are the system's")
def test_limits_and_surroundings_are_those_asked_for(monkeypatch: pytest.MonkeyPatch):
    """Address space and processor time as told, no core dumps, one hash seed, one thread unless set."""
    import resource  # POSIX has it

    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("MKL_NUM_THREADS", "3")
    monkeypatch.setenv("PYTHONHASHSEED", "77")
    told = (
        "import os, resource as r, sys\n"
        "limits = [r.getrlimit(k)[0] for k in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_CORE)]\n"
        "names = ['PYTHONHASHSEED', 'OMP_NUM_THREADS', 'MKL_NUM_THREADS']\n"
        "print(*limits, *[os.environ[name] for name in names], flush=True)\nsys.stdin.read()"
    )
    core = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (core[1], core[1]))  # what a careless shell allows
    try:
        with process(told, memory=2**32, cpu=123) as worker:
            assert worker.start().decode().split() == [str(2**32), "123", "0", "0", "1", "3"]
        with process(told, memory=2**32) as worker:
            assert worker.start().split()[1] == b"3600"
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, core)


def test_a_process_that_refuses_to_end_is_killed_all_the_same():
    """SIGTERM may be ignored, SIGKILL may not."""
    deaf = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    with process(deaf + "print('hello',flush=True)\ntime.sleep(60)") as worker:
        worker.start()
        with pytest.raises(LostError) as error:
            worker.ask(b"question\n", 0.3)
        assert (error.value.how, error.value.code) == ("late", -9)
    with process(deaf + "print('hello',flush=True)\ntime.sleep(60)") as worker:
        worker.start()
        started = perf_counter()
        worker.close()
        assert perf_counter() - started < 10


def test_a_stop_that_comes_while_a_process_starts_is_not_lost(monkeypatch: pytest.MonkeyPatch):
    """There is nothing to kill yet; the one that starts sees it."""
    started = subprocess.Popen

    def starting(*words: object, **options: object) -> object:
        made = started(*words, **options)
        worker.stop()  # from another thread: the process is there, but nobody has been told
        return made

    monkeypatch.setattr("drmg_check.isolation._line_process.subprocess.Popen", starting)
    worker = LineProcess([sys.executable, "-c", "import time; time.sleep(60)"])
    with pytest.raises(LostError, match="SIGKILL"):
        worker.start(50.0)


def test_the_limit_of_one_answer_does_not_end_the_next_one():
    slow = "import sys, time\nfor line in sys.stdin:\n time.sleep(0.4)\n print(line.strip(), flush=True)"
    with process(slow) as worker:
        worker.start()
        assert [worker.ask(b"x\n", 0.7) for _ in range(2)] == [b"x\n", b"x\n"]


def test_a_closed_process_is_replaced_when_it_is_asked():
    with process(ECHO) as worker:
        assert worker.start() == b"hello\n"
        worker.close()
        assert worker.ask(b"again\n", 20.0) == b"niaga\n"
