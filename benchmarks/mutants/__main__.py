"""Run mutants and publish what became of them: ``python -m benchmarks.mutants [--room ROOM] [--only NAME]``.

Each is applied to a temporary copy of the project. Outcomes are kept in ``benchmarks/mutants/results.json``,
and their section of ``docs/power.md`` is written anew.
"""

from __future__ import annotations

import argparse
import resource
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from fnmatch import fnmatchcase
from queue import SimpleQueue

from benchmarks.mutants._mutants import Mutant, load
from benchmarks.mutants._results import read, section, write
from benchmarks.mutants._run import DriverError, Outcome, Workshop, check_unmutated
from benchmarks.page import rewrite

MEMORY = 8 << 30  # bytes of address space for one process: what is mutated may grow without end


def main() -> int:
    """Run what is asked for; exit code 1 if one survived without an explanation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--room", action="append", help="only this room; may be repeated")
    parser.add_argument("--only", action="append", help="only mutants whose name matches this pattern (* ?)")
    parser.add_argument("--missing", action="store_true", help="only those that nothing has killed yet")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time (default: 1)")
    parser.add_argument("--limit", type=float, default=600.0, help="seconds for one (default: 600)")
    parser.add_argument(
        "--unchecked", action="store_true", help="do not first run the tests without a mutant"
    )
    parser.add_argument("--page", action="store_true", help="only write the page anew")
    arguments = parser.parse_args()
    mutants, results = load(), read()
    results = {mutant.name: results[mutant.name] for mutant in mutants if mutant.name in results}
    chosen = [] if arguments.page else [mutant for mutant in mutants if _is_asked(mutant, arguments, results)]
    print(f"{len(chosen)} of {len(mutants)} mutants", flush=True)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    if chosen and not arguments.unchecked:
        check_unmutated(sorted({test for mutant in chosen for test in mutant.tests}), 10 * arguments.limit)
    unexplained = _run_all(chosen, results, arguments.jobs, arguments.limit)
    write(results)
    text = section(mutants, results)
    rewrite(text)
    print(text)
    return 1 if unexplained else 0


def _is_asked(mutant: Mutant, arguments: argparse.Namespace, results: dict[str, Outcome]) -> bool:
    known = mutant.name in results and results[mutant.name].verdict != "survived"
    return (
        (not arguments.room or mutant.room in arguments.room)
        and (not arguments.only or any(fnmatchcase(mutant.name, pattern) for pattern in arguments.only))
        and not (arguments.missing and (known or (mutant.equivalent and mutant.name in results)))
    )


def _run_all(chosen: Sequence[Mutant], results: dict[str, Outcome], jobs: int, limit: float) -> list[str]:
    """Run mutants, tell each outcome, and keep it at once; return who survived without an explanation."""
    unexplained = []
    workshops: SimpleQueue[Workshop] = SimpleQueue()
    with ThreadPoolExecutor(jobs) as pool, ExitStack() as stack:
        for _ in range(min(jobs, len(chosen))):
            workshops.put(workshop := Workshop())
            stack.callback(workshop.close)
        running = {pool.submit(_run_in, workshops, mutant, limit): mutant for mutant in chosen}
        for number, done in enumerate(as_completed(running), 1):
            mutant, outcome = running[done], done.result()
            results[mutant.name] = outcome
            said = "equivalent" if outcome.verdict == "survived" and mutant.equivalent else outcome.verdict
            print(f"[{number}/{len(chosen)}] {said:10} {mutant.name}  {outcome.by}", flush=True)
            if said == "survived":
                unexplained.append(mutant.name)
            write(results)
    return unexplained


def _run_in(workshops: SimpleQueue[Workshop], mutant: Mutant, limit: float) -> Outcome:
    workshop = workshops.get()
    try:
        return workshop.run(mutant, limit)
    finally:
        workshops.put(workshop)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (DriverError, ValueError) as error:
        sys.exit(f"error: {error}")
