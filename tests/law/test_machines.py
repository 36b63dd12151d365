"""The routes of a dispute: whole, cited, ending; every term on both sides; silence does what the
rules say and no more."""

from datetime import date, timedelta

import pytest

from qor.law.nouns.states import ActState, CaseState, Outcome, Route
from qor.law.reading.calendar import add_working_days
from qor.law.reading.figures import figure_names
from qor.law.reading.machines import (
    EventNotAllowed,
    Owner,
    State,
    Transition,
    due_on,
    events_in,
    machine,
    machine_names,
    on_silence,
    route_of,
    state,
    step,
)
from qor.law.reading.regulations import act_numbers, clauses

STATES = [each for name in machine_names() for each in machine(name).states.values()]
STEPS = [each for name in machine_names() for each in machine(name).transitions]


def test_the_routes() -> None:
    """Objection (22-38), lethal (40-49), code 11.0 (50); general findings are shown (12), the rest
    is looked at (14); documents of payment."""
    assert machine_names() == ["code_11", "general", "lethal", "look", "objection", "protocol"]


@pytest.mark.parametrize(
    ("kind", "code", "lethal", "route"),
    [
        ("general", "2.0", False, "general"),
        ("potential", "5.1", False, "objection"),
        ("potential", "5.1", True, "lethal"),
        ("review", "9.0", True, "lethal"),
        ("review", "11.0", False, "code_11"),
        ("review", "11.0", True, "lethal"),
        ("review", "", False, "look"),
        ("additional", "5.1", True, "look"),
    ],
)
def test_where_a_finding_goes(kind: str, code: str, lethal: bool, route: str) -> None:
    """321/2020:11, 321/2020:11:1), 321/2020:11:2), 321/2020:11:3), 321/2020:12, 321/2020:41,
    321/2020:50 ¶1: by kind and code; a potential finding on a case that ended in death takes the
    lethal route.
    """
    assert route_of(kind, code, lethal) == route


@pytest.mark.parametrize("stage", STATES, ids=lambda each: f"{each.machine}.{each.name}")
def test_each_state_is_whole(stage: State) -> None:
    """An owner who can act, or an outcome; a term that is a figure; a citation of a clause that
    exists; a name in three languages."""
    known = {(act, item.cites.clause) for act in act_numbers() for item in clauses(act)}
    assert {(cite.act, cite.clause) for cite in stage.cites} <= known
    assert all(stage.in_language(language) for language in ("kk", "ru", "en"))
    assert stage.final == (stage.owner is None) == (not events_in(stage.machine, stage.name))
    assert not stage.term or stage.term in figure_names()
    assert stage.final or stage.silence
    assert not (stage.owner is not Owner.PROVIDER and on_silence(stage.machine, stage.name)), (
        "the Fund's silence decides nothing"
    )


@pytest.mark.parametrize(
    "transition", STEPS, ids=lambda each: f"{each.machine}.{each.state}.{each.event}"
)
def test_each_transition_leads_on(transition: Transition) -> None:
    """From a state that exists to a state that exists, by a clause."""
    assert transition.state in machine(transition.machine).states
    assert state(transition.to_machine, transition.to_state)
    assert transition.cites
    assert step(transition.machine, transition.state, transition.event) == transition


def test_every_path_ends() -> None:
    """From each state a final one can be reached, and no path of a dispute goes round."""

    def longest(stage: State, seen: frozenset[tuple[str, str]]) -> int:
        key = (stage.machine, stage.name)
        assert key not in seen
        after = [state(s.to_machine, s.to_state) for s in events_in(*key)]
        silent = on_silence(*key)
        after += [silent] if silent else []
        return 0 if stage.final else 1 + max(longest(each, seen | {key}) for each in after)

    assert max(longest(each, frozenset()) for each in STATES if each.machine != "protocol") <= 6


def test_a_protocol_can_always_be_signed() -> None:
    """Refusing and sending again may go round (291/2020:20), but from each state two steps at most
    lead on, and the last is signed."""
    chain = [
        step("protocol", name, event).to_state
        for name, event in (
            ("protocol_sent", "refuse"),
            ("refused", "send_again"),
            ("protocol_sent", "agree"),
            ("act_made", "sign"),
            ("signed_once", "countersign"),
        )
    ]
    assert chain == ["refused", "protocol_sent", "act_made", "signed_once", "signed"]
    assert state("protocol", "signed").final


def test_nothing_else_can_be_done() -> None:
    """An event that a state does not know is refused, with the clause."""
    with pytest.raises(EventNotAllowed) as caught:
        step("objection", "first_review", "object")
    assert caught.value.cites
    with pytest.raises(EventNotAllowed):
        step("objection", "confirmed_by_silence", "object")


@pytest.mark.parametrize(
    ("route", "name", "days"),
    [
        ("objection", "detected", 5),
        ("objection", "first_review", 5),
        ("objection", "confirmed_first", 3),
        ("objection", "second_review", 3),
        ("objection", "hq_review", 3),
        ("lethal", "confirmed_branch", 5),
        ("lethal", "objection_review", 3),
        ("lethal", "reconfirmed", 3),
        ("lethal", "hq_review", 3),
        ("code_11", "confirmed_local", 5),
    ],
)
def test_terms(route: str, name: str, days: int) -> None:
    """321/2020:30, 321/2020:34, 321/2020:37: working days after the day of entry; Nauryz in between
    does not count; an outage adds its days; the branch's first look has no term.
    """
    entered = date(2026, 3, 19)
    assert due_on(route, name, entered) == add_working_days(entered, days)
    assert due_on(route, name, entered, 2) == add_working_days(entered, days + 2)
    assert due_on(route, name, date(2026, 6, 1)) == date(2026, 6, 1) + timedelta(
        days=7 if days == 5 else 3
    )


def test_no_term_where_the_rules_give_none() -> None:
    """Clauses 43 and 50 give the branch's first decision no term."""
    assert due_on("lethal", "branch_review", date(2026, 3, 19)) is None
    assert due_on("code_11", "local_review", date(2026, 3, 19)) is None


def test_code_11_goes_on_as_an_ordinary_dispute() -> None:
    """From the objection on, the order is that of clauses 26-38."""
    transition = step("code_11", "confirmed_local", "object")
    assert (transition.to_machine, transition.to_state) == ("objection", "first_review")


def test_states_that_are_asked_for_by_name_are_the_machines_own() -> None:
    """Outcomes, routes and the states of an act are all of them; of a case, those in use."""
    routes = [name for name in machine_names() if name != "protocol"]
    states = {name for route in routes for name in machine(route).states}
    outcomes = {one.outcome for route in routes for one in machine(route).states.values()}
    assert set(Route) == set(routes)
    assert set(ActState) == set(machine("protocol").states)
    assert set(Outcome) == outcomes - {""}
    assert set(CaseState) <= states
