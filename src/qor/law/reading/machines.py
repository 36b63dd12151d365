"""The routes of a dispute as data: states, who must act, terms, events, what silence does; each
with its clause. One step function for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from qor.law.nouns.citations import Citation, cites
from qor.law.nouns.refusals import Refusal
from qor.law.pages import LANGUAGES, page, page_names
from qor.law.reading.calendar import term_end
from qor.law.reading.figures import figure

_PACKAGE = "qor.law.kz.machines"
ESCALATE = "escalate"


class Owner(StrEnum):
    """Who must act in a state.

    branch_elsewhere: a branch employee of another region; another_elsewhere: the same, and not the
    first reviewer; branch_local: of the provider's region; same_employee: who confirmed first
    (321/2020:45).
    """

    PROVIDER = "provider"
    BRANCH_ELSEWHERE = "branch_elsewhere"
    ANOTHER_ELSEWHERE = "another_elsewhere"
    BRANCH_LOCAL = "branch_local"
    SAME_EMPLOYEE = "same_employee"
    HEAD_OFFICE = "head_office"


class EventNotAllowed(Refusal):
    """In this state of the dispute nobody can do that."""

    key = "event_not_allowed"


class TermIsOver(Refusal):
    """The term for that is over; what silence does stands."""

    key = "term_is_over"


@dataclass(frozen=True, slots=True)
class State:
    """One state of a machine. Final where it has an `outcome` (confirmed, rejected, none); else
    `owner` must act, within `term` if there is one.

    `silence` is the state that follows when the term has run out, `escalate` where the rules give
    no outcome.
    """

    machine: str
    name: str
    owner: Owner | None
    term: str
    silence: str
    outcome: str
    cites: tuple[Citation, ...]
    says: tuple[tuple[str, str], ...]

    @property
    def final(self) -> bool:
        """Whether nothing can follow."""
        return bool(self.outcome)

    def in_language(self, language: str) -> str:
        """What the state is called, in kk, ru or en."""
        return dict(self.says)[language]


@dataclass(frozen=True, slots=True)
class Transition:
    """What an event does in a state: the machine and the state that follow, and the clause; whether
    its words stay inside the Fund."""

    machine: str
    state: str
    event: str
    to_machine: str
    to_state: str
    cites: tuple[Citation, ...]
    inside: bool


@dataclass(frozen=True, slots=True)
class Machine:
    """One route: its initial state, states by name, transitions; whether its decisions must say if
    a death was preventable, and whether it stays inside the Fund."""

    name: str
    initial: str
    states: dict[str, State]
    transitions: tuple[Transition, ...]
    says_preventable: bool
    inside: bool


@cache
def machine(name: str) -> Machine:
    """The machine of that name: objection, lethal or code_11. KeyError if there is none."""
    facts = _all()[name]
    states = {key: _state(name, key, written) for key, written in facts["states"].items()}
    steps = tuple(_transition(name, written) for written in facts["transitions"])
    return Machine(
        name=name,
        initial=facts["initial"],
        states=states,
        transitions=steps,
        says_preventable=bool(facts.get("says_preventable")),
        inside=bool(facts.get("inside")),
    )


def machine_names() -> list[str]:
    """The names of the machines."""
    return sorted(_all())


def state(machine_name: str, name: str) -> State:
    """A state of a machine. KeyError if there is none."""
    return machine(machine_name).states[name]


def events_in(machine_name: str, name: str) -> tuple[Transition, ...]:
    """What can be done in a state, by its owner."""
    return tuple(step for step in machine(machine_name).transitions if step.state == name)


def step(machine_name: str, name: str, event: str) -> Transition:
    """The transition of an event. EventNotAllowed where the state knows no such event
    (321/2020:26-50)."""
    for transition in events_in(machine_name, name):
        if transition.event == event:
            return transition
    raise EventNotAllowed(event=event, state=name, cites=state(machine_name, name).cites)


def due_on(machine_name: str, name: str, entered_on: date, extended_days: int = 0) -> date | None:
    """The last day of a state's term, entered on a day; None where it has none.

    Working days from the day of entry (interpretation term_start); an outage of the system adds its
    working days (`qor.law.rules.outages`).
    Sources: 321/2020:9, 321/2020:26, 321/2020:30, 321/2020:32, 321/2020:34, 321/2020:37,
    321/2020:44, 321/2020:45, 321/2020:46, 321/2020:47.
    """
    current = state(machine_name, name)
    if not current.term:
        return None
    return term_end(entered_on, figure(current.term, entered_on).whole + extended_days)


def on_silence(machine_name: str, name: str) -> State | None:
    """The state that follows when the owner was silent to the end of the term; None where the rules
    give no outcome (321/2020:27, 32, 44, 46)."""
    after = state(machine_name, name).silence
    return None if after in ("", ESCALATE) else state(machine_name, after)


def route_of(kind: str, code: str, lethal: bool) -> str:
    """The machine that a finding goes by: general ones are shown, what touches a case that ended in
    death is lethal, 11.0 has its own start.

    Reviews without a code and additional findings are looked at by the local branch. Sources:
    321/2020:12, 321/2020:14, 321/2020:26, 321/2020:40, 321/2020:41, 321/2020:50.
    """
    if kind == "general":
        return "general"
    if kind == "additional":
        return "look"
    if lethal:
        return "lethal"
    if code == "11.0":
        return "code_11"
    return "objection" if kind == "potential" else "look"


@cache
def _all() -> dict[str, dict[str, Any]]:
    return {
        facts["machine"]: facts for facts in (page(_PACKAGE, name) for name in page_names(_PACKAGE))
    }


def _state(machine_name: str, name: str, written: dict[str, Any]) -> State:
    return State(
        machine=machine_name,
        name=name,
        owner=Owner(written["owner"]) if "owner" in written else None,
        term=written.get("term", ""),
        silence=written.get("silence", ""),
        outcome=written.get("outcome", ""),
        cites=cites(written["cites"]),
        says=tuple((language, written[language]) for language in LANGUAGES),
    )


def _transition(machine_name: str, written: dict[str, Any]) -> Transition:
    to_machine, _, to_state = written["to"].rpartition(".")
    return Transition(
        machine_name,
        written["from"],
        written["event"],
        to_machine or machine_name,
        to_state,
        cites(written["cites"]),
        inside=bool(written.get("inside")),
    )
