"""Keys of sentences that are put together at run time: each family has its values, and each value
its sentence in three languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from qor.engine.analysis.measures import NAMES as MEASURES
from qor.engine.checks.check import Kind
from qor.engine.settlement import unready
from qor.interfaces.messages import catalogue
from qor.interfaces.web.features.accounts.forms import ACCOUNT_EVENTS
from qor.interfaces.web.features.disputes import requests
from qor.interfaces.web.kernel import template_tags
from qor.interfaces.web.kernel.tables import address
from qor.interfaces.web.server.site import SITE
from qor.law.pages import LANGUAGES
from qor.law.reading.coverage import coverage
from qor.law.reading.figures import figure_names, history
from qor.law.reading.machines import events_in, machine, machine_names
from qor.law.rules.advances import AdvanceKind
from qor.workflow.accounts import selectors
from qor.workflow.accounts.models import AccountRequest, Organisation, User
from qor.workflow.acts import debts
from qor.workflow.acts.owing import OtherSum
from qor.workflow.treasury import notices
from qor.workflow.treasury.models import Order

SOURCES = Path(__file__).resolve().parents[2] / "src" / "qor"
Role = User.Role
Values = Callable[[], Iterable[str]]


def _literals(folder: str, call: str, place: int = 0) -> Values:
    """The texts that calls of one name are given in the sources of a folder."""

    def values() -> Iterable[str]:
        for path in sorted((SOURCES / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == call:
                    given = node.args[place] if len(node.args) > place else None
                    if isinstance(given, ast.Constant):
                        yield str(given.value)

    return values


def _outcomes() -> Iterable[str]:
    yield "open"
    for name in machine_names():
        yield from (state.outcome for state in machine(name).states.values() if state.outcome)


def _events() -> Iterable[str]:
    for name in machine("protocol").states:
        yield from (step.event for step in events_in("protocol", name))


def _money_notices() -> Iterable[str]:
    named = (debts.TO_RETURN, debts.RETURN_LATE, debts.NOTICE_LATE, notices.UNPAID)
    return [name.removeprefix("money.") for name in named]


# The beginning of a key -> the values that follow it.
FAMILIES: dict[str, Values] = {
    "cli.journal_": _literals("workflow/audit", "Problem"),
    "cli.request_": lambda: AccountRequest.Kind.values,
    "lists.": lambda: (address.FROM, address.TO),
    "ledger.place_": _literals("workflow/proof", "Place"),
    "ledger.rule_": _literals("workflow/proof", "proof_of"),
    "portal.": lambda: [page.name for page in SITE if page.menu is not None],
    "portal.account_": lambda: [f"{e}{a}" for e in ACCOUNT_EVENTS for a in ("", "_about")],
    "portal.event_": _events,
    "portal.advance_": lambda: [kind.value for kind in AdvanceKind],
    "portal.ground_": lambda: OtherSum.Ground.values,
    "portal.money_": _money_notices,
    "portal.order_": lambda: Order.State.values,
    "portal.outcome_": _outcomes,
    "portal.organisation_kind_": lambda: Organisation.Kind.values,
    "portal.request_": lambda: (requests.WAITING, requests.ANSWERED),
    "portal.request_outcome_": lambda: AccountRequest.Outcome.values,
    "portal.role_": lambda: User.Role.values,
    "portal.who_": lambda: ["clock", Role.PROVIDER, Role.EXPERT, Role.HEAD_OFFICE],
    "portal.user_state_": lambda: selectors.STATES,
    "terms.kind_": lambda: [kind.value for kind in Kind],
    "terms.measure_": lambda: MEASURES,
    "terms.reason_": lambda: [row.reason for row in coverage(definitions=True) if row.reason],
    "terms.source_": lambda: [v.status for name in figure_names() for v in history(name)],
    "terms.status_": lambda: [row.status.replace(" ", "_") for row in coverage(definitions=True)],
    "terms.unit_": lambda: [v.unit for name in figure_names() for v in history(name)],
    "unready.": lambda: unready.REASONS,
}
# Families whose values stand in one place of the source, or are columns of tables: a key that is
# not there breaks the page at once, and other tests ask for it.
BY_NAME = {
    "cli.": "the parser's own names of commands and options",
    "cli.receipt_": "three counts of a receipt",
    "cli.user_": "on and off",
    "ledger.by_": "what a replay is compared by",
    "line_kinds.": "kinds of act lines, each in test_kinds_of_lines",
    "portal.alarm_": "thresholds",
    "portal.file_": "formats of bank files",
    "portal.news_": "events that notices tell of",
    "portal.paper_": "the three papers",
    "portal.pays_": "yes and no",
    "portal.payment_": "where a service's payment stands",
    "portal.reason_": "what became of a service",
    "portal.status_": "what became of a service",
    "refusals.": "each refusal: test_plan asks for all",
    "rows.": "reasons of rejected rows",
    "terms.": "columns",
    "terms.funding_": "fundings",
    "terms.group_": "groups of care forms",
    "terms.severity_": "two severities",
    "values.": "cells that have words",
}


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_value_has_its_sentence(family: str) -> None:
    """In Kazakh, Russian and English; none of them is empty."""
    values = sorted(set(FAMILIES[family]()))
    assert values
    known = catalogue()
    missing = [value for value in values if f"{family}{value}" not in known]
    assert missing == []
    assert all(known[f"{family}{v}"].get(each) for v in values for each in LANGUAGES)


def _put_together() -> set[str]:
    """The beginnings of keys that the sources put together at run time."""
    areas = {key.partition(".")[0] for key in catalogue()}
    begun = set()
    for path in sorted(SOURCES.rglob("*.py")):
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                first = str(node.values[0].value)
                if first.partition(".")[0] in areas and re.fullmatch(r"\w+\.\w*", first):
                    begun.add(first)
    for folder in ("interfaces/web/features", "interfaces/web/kernel"):
        begun |= set(_literals(folder, "words_of")())  # what columns of lists say
    return begun | {f"portal.{prefix}_" for prefix in template_tags._NAMED}


def test_every_family_is_known() -> None:
    """A key that is put together and belongs to no family fails here."""
    assert _put_together() - set(FAMILIES) - set(BY_NAME) == set()
    assert not set(FAMILIES) & set(BY_NAME)


def test_a_value_without_a_sentence_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more role without words: the family's test fails."""
    monkeypatch.setitem(FAMILIES, "portal.role_", lambda: [*User.Role.values, "janitor"])
    with pytest.raises(AssertionError):
        test_every_value_has_its_sentence("portal.role_")
