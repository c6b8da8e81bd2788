"""What is said of a study: values as they read, findings in words, criteria with what was measured."""

from __future__ import annotations

from collections.abc import Iterable

from drmg_check.documents import Cell, Criterion, NamedValue, NumberKind, Study, StudyFact
from drmg_check.vocabulary import brief

_FINDINGS = {
    "regret grows like": "K^{} (from K/4 to K; 1 is linear)",
    "optimism violated": "in {} of the episodes: Vbar below a best response's value",
    "pessimism violated": "in {}: Vlow above the policy's own value",
    "stage games": "solved within {}",
}
"""What the numbers of a learner mean, by their names."""
_NARROW = 1e-3  # of two limits: as a share of them, what reads as one number and an allowance


def value_text(value: Cell, kind: NumberKind) -> str:
    """Write a value as it reads: in four digits, with separators, as a percentage, or as it is.

    >>> [value_text(12345, "count"), value_text(0.12345, "number"), value_text(0.5, "share")]
    ['12,345', '0.1235', '50.00%']
    """
    if value is None:
        return "-"
    if isinstance(value, str) or kind == "text":
        return str(value)
    if kind == "count":
        return f"{value:,.0f}"
    return f"{value:.2%}" if kind == "share" else f"{value:,.4g}"


def setting_facts(setting: Iterable[StudyFact]) -> dict[str, str]:
    """Return what was run: each fact's values in a row, with their names where they have one.

    >>> from drmg_check.documents import example_study
    >>> setting_facts(example_study().setting)["game"]
    'initial-shock, N = 2, M = 2, H = 6, rho = 1/10'
    """
    return {fact.name: ", ".join(map(_named, fact.values)) for fact in setting}


def finding_facts(findings: Iterable[NamedValue]) -> dict[str, str]:
    """Return what came of it, in the words that are known for it.

    >>> finding_facts([NamedValue("regret grows like", 0.5, "number")])
    {'regret grows like': 'K^0.5 (from K/4 to K; 1 is linear)'}
    """
    facts = {}
    for finding in findings:
        words = _FINDINGS.get(finding.name, "{}")
        text = value_text(finding.value, finding.kind)
        facts[finding.name] = "too little to say" if finding.value is None else words.format(text)
    return facts


def study_headline(study: Study) -> str:
    """Return what was found in one line.

    >>> from drmg_check.documents import example_study
    >>> study_headline(example_study())
    'initial-shock: 2 of 2 criteria met'
    """
    name = brief(study.name, 160)
    many = len(study.criteria)
    if many:
        met = sum(criterion.met for criterion in study.criteria)
        return f"{name}: {met} of {many} criteri{'on' if many == 1 else 'a'} met"
    last = _last_row(study)
    if {"regret", "episodes"} <= last.keys():
        return f"{name}: regret {last['regret']} in {last['episodes']} episodes"
    return name


def measured(criterion: Criterion) -> str:
    """Say what was measured, and what was wanted.

    >>> measured(Criterion(statement="slope", value=0.98, least=0.95))
    '0.98, at least 0.95 wanted'
    """
    unit, least, most = criterion.unit, criterion.least, criterion.most
    value = "nothing measured" if criterion.value is None else f"{criterion.value:.4g}{unit}"
    if least is None and most is None:
        return value
    if least is None:
        return f"{value}, at most {most:.4g}{unit} wanted"
    if most is None:
        return f"{value}, at least {least:.4g}{unit} wanted"
    middle, room = (least + most) / 2, (most - least) / 2
    if criterion.value is not None and room < _NARROW * abs(middle):
        return f"{criterion.value:.6f}{unit}, {middle:.6f} within {room:.1g} wanted"
    return f"{value}, between {least:.4g} and {most:.4g}{unit} wanted"


def _last_row(study: Study) -> dict[str, str]:
    """Return where the first table ends, by the names of its columns."""
    for table in study.tables[:1]:
        for row in table.rows[-1:]:
            pairs = zip(table.columns, row, strict=True)
            return {name: value_text(cell, kind) for (name, kind), cell in pairs}
    return {}


def _named(value: NamedValue) -> str:
    text = value_text(value.value, value.kind)
    return f"{value.name} = {text}" if value.name else text
