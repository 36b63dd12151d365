"""The way of a row: through which steps one table becomes another."""

from __future__ import annotations

from collections import defaultdict

from qor.engine.storage.steps import steps
from qor.law.nouns.refusals import Refusal
from qor.law.pages import page


class NoWay(Refusal):
    """No step leads from the one table to the other."""

    key = "no_way"


def reads() -> dict[str, set[str]]:
    """What each table or view is made of, by name: other steps, incoming tables, their views."""
    made_of: dict[str, set[str]] = defaultdict(set)
    for view, facts in page("qor.engine.tables", "sources.yaml").items():
        of = facts.get("of", [])
        made_of[view] |= {of} if isinstance(of, str) else set(of)
    for step in steps().values():
        made_of[step.into or step.name] |= {*step.reads, *step.through}
    return made_of


def lineage(source: str, target: str) -> list[tuple[str, tuple[str, ...]]]:
    """The tables on any way from a source to a target, each after what it is made of, with those of
    them that lie on the way. NoWay."""
    made_of = reads()
    upstream = _upstream(target, made_of)
    if source not in upstream:
        raise NoWay(source=source, target=target)
    on_way = {name for name in upstream if source in _upstream(name, made_of)}
    ordered: list[str] = []

    def visit(name: str, above: frozenset[str]) -> None:
        for part in sorted(made_of[name] & on_way - above):
            if part not in ordered:
                visit(part, above | {part})
        if name not in ordered:
            ordered.append(name)

    visit(target, frozenset({target}))
    return [(name, tuple(sorted(made_of[name] & on_way))) for name in ordered]


def _upstream(name: str, made_of: dict[str, set[str]]) -> set[str]:
    """A table and all that it is made of."""
    upstream, waiting = {name}, [name]
    while waiting:
        for part in made_of[waiting.pop()] - upstream:
            upstream.add(part)
            waiting.append(part)
    return upstream
