"""Compiled code that may contain an older version of what it calls is forgotten."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from drmg_check.kernels import caches_of, forget_stale_code


def test_what_is_older_than_a_source_goes_and_the_rest_stays(tmp_path: Path):
    cache = tmp_path / "__pycache__"
    cache.mkdir()
    (tmp_path / "loop.py").touch()
    os.utime(tmp_path / "loop.py", (100, 100))
    for name, moment in (("old.nbi", 99), ("new.nbi", 101)):
        (cache / name).touch()
        os.utime(cache / name, (moment, moment))
    (cache / "deleted-by-another-process.nbi").symlink_to(cache / "nothing")
    forget_stale_code(tmp_path)
    assert not (cache / "old.nbi").exists()
    assert (cache / "new.nbi").exists()


def test_an_edited_file_of_another_folder_counts_too(tmp_path: Path):
    folder, called = tmp_path / "loops", tmp_path / "kernels"
    (folder / "__pycache__").mkdir(parents=True)
    called.mkdir()
    for path, moment in ((folder / "loop.py", 1), (folder / "__pycache__/loop.nbi", 2), (called / "k.py", 3)):
        path.touch()
        os.utime(path, (moment, moment))
    forget_stale_code(folder)
    assert (folder / "__pycache__/loop.nbi").exists()
    forget_stale_code(folder, called)
    assert not (folder / "__pycache__/loop.nbi").exists()


def test_a_cache_elsewhere_is_looked_through_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder, elsewhere = tmp_path / "loops", tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(elsewhere))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    inside, *others = caches_of(folder)
    assert inside == folder / "__pycache__"
    assert {other.parent for other in others} == {elsewhere, tmp_path / "home/numba"}
    for path, moment in ((folder / "loop.py", 2), *((cache / "loop.nbi", 1) for cache in others)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (moment, moment))
    forget_stale_code(folder)
    assert not any((cache / "loop.nbi").exists() for cache in others)


PROGRAM = """
import os, sys
sys.path.insert(0, sys.argv[1])
import pathlib
from drmg_check.kernels import forget_stale_code
forget_stale_code(pathlib.Path(sys.argv[1]) / "loops")
from loops.outer import outer
print(outer(1.0))
"""


def test_numba_keeps_its_code_where_it_is_looked_for(tmp_path: Path):
    """The function that is called changes, the caller does not, and the answer is the new one."""
    folder = tmp_path / "loops"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "outer.py").write_text(
        textwrap.dedent("""
        from drmg_check.kernels import compiled_once
        from loops.inner import inner

        @compiled_once()
        def outer(x):
            return inner(x)
        """)
    )
    answers = []
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    for k, factor in enumerate((2, 3)):
        (folder / "inner.py").write_text(
            textwrap.dedent(f"""
            from drmg_check.kernels import compiled_once

            @compiled_once()
            def inner(x):
                return {factor} * x
            """)
        )
        if k:
            later = max(file.stat().st_mtime for file in (tmp_path / "cache").rglob("*.nbi")) + 2
            os.utime(folder / "inner.py", (later, later))
        program = [sys.executable, "-c", PROGRAM, str(tmp_path)]
        answers.append(
            subprocess.run(program, env=environment, capture_output=True, text=True, check=True).stdout
        )
    assert answers == ["2.0\n", "3.0\n"]


def test_where_nothing_can_be_kept_each_process_compiles(monkeypatch: pytest.MonkeyPatch):
    """As in a read-only installation without a home that can be written."""
    import numba

    from drmg_check.kernels import compiled_once

    njit, asked = numba.njit, []

    def refusing(*arguments: object, **options: object) -> object:
        asked.append(options.get("cache", False))
        if options.get("cache"):
            raise RuntimeError("cannot cache function 'double': no locator available for file 'x.py'")
        return njit(*arguments, **options)

    monkeypatch.setattr(numba, "njit", refusing)

    @compiled_once()
    def double(x: float) -> float:
        return 2.0 * x

    assert double(3.0) == 6.0
    assert asked[:2] == [True, False]
