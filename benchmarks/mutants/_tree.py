"""A copy of the project for one mutant, with an environment that sees the copy and not the original."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.mutants._mutants import ROOT

IMPORT_ROOTS = (".", "oracles", "properties", "reports")


@contextmanager
def copied_tree(source: Path = ROOT) -> Iterator[Path]:
    """Copy the project, its compiled code included, to a temporary folder that goes away afterwards.

    Dates are kept, so that the copied machine code counts as fresh until a mutant changes a source file:
    then the project forgets what may contain the old code.
    """
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        copy = Path(folder)
        for path in _paths(source):
            target = copy / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / path, target)
        _environment(copy)
        yield copy


def interpreter(copy: Path) -> Path:
    """Return the Python that runs the copy."""
    return copy / ".venv" / "bin" / "python"


def _paths(source: Path) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=source, capture_output=True, check=True, encoding="utf-8",
    ).stdout.split("\0")  # fmt: skip
    compiled = [
        str(path.relative_to(source))
        for room in ("drmg_check", *IMPORT_ROOTS[1:])
        for path in (source / room).rglob("__pycache__/*.nb[ci]")
    ]
    return [path for path in (*listed, *compiled) if path and (source / path).is_file()]


def _environment(copy: Path) -> None:
    """Make an environment whose packages are ours and whose project is the copy, in workers too.

    A path file that another one leads to is not read: what installs the original stays behind.
    """
    venv.create(copy / ".venv", symlinks=True)
    paths = sysconfig.get_path("purelib", vars={"base": str(copy / ".venv")})
    lines = [*(str((copy / part).resolve()) for part in IMPORT_ROOTS), sysconfig.get_path("purelib")]
    (Path(paths) / "mutant.pth").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert sys.prefix != sys.base_prefix, "run this in the project's own environment"
