"""A certificate and a study that have everything that their pages can show."""

from __future__ import annotations

from drmg_check.documents import Certified, CertifiedAgent, Finding, Panel, Passage, Proven, Series, Study

PATH = (
    Passage(0, 0, 1.0, ((0, 1.0, 0.5), (1, 0.0, 0.5))),
    Passage(1, 0, 0.5, ()),
    Passage(1, 1, 0.5, ()),
)


def agent(
    name: str, *, path: tuple[Passage, ...] = PATH, gain: str = "1/8", text: str = ""
) -> CertifiedAgent:
    said = text or "step 1, state good: play 1 instead of 0, gains 1/8"
    return CertifiedAgent(
        name=name,
        value=Proven("3/2", "3/2", "3/2"),
        response=Proven("13/8", "13/8", "13/8"),
        gain=Proven(gain, gain, gain),
        ce_gain=Proven("[0.33333, 0.33334]", "33333/100000", "33334/100000"),
        deviation=(said,) if gain != "0" else (),
        worst_rows=(text or "step 1, state good, (0, 0): good 1 → 1/2, bad 0 → 1/2",),
        path=path,
    )


def certified(
    *,
    gaps: tuple[tuple[str, Proven], ...] | None = None,
    path: tuple[Passage, ...] = PATH,
    agents: tuple[CertifiedAgent, ...] | None = None,
    product: bool = False,
    text: str = "",
) -> Certified:
    interval = Proven("[0.33333, 0.33334]", "33333/100000", "33334/100000")
    return Certified(
        tool_version="1.0",
        game=text or "a game",
        facts=((text or "policy", text or "uniform (independent agents)"),),
        horizon=2,
        states=(text or "good", "bad"),
        product=product,
        gaps=(("CCE gap", Proven("1/8", "1/8", "1/8")), ("CE gap", interval)) if gaps is None else gaps,
        agents=(agent(text or "row", path=path, text=text), agent("column", path=path, text=text))
        if agents is None
        else agents,
    )


def study(
    *, panels: tuple[Panel, ...] | None = None, findings: tuple[Finding, ...] | None = None, text: str = ""
) -> Study:
    curve = Series(text or "V", [1, 2, 4], [3.0, 2.0, 1.0], [2.0, 1.5, 1.0], [4.0, 3.0, 1.0])
    other = Series("W", [1, 2, 4], [1.0, 1.0, 1.0])
    shown = (Panel(text or "gap", "episodes", [curve, other], levels=((text or "aim", 0.5),)),)
    return Study(
        tool_version="1.0",
        title=text or "a study",
        question=text or "Does it learn?",
        facts=(("Setting", text or "rho = 1/4"),),
        header=("episodes", text or "gap"),
        table=(("100", "0.05"), (text or "200",)),
        findings=(
            Finding(text or "gap <= 1/10", text or "0.05", met=True),
            Finding("regret below sqrt(K)", "12", met=False),
        )
        if findings is None
        else findings,
        panels=shown if panels is None else panels,
        small=True,
    )
