"""``drmg-check doctor``: versions, threads, caches, and what is missing."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

import click

from drmg_check import __version__
from drmg_check.cli._console import console, print_facts

WHAT_FOR = {"gymnasium": "the games zoo:frozen-lake, zoo:cliff-walking and zoo:taxi"}


@click.command(epilog="Exit codes: 0 everything is there, 1 something is missing.")
def doctor() -> int:
    """Say what drmg-check runs on.

    For bug reports, and for machines on which it is slow.
    """
    from drmg_check.audit import installed_versions

    versions = installed_versions()
    threads = {
        name: os.environ.get(name, "not set, one in workers")
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
    }
    facts = {
        "drmg-check": __version__,
        "platform": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "installed in": str(Path(__file__).parents[2]),
        **versions,
        **threads,
        "kernel cache": _kernel_cache(),
        "output": f"{sys.stdout.encoding}, " + ("a terminal" if sys.stdout.isatty() else "no terminal"),
    }
    out = console()
    print_facts(out, facts)
    missing = [name for name, found in versions.items() if found == "not installed"]
    for name in missing:
        out.print(f"missing: {name}, for {WHAT_FOR.get(name, 'everything')}", style="bold red")
    return 1 if missing else 0


def _kernel_cache() -> str:
    folder = Path(os.environ.get("NUMBA_CACHE_DIR", Path(__file__).parents[1] / "kernels" / "__pycache__"))
    files = list(folder.rglob("*.nb[ci]")) if folder.is_dir() else []
    size = sum(file.stat().st_size for file in files)
    locked = folder.exists() and not os.access(folder, os.W_OK)
    return f"{folder}, {len(files)} files, {size / 2**20:.1f} MiB" + ", read-only" * locked
