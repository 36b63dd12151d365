"""What of a dispute a provider may read (321/2020:15, 321/2020:48)."""

from __future__ import annotations

from qor.law.reading.machines import events_in, machine, machine_names

# What the Fund's people say to each other beside the decisions of a machine.
_INSIDE_REMARKS = frozenset({"call_expert", "reassign"})


def routes_inside() -> frozenset[str]:
    """The routes by which the Fund looks at a service by itself: a provider sees neither the case
    nor how the Fund came to look. Sources: 321/2020:15."""
    return frozenset(name for name in machine_names() if machine(name).inside)


def is_inside(route: str) -> bool:
    """Whether a case of that route is the Fund's own. Sources: 321/2020:15."""
    return machine(route).inside


def provider_reads_statement(event: str, from_state: str) -> bool:
    """Whether a provider may read the words of a step; `from_state` is `machine.state`.

    Not those that the Fund's people say to each other: a call for an independent expert, a
    reassignment, a second reviewer's agreement on which head office has yet to decide.
    Sources: 321/2020:15, 321/2020:34, 321/2020:36, 321/2020:48.
    """
    if event in _INSIDE_REMARKS:
        return False
    route, _, name = from_state.rpartition(".")
    if route not in machine_names():
        return True
    return not any(step.inside for step in events_in(route, name) if step.event == event)
