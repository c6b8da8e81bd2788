"""``drmg-check bound``: what the bounds of the paper say in numbers, and below which K they say nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import indent, wrap
from typing import TYPE_CHECKING, Any

import click

from drmg_check.cli._console import console, print_facts
from drmg_check.cli._options import new_file

if TYPE_CHECKING:
    from fractions import Fraction

    from rich.console import Console

    from drmg_properties.bounds import BoundLine, Constants, Point, Sheet


@click.command(epilog="Exit codes: 0 done, 2 usage or input.")
@click.option("-S", "--states", type=click.IntRange(1), default=5, show_default=True, help="S, states.")
@click.option(
    "-A", "--actions", default="2,2", show_default=True, metavar="A1,A2,...", help="Actions of each agent."
)
@click.option(
    "-H", "--horizon", type=click.IntRange(1, 10_000), default=5, show_default=True, help="H, steps."
)
@click.option("--radius", default="1/10", show_default=True, metavar="X", help="rho_min over the agents.")
@click.option("--delta", default="1/20", show_default=True, metavar="X", help="Chance that a bound fails.")
@click.option("--p-min", metavar="X", help="Least positive nominal probability (KL).  [default: 1/S]")
@click.option("-K", "--episodes", default="1e6", show_default=True, metavar="X", help="K, episodes.")
@click.option("--eps", default="1/10", show_default=True, metavar="X", help="Accuracy (Table 1).")
@click.option("--coverage", metavar="X", help="C of offline data (Table 1).  [default: the joint actions]")
@click.option(
    "-N", "--visits", type=click.IntRange(0), default=100, show_default=True, help="N, visits (bonus)."
)
@click.option("--variance", metavar="X", help="Variance in the bonus (19).  [default: H^2/4, the largest]")
@click.option(
    "--width", default="0", show_default=True, metavar="X", help="Expected width of the estimates in (19)."
)
@click.option(
    "--constants",
    default="",
    metavar="C=X,...",
    help="Of the proofs.  [default: c1=2,c2=7,cf=11/5,martingale=1,variance=2]",
)
@click.option("--by-mass", is_flag=True, help="Table 1 with 1/P_min for e^H, at each step.")
@click.option("--formulas", is_flag=True, help="Show each bound's place and formula, too.")
@click.option("--svg", type=new_file, help="Draw regret, vacuous K and samples to this file.")
@click.option("--json", "as_json", is_flag=True, help="Print enclosures of the logarithms as JSON.")
def bound(formulas: bool, svg: Path | None, as_json: bool, **options: Any) -> int:  # noqa: ANN401
    """Compute regret bounds, bonuses and Table 1 at one size.

    A regret bound of H K or more is vacuous: it says nothing. Numbers are exact as given ("1/3", "0.05",
    "1e12"), results are certified to the digits shown, in logarithms: nothing overflows.
    """
    from drmg_properties.bounds import sheet

    at = _point(options)
    computed = sheet(at)
    if svg is not None:
        from drmg_check.cli._bound_curves import panels
        from drmg_check.cli._tables import write_curves

        write_curves(svg, panels(at), f"Bounds at {_size(at)}")
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(_data(at, computed)), indent=1).decode())
        return 0
    out = console()
    _print(out, at, computed, formulas=formulas)
    if svg is not None:
        out.print(f"\nWritten: {svg}", soft_wrap=True)
    return 0


def _point(given: Mapping[str, Any]) -> Point:
    from drmg_check.vocabulary import exact
    from drmg_properties.bounds import Point, Size

    def number(option: str, default: str = "") -> Fraction:
        return exact(given[option] or default, f"--{option.replace('_', '-')}")

    size = Size(
        given["states"],
        _actions(given["actions"]),
        given["horizon"],
        number("radius"),
        number("delta"),
        number("p_min", f"1/{given['states']}"),
    )
    return Point(
        size=size,
        K=number("episodes"),
        eps=number("eps"),
        coverage=number("coverage", str(size.A)),
        visits=given["visits"],
        variance=number("variance", f"{size.H**2}/4"),
        width=number("width"),
        constants=_constants(given["constants"]),
        by_mass=given["by_mass"],
    )


def _actions(text: str) -> tuple[int, ...]:
    from drmg_check.vocabulary import InputError

    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError as error:
        raise InputError(f"--actions={text!r}; expected integers like 2,2, one for each agent") from error


def _constants(text: str) -> Constants:
    from drmg_check.vocabulary import InputError, exact
    from drmg_properties.bounds import Constants

    known = tuple(Constants.__dataclass_fields__)
    chosen: dict[str, Fraction] = {}
    for part in text.split(",") if text else ():
        name, equals, value = part.strip().partition("=")
        if name not in known or not equals or name in chosen:
            raise InputError(
                f"--constants: {part!r}; expected c1=2 and the like, each of {known} at most once"
            )
        chosen[name] = exact(value, name)
    return Constants(**chosen)


def _print(out: Console, at: Point, computed: Sheet, *, formulas: bool) -> None:
    constants = {name: str(getattr(at.constants, name)) for name in at.constants.__dataclass_fields__}
    facts = {"size": _size(at), "constants": ", ".join(f"{name} = {x}" for name, x in constants.items())}
    print_facts(out, facts)
    H = at.size.H
    tables = (
        (
            f"Regret of K = {_short(at.K)} episodes; no regret exceeds H K = {_short(H * at.K)}",
            computed.regret,
        ),
        (f"Bonus after N = {at.visits} visits; one above H = {H} says nothing", computed.bonus),
        (
            f"Samples K H for eps = {at.eps}, C = {at.coverage}: Table 1, no constants, no logarithms",
            computed.samples,
        ),
    )
    for title, lines in tables:
        out.print(f"\n{title}", style="bold", soft_wrap=True)
        _print_lines(out, lines, formulas=formulas)
    if not formulas:
        out.print("\n--formulas shows what they are.", style="dim")


def _print_lines(out: Console, lines: Sequence[BoundLine], *, formulas: bool) -> None:
    header = tuple(lines[0].numbers)
    cells = [("", *header), *((line.name, *_cells(line)) for line in lines)]
    widths = [max(len(row[k]) for row in cells) for k in range(len(header) + 1)]
    for k, row in enumerate(cells):
        padded = [
            row[0].ljust(widths[0]),
            *(cell.rjust(n) for cell, n in zip(row[1:], widths[1:], strict=True)),
        ]
        out.print("  ".join(padded).rstrip(), style="dim" if k == 0 else "", soft_wrap=True)
        if formulas and k:
            line = lines[k - 1]
            text = wrap(f"{line.place}: {line.formula}", out.width - 4)
            out.print(indent("\n".join(text), "    "), style="dim", soft_wrap=True)
    for reason in dict.fromkeys(line.undefined for line in lines if line.undefined):
        out.print("\n".join(wrap(f"-: {reason}", out.width)), style="dim", soft_wrap=True)


def _cells(line: BoundLine) -> tuple[str, ...]:
    return tuple("-" if number is None else number.about() for number in line.numbers.values())


def _size(at: Point) -> str:
    size = at.size
    actions = " x ".join(map(str, size.actions))
    return (
        f"S = {size.S}, A = {actions}, H = {size.H}, rho = {size.radius}, "
        f"delta = {size.delta}, P_min = {size.P_min}"
    )


def _short(value: Fraction) -> str:
    """Write 1000000 as 1e6 and 5000000 as 5e6, and what needs more digits as it is."""
    text = str(value)
    digits = text.rstrip("0")
    return f"{digits}e{len(text) - len(digits)}" if len(digits) == 1 and len(text) > 4 else text


def _data(at: Point, computed: Sheet) -> dict[str, Any]:
    size = at.size
    return {
        "size": {
            "S": size.S,
            "actions": size.actions,
            "H": size.H,
            "radius": str(size.radius),
            "delta": str(size.delta),
            "P_min": str(size.P_min),
        },
        "K": str(at.K),
        "eps": str(at.eps),
        "coverage": str(at.coverage),
        "visits": at.visits,
        "variance": str(at.variance),
        "width": str(at.width),
        "constants": {name: str(getattr(at.constants, name)) for name in at.constants.__dataclass_fields__},
        "by_mass": at.by_mass,
        **{
            table: {line.name: _line_data(line) for line in getattr(computed, table)}
            for table in ("regret", "bonus", "samples")
        },
    }


def _line_data(line: BoundLine) -> dict[str, Any]:
    from math import inf, nextafter

    numbers = {
        title.replace(" ", "_"): None
        if number is None
        else {
            "log10": [nextafter(float(number.low), -inf), nextafter(float(number.high), inf)],
            "about": number.about(),
        }
        for title, number in line.numbers.items()
    }
    return {
        "place": line.place,
        "formula": line.formula,
        **numbers,
        **({"undefined": line.undefined} if line.undefined else {}),
    }
