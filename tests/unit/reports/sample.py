"""A run as an audit emits it, small enough to read: what the tests of the reports are about."""

from __future__ import annotations

import math

from drmg_check.runs import ClaimText, Counterexample, Event, Footer, Header, Result

GAMES = ("zoo:frozen-lake", "zoo:cliff-walking", "zoo:taxi", "zoo:initial-shock?M=2&N=2")


def claim(id: str, title: str, place: str, expected: str, **changes: object) -> ClaimText:  # noqa: A002
    fields: dict[str, object] = {
        "ledger": "mornavi",
        "statement": title + ".",
        "latex": "",
        "formalisation": "All quantities are exact rationals.",
        "assumptions": (),
        "reading": "literal",
        "severity": "none",
        "corrected": None,
    }
    return ClaimText(id=id, title=title, place=place, expected=expected, **(fields | changes))


def result(text: ClaimText, verdict: str, **changes: object) -> Result:
    subject = changes.get("subject", "generated")
    case = text.id if subject == "generated" else f"{text.id}@{subject}"
    fields: dict[str, object] = {
        "case": case,
        "claim": text,
        "subject": "generated",
        "outcome": "as expected" if verdict == text.expected or subject != "generated" else "unexpected",
        "found": verdict,
        "instances": 200,
        "undecided": 0,
        "smallest_slack_low": "0",
        "smallest_slack_high": "0",
        "slacks": wave(0.0, 1.0),
        "counterexample": None,
        "note": "",
        "replay": f"drmg-check claims run {text.id} --profile ci --seed 0",
        "seconds": 1.25,
    }
    return Result(**(fields | changes))


def wave(low: float, high: float, n: int = 120) -> tuple[float, ...]:
    """Return a reproducible sample between two bounds, denser at both."""
    return tuple(low + (high - low) * (0.5 - 0.5 * math.cos(math.pi * (k * 0.618034 % 1))) for k in range(n))


A3 = claim(
    "A3",
    "Dual of the total-variation worst case",
    "Corollary 2, eq. (10)",
    "refuted",
    statement="The worst-case expectation over a total-variation ball of radius ρ has the dual with "
    "the coefficient ρ/2 on (η − min V)₊.",
    latex=r"\sigma_\rho(P, V) = \sup_{\eta \in [0, H]} \left\{ -\mathbb{E}_{P}\left[(\eta - V)_+\right] "
    r"- \frac{\rho}{2} \left(\eta - \min_{s} V(s)\right)_+ + \eta \right\}",
    formalisation="Slack = −|σ − dual| in exact rationals; σ by moving mass ρ from the largest values to "
    "the smallest, the dual at its breakpoints η ∈ {V(s)}.",
    assumptions=("TV means half the L1 distance", "the adversary may move mass to any state"),
    severity="constant",
    corrected="A3-corrected",
)
A3_CORRECTED = claim(
    "A3-corrected",
    "Dual of the total-variation worst case, coefficient ρ",
    "Corollary 2, eq. (10)",
    "proved",
    statement="The same dual with the coefficient ρ.",
    latex=r"\sigma_\rho(P, V) = \max_{\eta} \left\{ \eta - \mathbb{E}_P (\eta - V)_+ "
    r"- \rho\,(\eta - \min_s V(s))_+ \right\}",
    reading="corrected",
)
A5 = claim(
    "A5",
    "Robust Bellman equation",
    "Proposition 1, eqs. (12) and (13)",
    "holds",
    statement="The robust value of a joint policy satisfies the robust Bellman recursion.",
    latex=r"V^{\pi,\rho}_{i,h}(s) = \sum_{a} \pi_h(a \mid s) "
    r"\Big( r_{i,h}(s,a) + \inf_{P \in \mathcal{U}} \mathbb{E}_P V_{i,h+1} \Big)",
    assumptions=("static product set", "Markov joint policy, possibly correlated", "(s, a)-rectangular sets"),
)
B1 = claim(
    "B1",
    "Span of the robust value",
    "Lemma 5",
    "holds",
    latex=r"\max_s V_h - \min_s V_h \le \min\{1/\rho,\; H - h + 1\}",
    assumptions=("rewards in [0, 1]",),
)
B2 = claim(
    "B2",
    "Span of the value computed with eq. (10)",
    "Lemma 5 with eq. (10)",
    "refuted",
    statement="With σ computed by eq. (10), the span is at most min{1/ρ, H − h + 1}.",
    severity="constant",
    corrected="B2-corrected",
)
B29 = claim(
    "B29",
    "Regret of MORNAVI under total variation",
    "Theorem 1, eq. (41)",
    "unproved",
    severity="proof",
    latex=r"\mathrm{Regret}(K) \le \widetilde{O}\Big(\sqrt{\min\{1/\rho, H\}\, H^2 S K A}\Big)",
)
B31 = claim("B31", "Size from which Theorem 1 says something", "Theorem 1", "vacuous")
E6 = claim("E6", "Lower bound for stochastic bandits", "Lemma 3", "not checkable")
P1 = claim(
    "P1",
    "The planner's value lies in its enclosure",
    "drmg_check.planner",
    "holds",
    ledger="drmg-check",
    statement="Robust evaluation in floating point lies within the stated rounding bound of the exact value.",
)

A3_INSTANCE = (
    '{"uncertainty":{"kind":"tv","support":"all"},"nominal":["1","0"],"values":["1","0"],"radius":"1/2"}'
)
A3_REFUTED = Counterexample(
    instance=A3_INSTANCE,
    lines=(
        "P* = (1, 0), V = (1, 0), ρ = 1/2",
        "σ: move mass 1/2 from state 0 to state 1, σ = 1/2 · 1 + 1/2 · 0 = 1/2",
        "eq. (10) at η = 1: −0 − 1/4 · 1 + 1 = 3/4",
        "slack = −|1/2 − 3/4| = −1/4",
    ),
    slack_low="-1/4",
    slack_high="-1/4",
)
B2_REFUTED = Counterexample(
    instance='{"good":"1","rho":"1","H":2}',
    lines=("good and bad state, both absorbing; ρ = 1, H = 2", "span = 3/2 > 1 = min{1/ρ, H}"),
    slack_low="-1/2",
    slack_high="-1/2",
)
NOTHING_TRIED = {"instances": 0, "slacks": (), "smallest_slack_low": "", "smallest_slack_high": ""}


def results_of_search() -> tuple[Result, ...]:
    return (
        result(
            A3,
            "refuted",
            instances=57,
            smallest_slack_low="-1/4",
            smallest_slack_high="-1/4",
            slacks=wave(-0.25, 0.0, 57),
            counterexample=A3_REFUTED,
            note="Shrunk from an instance of 5 states.",
            replay=f"drmg-check replay A3 --instance '{A3_INSTANCE}'",
        ),
        result(A3_CORRECTED, "proved", instances=4000, slacks=(0.0,) * 200, seconds=8.4),
        result(
            A5,
            "holds",
            instances=168,
            slacks=wave(0, 2e-3),
            smallest_slack_low="1/7340032",
            smallest_slack_high="1/7340032",
        ),
        result(B1, "holds", slacks=wave(0.0, 3.5), instances=2126, seconds=63.0),
        result(
            B2,
            "refuted",
            smallest_slack_low="-1/2",
            smallest_slack_high="-1/2",
            slacks=wave(-0.5, 1.5),
            counterexample=B2_REFUTED,
        ),
        result(
            B29,
            "unproved",
            **NOTHING_TRIED,
            note="Inherits B11 and B12.",
        ),
        result(B31, "vacuous", instances=64, note="Says nothing for K below 1.7e9 at S = 5, A = 4, H = 5."),
        result(
            E6,
            "",
            outcome="skipped",
            **NOTHING_TRIED,
            note="External result.",
        ),
        result(
            P1,
            "holds",
            undecided=3,
            smallest_slack_low="123456789012345678901/1267650600228229401496703205376",
            smallest_slack_high="123456789012345678902/1267650600228229401496703205376",
            slacks=wave(1e-10, 2e-9),
            seconds=0.0123,
        ),
    )


def results_on_games() -> tuple[Result, ...]:
    return (
        *(
            result(
                text,
                "holds",
                subject=game,
                instances=12 * (k + 1),
                slacks=(),
                smallest_slack_low=low,
                smallest_slack_high=low,
                seconds=0.4 * (k + 1),
            )
            for k, game in enumerate(GAMES)
            for text, low in ((B1, f"{k}/4"), (P1, "1/1048576"))
        ),
        result(B2, "holds", subject=GAMES[0], instances=9, slacks=()),
        result(
            A5,
            "",
            subject=GAMES[2],
            outcome="skipped",
            **NOTHING_TRIED,
            note="500 states: brute force over vertex kernels needs at most 6.",
        ),
    )


def sample_results() -> tuple[Result, ...]:
    return (*results_of_search(), *results_on_games())


def sample_run(*results: Result, footer: bool = True, more_cases: tuple[str, ...] = ()) -> tuple[Event, ...]:
    """Return the run that holds ``results``, by default the sample."""
    results = results or sample_results()
    outcomes = [each.outcome for each in results]
    header = Header(
        tool_version="0.1.0",
        profile="ci",
        seed=0,
        cases=(*(each.case for each in results), *more_cases),
        started="2026-11-20T09:30:00Z",
        versions={"python": "3.11.7", "numpy": "2.3.4", "cvxpy": "1.9.3", "python-flint": "0.9.0"},
        ledgers={"mornavi": "the MORNAVI paper", "drmg-check": "drmg-check itself"},
    )
    end = Footer(
        results=len(results),
        unexpected=outcomes.count("unexpected"),
        errors=outcomes.count("error"),
        skipped=outcomes.count("skipped"),
        seconds=95.2,
    )
    return (header, *results, *((end,) if footer else ()))
