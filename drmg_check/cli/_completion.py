"""``drmg-check completion``: claims, checks, games and sets complete in the shell as commands do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class, get_completion_class

from drmg_check.cli._options import DEFAULT_RUN, DEFAULT_VALIDATION

if TYPE_CHECKING:
    from pathlib import Path

    from drmg_check.runs import Event
    from drmg_properties.audit import Listed

VARIABLE = "_DRMG_CHECK_COMPLETE"
MARKS = frozenset(":@")  # at which Bash cuts a word in two

Items: TypeAlias = "list[CompletionItem[Any]]"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> int:
    """Print the script that completes drmg-check.

    Commands, options, claims, checks, games and sets then complete with the tab key. Put the line of your
    shell into its start-up file:

    \b
      bash   eval "$(drmg-check completion bash)"
      zsh    eval "$(drmg-check completion zsh)"     (after compinit)
      fish   drmg-check completion fish | source
    """  # noqa: D301 - click's mark of lines to be left as they are
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(ctx.find_root().command, {}, "drmg-check", VARIABLE).source(), nl=False)
    return 0


@add_completion_class
class _Bash(BashComplete):
    """Bash takes ``zoo:taxi`` for three words: join them, and offer only what follows the last mark."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        words = _join([*args, incomplete])
        cut = 1 + max(map(words[-1].rfind, MARKS))
        items = super().get_completions(words[:-1], words[-1])
        return [CompletionItem(item.value[cut:], item.type, item.help) for item in items]


def _join(words: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for word in words:
        if word and joined and (joined[-1][-1:] in MARKS or MARKS.issuperset(word)):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def claim_ids(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Offer the ids of the ledger."""
    before, comma, begun = incomplete.rpartition(",")  # --claims takes several
    return [
        CompletionItem(before + comma + claim.id, help=claim.title)
        for claim in (entry.claim for entry in _claims(ctx))
        if claim.id.startswith(begun)
    ]


def cases(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Offer what failed in the run that is replayed, of claims or of checks; without runs, the claims."""
    from drmg_check.runs import Check, Result

    run_file = ctx.params.get("run_file")
    if ctx.params.get("instance") is not None:
        return claim_ids(ctx, parameter, incomplete)
    events = [
        event
        for file in ([run_file] if run_file else [DEFAULT_RUN, DEFAULT_VALIDATION])
        for event in _events(file)
    ]
    violated = [event for event in events if isinstance(event, Result) and event.counterexample]
    failed = [event for event in events if isinstance(event, Check) and event.failure]
    known = [
        *((event.case, event.claim.title) for event in violated),
        *((event.case, event.title) for event in failed),
    ]
    return _starting_with(incomplete, known) if events else claim_ids(ctx, parameter, incomplete)


def check_ids(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Offer the checks of the level and sets that the line has so far, by default of each set by itself."""
    from drmg_check.sets import UNCERTAINTY_SETS

    before, comma, begun = incomplete.rpartition(",")  # it takes several
    given = ctx.params.get("sets")
    declared = [list(given)] if given else [[name] for name in sorted(UNCERTAINTY_SETS)]
    titles = {id_: title for sets in declared for id_, title in _checks(ctx.params.get("level"), sets)}
    return [
        CompletionItem(before + comma + id_, help=title)
        for id_, title in titles.items()
        if id_.startswith(begun)
    ]


def _checks(level: str | None, sets: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the checks of a declaration, none of one that is illegal: a set may ask for a parameter."""
    from drmg_check.referee.levels import level_of
    from drmg_check.targets import declaration_from_data
    from drmg_check.vocabulary import DrmgError

    try:
        declared = declaration_from_data({"sets": sets, **({"level": level} if level else {})})
        checks = level_of(declared.level).checks(declared)
    except DrmgError:  # who presses the tab key is not told
        return
    for check in checks:
        yield check.id, check.title


def games(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Offer the named games; what is none of them is a file."""
    from drmg_check.zoo import named_games

    named = {f"zoo:{name}": game.description for name, game in named_games().items()}
    return _starting_with(incomplete, named.items()) or [CompletionItem(incomplete, type="file")]


def sets(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Offer the uncertainty sets."""
    from drmg_check.sets import UNCERTAINTY_SETS

    return _starting_with(incomplete, ((name, None) for name in sorted(UNCERTAINTY_SETS)))


def experiments(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Offer the experiments."""
    from drmg_properties.experiments import named_experiments

    known = {name: experiment.question for name, experiment in named_experiments().items()}
    return _starting_with(incomplete, [*known.items(), ("list", "Show them all.")])


def _starting_with(begun: str, names: Iterable[tuple[str, str | None]]) -> Items:
    return [CompletionItem(name, help=said) for name, said in names if name.startswith(begun)]


def _events(file: Path) -> Sequence[Event]:
    from drmg_check.runs import read_events
    from drmg_check.vocabulary import InputError

    try:
        return read_events(file)
    except InputError:
        return ()


def _claims(ctx: click.Context) -> Sequence[Listed]:
    from drmg_check.vocabulary import InputError
    from drmg_properties.audit import DEFAULT_LEDGERS, list_claims

    try:
        return list_claims(ctx.params.get("ledgers") or DEFAULT_LEDGERS)
    except InputError:  # who presses the tab key is not told
        return ()
