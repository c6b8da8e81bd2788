"""What is said of a certificate: the gap, the best deviations, the worst kernel along the path."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from math import prod

from drmg_check.documents import (
    Certified,
    CertifiedBounds,
    CertifiedDeparture,
    CertifiedGame,
    CertifiedRow,
    PolicyOrigin,
)
from drmg_check.vocabulary import InputError, about, bounds_text, brief, exact
from drmg_check.words import Concept

SOLID = "\u00a0"
"""A space at which no line is broken."""
GAP_NAMES: dict[Concept, str] = {"nash": "NE gap", "cce": "CCE gap", "ce": "CE gap"}
_EQUILIBRIA: dict[Concept, str] = {
    "nash": "a robust Nash equilibrium",
    "cce": "a robust coarse correlated equilibrium",
    "ce": "a robust correlated equilibrium",
}
NEGLIGIBLE = Fraction(1, 10**9)
"""Of the scale of a game: what a planner in floats leaves of a deviation, and nobody plays for."""
_SHOWN = 3  # places of each agent
_LONGEST = 12  # characters of a discount; one that was given as a float has forty


def known_gaps(document: Certified) -> dict[Concept, CertifiedBounds]:
    """Return the gaps that say something, the one that decides first; of independent agents all are one.

    >>> from drmg_check.documents import example_certificate
    >>> known_gaps(example_certificate())
    {'nash': CertifiedBounds(lo='11/128', hi='11/128')}
    """
    concepts: tuple[Concept, ...] = ("nash",) if document.product else ("cce", "ce")
    gaps = {concept: document.gap(concept) for concept in concepts}
    return {concept: gap for concept, gap in gaps.items() if gap is not None}


def certificate_facts(document: Certified) -> dict[str, str]:
    """Return which game and which policy were certified.

    >>> from drmg_check.documents import example_certificate
    >>> certificate_facts(example_certificate())["game"]
    "initial-shock, from 'good', H = 4"
    """
    game = document.game
    start = game.state_names[game.initial_state]
    kind = "independent agents" if document.product else "correlated"
    return {
        "game": f"{game.name}, from {start!r}, {_criterion(game)}",
        "policy": f"{_origin(document.origin)} ({kind})",
    }


def gap_facts(document: Certified) -> dict[str, str]:
    """Return the gaps by name.

    >>> from drmg_check.documents import example_certificate
    >>> gap_facts(example_certificate())
    {'NE gap': '11/128, the CCE and CE gap of independent agents too'}
    """
    gaps = {GAP_NAMES[concept]: bounds_text(gap.pair) for concept, gap in known_gaps(document).items()}
    if document.product:
        return {"NE gap": f"{gaps['NE gap']}, the CCE and CE gap of independent agents too"}
    return gaps if "CE gap" in gaps else gaps | {"CE gap": "not known with a fictitious set"}


def certificate_headline(document: Certified) -> str:
    """Return the gap that decides in one line: ``"initial-shock: NE gap 11/128"``.

    >>> from drmg_check.documents import example_certificate
    >>> certificate_headline(example_certificate())
    'initial-shock: NE gap 11/128'
    """
    concept, gap = next(iter(known_gaps(document).items()))
    return f"{brief(document.game.name)}: {GAP_NAMES[concept]} {bounds_text(gap.pair)}"


def certificate_lead(document: Certified) -> str:
    """Return what the gap that decides means, no more than its bounds prove.

    >>> from drmg_check.documents import example_certificate
    >>> certificate_lead(example_certificate())
    'Proved: by deviating alone, an agent can raise its robust value by 11/128, and none by more.'
    """
    concept, gap = next(iter(known_gaps(document).items()))
    low, high = gap.pair
    if high <= 0:
        return f"Proved: it is {_EQUILIBRIA[concept]}, exactly."
    alone = "by deviating alone" if len(document.agents) > 1 else "by deviating"
    text = bounds_text(gap.pair)
    if not text.startswith("["):
        return f"Proved: {alone}, an agent can raise its robust value by {text}, and none by more."
    least, _, most = text.strip("[]").partition(", ")
    certain = f" One can raise it by {least}." if low > 0 else ""
    return f"Proved: {alone}, no agent can raise its robust value by more than {most}.{certain}"


def best_deviations(document: Certified, i: int) -> dict[str, list[str]]:
    """Say where agent i's best deviations depart from the policy: for each kind of deviation, the most first.

    A kind without a place at which it gains is left out; so is what rounding of a planner leaves, below
    1e-9 of the scale of the game.

    >>> from drmg_check.documents import example_certificate
    >>> [*lines] = best_deviations(example_certificate(), 0)["The best deviation"]
    >>> lines[0].replace(SOLID, " ")
    'step 2, state bad: play 1 instead of mixing 0 (1/2), 1 (1/2), gains 7/16'
    """
    agent, least = document.agents[i], NEGLIGIBLE * _scale(document)
    kinds = [("The best deviation", agent.gain, agent.departures)]
    if not document.product:
        kinds = [("The best deviation, made before it is told what to play", agent.gain, agent.departures)]
        if agent.ce_gain is not None:
            told = "The best answers to what it is told to play"
            kinds.append((told, agent.ce_gain, agent.ce_departures))
    said = {}
    for name, gain, departures in kinds:
        places = [place for place in departures if place.gain.pair[1] > least]
        if places and gain.pair[1] > least:
            said[name] = list(_departures(document.game, i, places))
    return said


def no_deviation(gains: bool) -> str:
    """Say that no deviation is worth showing.

    >>> no_deviation(False)
    'No deviation gains anything.'
    """
    return (
        "No deviation certainly gains more than 1e-9 of the size of the payoffs at any place."
        if gains
        else "No deviation gains anything."
    )


def _scale(document: Certified) -> Fraction:
    """Return ``H max |r|`` or ``max |r| / (1 - gamma)``, or the largest value where rewards are not plain."""
    with suppress(ValueError, LookupError, TypeError, InputError):
        values = json.loads(document.game_text)["reward"]["values"]
        return document.game.duration * max(abs(exact(value)) for value in values)
    ends = [end for agent in document.agents for end in (*agent.value.pair, *agent.best_response.pair)]
    return max(map(abs, ends))


def worst_lines(document: Certified, i: int) -> Iterator[str]:
    """Say agent i's rows that cost most, in the order of play; actions answered alike share a line.

    >>> from drmg_check.documents import example_certificate
    >>> [line.replace(SOLID, " ") for line in worst_lines(example_certificate(), 0)]
    ['step 1, state good, (0, 0), (0, 1), (1, 0), (1, 1): good 1 -> 9/10, bad 0 -> 1/10']
    """
    game, agent = document.game, document.agents[i]
    shown: dict[tuple[int, int, str], list[int]] = {}
    for row in agent.worst_rows:
        key = (row.h, row.s, _shift(game, row))
        if row.loss > 0 and (key in shown or len(shown) < _SHOWN):
            shown.setdefault(key, []).append(row.a)
    for (h, s, shift), actions in sorted(shown.items()):
        names = ", ".join(_action(document, i, a) for a in sorted(actions))
        yield f"{_place(game, h, s)}, {names}: {shift}"
    rest = agent.moved_rows - sum(map(len, shown.values()))
    if shown and rest:
        yield f"and {rest:,} more row{'s' if rest > 1 else ''}; --kernel-out writes all"


def _criterion(game: CertifiedGame) -> str:
    if game.horizon is not None:
        return f"H = {game.horizon}"
    each = [text if len(text) <= _LONGEST else repr(float(exact(text))) for text in game.discounts]
    return f"discount{'s' * (len(each) > 1)} {', '.join(each)}"


def _place(game: CertifiedGame, h: int, s: int) -> str:
    """Return a place; in a discounted game, which has no steps, the state."""
    state = f"state {game.state_names[s]}"
    return state if game.horizon is None else f"step {h + 1}, {state}"


def _origin(origin: PolicyOrigin) -> str:
    return {
        "file": f"from {origin.name}",
        "name": origin.name,
        "plan": f"planned, a {origin.name.upper()}",
        "program": "from a program",
    }[origin.kind]


def _departures(game: CertifiedGame, i: int, departures: Sequence[CertifiedDeparture]) -> Iterator[str]:
    """Say the departures that matter most, those that gain most first."""
    names = game.action_names[i]
    for departure in sorted(departures[:_SHOWN], key=lambda place: (-place.gain.pair[0], place.h, place.s)):
        if departure.told is not None:
            change = f"told {names[departure.told]}, play {names[departure.play]}"
        else:
            change = f"play {names[departure.play]} instead of {_mixture(names, departure.instead)}"
        place = _place(game, departure.h, departure.s)
        yield f"{place}: {change}, gains {_solid(bounds_text(departure.gain.pair))}"


def _mixture(names: Sequence[str], instead: Sequence[tuple[int, str]]) -> str:
    if len(instead) == 1:
        return names[instead[0][0]]
    if len(instead) > 4:
        return f"mixing {len(instead)} actions"
    return "mixing " + ", ".join(f"{names[k]} ({about(exact(weight))})" for k, weight in instead)


def _action(document: Certified, i: int, a: int) -> str:
    game = document.game
    if document.agents[i].row_action == "own":
        return f"own action {game.action_names[i][a]}"
    played = []
    for j, names in enumerate(game.action_names):
        rest = prod(game.actions[j + 1 :])  # joint actions are in C order
        played.append(names[a // rest % len(names)])
    return played[0] if len(played) == 1 else f"({', '.join(played)})"


def _shift(game: CertifiedGame, row: CertifiedRow) -> str:
    """Say which probabilities change most: ``good 1 -> 9/10, bad 0 -> 1/10``."""
    nothing = Fraction(0)
    p, q = ({t: exact(chance) for t, chance in chances} for chances in (row.nominal, row.worst))
    change = {t: abs(q.get(t, nothing) - p.get(t, nothing)) for t in {*p, *q}}
    most = sorted((t for t in change if change[t]), key=lambda t: (-change[t], t))
    texts = [
        _solid(f"{game.state_names[t]} {about(p.get(t, nothing))} -> {about(q.get(t, nothing))}")
        for t in most[:_SHOWN]
    ]
    return ", ".join(texts) + (f" and {len(most) - _SHOWN} more" if len(most) > _SHOWN else "")


def _solid(text: str) -> str:
    """Keep a text on one line."""
    return text.replace(" ", SOLID)
