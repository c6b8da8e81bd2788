"""Compiled code that may contain an older version of what it calls is forgotten."""

import os
from pathlib import Path

from drmg_check.kernels import forget_stale_code


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
