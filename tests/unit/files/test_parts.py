"""Parts of long work survive however it ends, and belong to that work alone."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from drmg_check.files import kept_parts
from drmg_check.vocabulary import InputError, NumericalError

STEP = (
    np.array([Fraction(1, 3), Fraction(-7, 2**200)], dtype=object),
    np.array([[1, 2], [3, 4]]),
    np.array([0.1, -0.0, 5e-324]),
)


def stop_after(path: Path, parts: int, error: BaseException | None = None) -> None:
    with suppress(KeyboardInterrupt, NumericalError), kept_parts(path, "work") as kept:
        for _ in range(parts):
            kept.steps("a").keep(STEP)
        raise error or KeyboardInterrupt


def test_what_was_kept_comes_back_bit_by_bit_and_in_order(tmp_path: Path):
    path = tmp_path / "x.partial"
    stop_after(path, 2)
    with kept_parts(path, "work") as kept:
        assert kept.earlier == 2
        assert kept.steps("b").recall() is None
        for _ in range(2):
            again = kept.steps("a").recall()
            assert again is not None
            for old, new in zip(STEP, again, strict=True):
                assert old.dtype == new.dtype
                assert old.tolist() == new.tolist()
            assert np.signbit(again[2][1])
        assert kept.steps("a").recall() is None


def test_work_that_ended_well_leaves_no_file(tmp_path: Path):
    with kept_parts(tmp_path / "x.partial", "work") as kept:
        kept.steps("a").keep(STEP)
    assert list(tmp_path.iterdir()) == []


def test_work_that_was_stopped_before_its_first_part_leaves_no_file(tmp_path: Path):
    stop_after(tmp_path / "x.partial", 0)
    assert list(tmp_path.iterdir()) == []


def test_work_that_cannot_succeed_leaves_no_file(tmp_path: Path):
    stop_after(tmp_path / "x.partial", 1, NumericalError("a gap"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("torn", range(1, 60, 7))
def test_a_line_torn_by_a_kill_is_forgotten_and_its_part_done_again(tmp_path: Path, torn: int):
    path = tmp_path / "x.partial"
    stop_after(path, 2)
    os.truncate(path, path.stat().st_size - torn)
    with kept_parts(path, "work") as kept:
        assert kept.earlier == 1
        kept.steps("a").keep(STEP)
        whole = path.read_bytes()
    path.write_bytes(whole)
    with kept_parts(path, "work") as kept:
        assert kept.earlier == 2


def test_a_torn_header_holds_nothing(tmp_path: Path):
    path = tmp_path / "x.partial"
    path.write_text('["drmg-pa')
    with kept_parts(path, "work") as kept:
        assert kept.earlier == 0


def test_parts_of_other_work_are_refused_and_stay(tmp_path: Path):
    path = tmp_path / "x.partial"
    stop_after(path, 1)
    before = path.read_bytes()
    with pytest.raises(InputError, match="parts of other work"), kept_parts(path, "another"):
        pass
    assert path.read_bytes() == before


@pytest.mark.parametrize("line", [b"{\n", b"[1, 2, 3]\n", b"7\n"])
def test_a_damaged_line_is_refused(tmp_path: Path, line: bytes):
    path = tmp_path / "x.partial"
    stop_after(path, 1)
    path.write_bytes(path.read_bytes() + line)
    with pytest.raises(InputError, match="line 3: no part"), kept_parts(path, "work"):
        pass


@pytest.mark.parametrize(
    "data", ['[["O",[1],["1/0"]]]', '[["O",[3],["1/2"]]]', '[["|O",[1],"AAAAAAAAAAA="]]', "5"]
)
def test_damaged_numbers_are_refused(tmp_path: Path, data: str):
    path = tmp_path / "x.partial"
    stop_after(path, 1)
    header = path.read_bytes().splitlines(keepends=True)[0]
    path.write_bytes(header + b'["a",' + data.encode() + b"]\n")
    with pytest.raises(InputError, match="damaged"), kept_parts(path, "work") as kept:
        kept.steps("a").recall()


def test_two_processes_are_not_at_the_same_work(tmp_path: Path):
    program = (
        "import sys\nfrom pathlib import Path\nfrom drmg_check.files import kept_parts\n"
        "with kept_parts(Path('x.partial'), 'work'):\n    print('in', flush=True)\n    sys.stdin.read()\n"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=tmp_path, stdin=pipe, stdout=pipe, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        with pytest.raises(InputError, match="another process"), kept_parts(tmp_path / "x.partial", "work"):
            pass
        other.send_signal(signal.SIGKILL)
    with kept_parts(tmp_path / "x.partial", "work") as kept:
        assert kept.earlier == 0
