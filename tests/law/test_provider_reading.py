"""What of a dispute a provider may read: both sides of the border."""

import pytest

from qor.law.reading.machines import events_in, machine, machine_names
from qor.law.rules.provider_reading import is_inside, provider_reads_statement, routes_inside


def test_a_provider_sees_every_route_but_the_funds_own_look() -> None:
    """Clause 321/2020:15: how the Fund comes to look at a service stays its own."""
    assert routes_inside() == {"look"}
    assert [name for name in machine_names() if is_inside(name)] == ["look"]


@pytest.mark.parametrize("event", ["call_expert", "reassign"])
def test_words_of_the_funds_people_to_each_other_are_not_read(event: str) -> None:
    """Clause 321/2020:48: a call for an independent expert and a reassignment, in any state."""
    assert not provider_reads_statement(event, "objection.first_review")
    assert not provider_reads_statement(event, "")


def test_only_the_second_reviewers_agreement_is_kept_from_the_provider() -> None:
    """Clause 321/2020:34, 36: head office has yet to decide on it; every other decision's words
    are the provider's to read."""
    kept_back = [
        (name, step.state, step.event)
        for name in machine_names()
        for state in machine(name).states
        for step in events_in(name, state)
        if not provider_reads_statement(step.event, f"{name}.{step.state}")
    ]
    assert kept_back == [("objection", "second_review", "reject")]


def test_words_that_decide_nothing_are_read() -> None:
    """Clause 321/2020:48: a request for documents and an explanation are written to the
    provider."""
    assert provider_reads_statement("request_documents", "objection.first_review")
    assert provider_reads_statement("explain", "")
