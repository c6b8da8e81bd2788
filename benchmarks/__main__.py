"""Run the benchmarks and publish them: ``python -m benchmarks [SECTION ...] [--write]``.

Without a section all of them run. ``--write`` replaces their sections in ``docs/benchmarks.md`` and leaves
the others as they are.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy loads its BLAS
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from benchmarks import episodes, hard_games, peers, scale, stage_games, sweeps, threads, whole_games

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "benchmarks.md"
TITLE = """# Benchmarks

`make bench` measures all this on your machine, `make bench ARGS=--write` rewrites this page, and
`make bench ARGS="stages --write"` one section of it (`sweeps`, `peers`, `stages`, `hard`, `episodes`,
`games`, `scale`, `threads`). Only ratios within one section mean something: the machine was shared with
other work.

"""
ABOUT = {
    "sweeps": """## Sweeps

How long a sweep over n nominal rows takes, in units of the matrix-vector product `P @ V` on the same data,
measured back to back on one core.

* **cold**: nothing is known; **warm**: the sweep starts from what one for values moved by 1e-4 left.
* **2 threads** share the rows where each has at least 2^19 probabilities to sweep.
* Out of cache, P has 160 MB; in cache and below, the fixed cost of a call (about 50 microseconds: checks,
  sorting V) is part of the figures.
* Rows are drawn from a flat Dirichlet distribution; radii are 0.1, for interval 0.01, chi-square 0.2,
  Hellinger and Wasserstein 0.05.

![ratios and targets](images/benchmarks.svg)

""",
    "peers": """## Beside another library

optora 0.1.0 computes worst cases in PyTorch, one nominal row at a time: total variation over the nominal
support in closed form, KL and chi-square by gradient descent, here with a step of 0.1 to a tolerance of 1e-9.
CPU time, rows of 100 states, errors against certified values. No package of RAAM could be found for pip, so
there is no figure for it.

""",
    "stages": """## Stage games

Half of the games of each shape have uniform payoffs, half are degenerate: zero, integers 0..1 and 0..2, a
duplicated action, identical interest, ties broken by 1e-12 and by 1e-7, agents paid in units from 1e-5 to
1e5, payoffs that one's own action does not change, constant sums. A gap is measured on the payoffs as given
and stated as a share of the range of the family's payoffs; *made exact* counts games that floating point
did not solve to the accuracy and rational arithmetic did.

The second table compares the CPU time of CCE and CE of uniform games, in one process and in turns, with
linear programs that are solved one by one: their rows were built beforehand, and they do not break ties.

""",
    "hard": """## Hard stage games

NASH of three and more agents where no profile is stable, so that equilibria must be mixed: 20,000 games of
a shape are wanted. Of each 505, 300 have payoffs -1, 0 and 1 with the last agent's minus the sum of the
others', 100 have integers from -3 to 3, 100 are uniform, and in 5 each agent has one penalty of 10^4. Gaps
are shares of the range of the game's payoffs. `python -m benchmarks.hard_games` goes on counting where it
stopped; this section is what it has counted.

""",
    "episodes": """## Episodes

An episode of f-MORNAVI with `--replan-every 1`, beside its parts alone over all rows and states: the
worst-case sweeps of plan and gap, and the stage games. Only what changed is recomputed, so a ratio below 1
is possible.

""",
    "games": """## Whole games

CPU time of robust evaluation of a policy that mixes over everything, for two agents, in units of `P[h] @ V`
for each agent and step; S = 1000 is out of cache. Below, the CPU time of certificates of games with 50
states, 20 steps and 64 joint actions under total variation, and what was announced; less than 60 s is wanted.

""",
    "scale": """## Sparse rows

Enclosing sweeps over rows with few successors, on one core, in units of the product of the same compressed
rows with the same values, and beside certificates of single rows in fractions. Below, dense rows beside plain
sweeps, a second thread (told by CPU times, as in the section Threads), memory, and whole games of two agents
on a torus with 16 joint actions and at most five successors: six tables prove every gain.

""",
    "threads": """## Threads

What a second thread is good for. The speed-up is the time of one thread over that of two, each with a core of
its own: 2 is all that can be had, below 1 the second thread does harm. Both are CPU times, so the figure does
not depend on what else the machine does: a run with two threads takes what the thread that shares out takes,
plus half of what the other two take. The last column says what sharing out costs in CPU time.

`evaluate` and `robust_value_iteration` share out the rows of each backup, but not the stage games, when told
to (`threads=2`) and where each thread has at least 2^19 probabilities to sweep; a learner shares out its
seeds (`--jobs 2`). The results are the same, bit for bit.

""",
}


def _sweeps(write: bool) -> str:
    table, rows = sweeps.sweeps(0.3), sweeps.baselines(0.3)
    if write:
        sweeps.plot(table, DOCS / "images" / "benchmarks.svg")
    return sweeps.markdown(table, rows)


SECTIONS: dict[str, Callable[[bool], str]] = {
    "sweeps": _sweeps,
    "peers": lambda _: peers.section(),
    "stages": lambda _: stage_games.markdown(stage_games.verification(20_000), stage_games.throughput(0.3)),
    "hard": lambda _: hard_games.markdown(hard_games.read()),
    "episodes": lambda _: episodes.markdown(episodes.episodes(3000, 3)),
    "games": lambda _: whole_games.markdown(whole_games.evaluations(0.3), whole_games.certificates()),
    "scale": lambda _: scale.markdown(scale.sweeps(0.3), scale.ratios(0.3), scale.games()),
    "threads": lambda _: threads.markdown(threads.scalings(15)),
}


def replaced(page: str, sections: dict[str, str]) -> str:
    """Return the page with these sections replaced, all in the order of :data:`SECTIONS`."""
    headings = {name: about.splitlines()[0] for name, about in ABOUT.items()}
    present = {}
    for part in page.split("\n## ")[1:]:
        text = "## " + part.rstrip("\n") + "\n"
        present |= {name: text for name, heading in headings.items() if text.startswith(heading + "\n")}
    present |= sections
    return TITLE + "\n".join(present[name] for name in SECTIONS if name in present)


def main() -> None:
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--write", action="store_true", help="rewrite these sections of docs/benchmarks.md")
    arguments = parser.parse_args()
    unknown = set(arguments.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}"
    for name in arguments.sections or SECTIONS:
        text = f"{ABOUT[name]}{SECTIONS[name](arguments.write)}\nMeasured with {versions}.\n"
        print(text)
        if arguments.write:
            PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), {name: text}), encoding="utf-8")


if __name__ == "__main__":
    main()
