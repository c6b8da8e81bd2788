"""``drmg-check doctor``: versions, threads, caches, what is missing, and what each uncertainty set has."""

from __future__ import annotations

import os
import platform
import re
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import click

from drmg_check.cli._console import console, print_facts
from drmg_check.cli._options import json_option
from drmg_check.version import __version__

HERE = Path(__file__).parents[1]
COMPILED = ("kernels", "equilibria", "planner", "learners")  # packages with code that numba compiles
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
GAMES = "toy-text"  # the extra that users need; the others are for work on drmg-check itself


@click.command(epilog="Exit codes: 0 everything is there, 1 something is missing.")
@click.option("--sets", is_flag=True, help="Show what there is for each uncertainty set instead.")
@json_option("the same as JSON")
def doctor(sets: bool, as_json: bool) -> int:
    """Say what drmg-check runs on.

    For bug reports, and for machines on which it is slow.
    """
    import json

    if sets:
        from drmg_check.cli._set_table import print_sets

        return print_sets(as_json)

    versions = _versions()
    missing = {name: why for name, (installed, why) in versions.items() if not installed}
    facts = {
        "drmg-check": __version__,
        "python": f"{platform.python_version()} ({platform.python_implementation()})",
        "platform": f"{platform.system()} {platform.machine()}, {_cores()}",
        "installed in": str(HERE.parent),
        **{name: installed or "not installed" for name, (installed, _) in versions.items()},
        **{name: os.environ.get(name, "not set, one in workers") for name in THREADS},
        "compiled code": _compiled_code(),
        "theorems": _theorems(),
        "output": f"{sys.stdout.encoding}, " + ("a terminal" if sys.stdout.isatty() else "no terminal"),
    }
    if as_json:
        click.echo(json.dumps({**facts, "missing": list(missing)}, indent=1))
        return 1 if missing else 0
    out = console()
    print_facts(out, facts)
    for name, why in missing.items():
        out.print(f"missing: {name}, for {why}", style="bold red", soft_wrap=True)
    return 1 if missing else 0


def _versions() -> dict[str, tuple[str, str]]:
    """Return the version of each library that drmg-check requires, "" if it is missing, and what for."""
    versions = {}
    for requirement in _requirements():
        name, _, marker = requirement.partition(";")
        if (extra := re.search(r"extra == ['\"](.+?)['\"]", marker)) and extra[1] != GAMES:
            continue
        name = re.split(r"[^\w.-]", name.strip(), maxsplit=1)[0]
        why = f"the games of Gymnasium: install drmg-check[{GAMES}]" if extra else "everything"
        try:
            versions[name] = version(name), why
        except PackageNotFoundError:
            versions[name] = "", why
    return dict(sorted(versions.items()))


def _theorems() -> str:
    from drmg_properties.theorems import coq_version, missing_coq, read_record

    said = f"{len(read_record())}, "
    return said + (
        missing_coq() or f"checked again by `drmg-check prove --all --check` with Coq {coq_version()}"
    )


def _requirements() -> list[str]:
    try:
        return requires("drmg-check") or []
    except PackageNotFoundError:  # run from a source tree that is not installed
        return ["numba", "numpy"]


def _cores() -> str:
    cores = os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else cores
    return f"{cores} core{'s' * (cores > 1)}" + (f", {usable} usable" if usable < cores else "")


def _compiled_code() -> str:
    elsewhere = os.environ.get("NUMBA_CACHE_DIR")
    folders = [Path(elsewhere)] if elsewhere else [HERE / name / "__pycache__" for name in COMPILED]
    files = [file for folder in folders if folder.is_dir() for file in folder.rglob("*.nb[ci]")]
    size = sum(file.stat().st_size for file in files) / 2**20
    said = f"{len(files)} files, {size:.1f} MiB in {elsewhere or f'{HERE}/*/__pycache__'}"
    if any(folder.exists() and not os.access(folder, os.W_OK) for folder in folders):
        said += "; read-only: the cache of the user is used, or each run compiles anew"
    elif not files:
        said += "; the first use compiles, for a minute or two"
    return said
