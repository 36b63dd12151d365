"""Each way of changing the journal, or what it tells of, by its name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from django.db import connection
from tests.workflow.intruder import (
    change,
    copy_of,
    cut_tail,
    empty,
    entry,
    put,
    replace_entry,
    run,
    unkeyed,
)
from tests.workflow.people import at
from tests.workflow.small_fund import MONDAY, Fund

from qor.workflow.disputes.actions import apply_event
from qor.workflow.disputes.models import Case, Step

TABLES = (
    "audit_entry",
    "audit_sealedbatch",
    "accounts_token",
    "accounts_absence",
    "disputes_attachment",
    "disputes_step",
    "disputes_documentrequest",
    "disputes_notice",
    "disputes_outage",
    "mfa_authenticator",
    "treasury_order",
)


FORGED = {
    "at": datetime(2026, 3, 2, tzinfo=UTC),
    "by": "x",
    "verb": "y",
    "subject": "z",
    "facts": "{}",
    "seals": "{}",
    "previous": "",
    "hash": "0" * 64,
}


STATEMENT = {
    "at": datetime(2026, 3, 2, tzinfo=UTC),
    "event": "object",
    "from_state": "a.b",
    "to_state": "a.b",
    "statement": "forged",
}


def another_story(fund: Fund) -> None:
    """Change what an entry says, then compute the whole chain anew."""
    entry("facts", '{"reason": "another"}', 1)(fund)
    unkeyed(fund, 1)


def take_everything_back(fund: Fund) -> None:
    """Let the database be as if nothing had been done since the first entry, below the head that
    was written outside."""
    cut_tail(fund, 1)
    for table in reversed(TABLES[2:]):
        run(f"DELETE FROM {table}")
    run("DELETE FROM disputes_case")
    run("DELETE FROM audit_sealedbatch")


def exchange_words(fund: Fund) -> None:
    """Let two steps have each other's words."""
    first, second = Step.objects.filter(event="object").order_by("pk")[:2]
    run("UPDATE disputes_step SET statement = 'late' WHERE id = %s", first.pk)
    run("UPDATE disputes_step SET statement = %s WHERE id = %s", "reasons", second.pk)


def swap_files(fund: Fund) -> None:
    """Let two files change places on the disk."""
    one, other = fund.files()[:2]
    content = one.read_bytes()
    one.write_bytes(other.read_bytes()), other.write_bytes(content)


def cover_up(fund: Fund) -> None:
    """Change a stake, and let a rightful act of another person seal the row anew."""
    case = Case.objects.get(pk=fund.cases[0].pk)
    run("UPDATE disputes_case SET proposed_deduction = 1 WHERE id = %s", case.pk)
    apply_event(
        case.pk, "object_again", by=fund.world.providers["71"], at=at(MONDAY), statement="again"
    )


TAMPERS: dict[str, Callable[[Fund], object]] = {
    # the journal itself
    "entry: who": entry("by", "intruder"),
    "entry: when": entry("at", datetime(2026, 1, 1, tzinfo=UTC)),
    "entry: what": entry("verb", "other"),
    "entry: of what": entry("subject", "case:999"),
    "entry: facts": entry("facts", '{"new": 1}'),
    "entry: facts emptied": entry("facts", "{}"),
    "entry: seals": entry("seals", "{}"),
    "entry: previous": entry("previous", "0" * 64),
    "entry: hash": entry("hash", "0" * 64),
    "entry: number": entry("number", 999),
    "entry: the first gone": lambda fund: run("DELETE FROM audit_entry WHERE number = 1"),
    "entry: one in the middle gone": lambda fund: run("DELETE FROM audit_entry WHERE number = 3"),
    "entry: the last gone": lambda fund: run(
        "DELETE FROM audit_entry WHERE number = %s", fund.last
    ),
    "entry: two exchanged": lambda fund: [
        run("UPDATE audit_entry SET number = %s WHERE number = %s", new, old)
        for old, new in ((2, 900), (3, 2), (900, 3))
    ],
    "entry: one appended": lambda fund: put("audit_entry", FORGED | {"number": fund.last + 1})(
        fund
    ),
    "entry: one put before": put("audit_entry", FORGED | {"number": 0}),
    "entry: replaced": replace_entry,
    "entry: all at once": empty("audit_entry"),
    "entry: all at once, the head at zero": lambda fund: (
        empty("audit_entry")(fund),
        run("UPDATE audit_head SET number = 0, hash = '', key_id = ''"),
    ),
    "chain: computed anew without the key": another_story,
    "chain: its last part computed anew without the key": lambda fund: (
        entry("by", "x", fund.last)(fund),
        unkeyed(fund, fund.last),
    ),
    "chain: unkeyed, as if it had never been keyed": lambda fund: (
        unkeyed(fund, 1),
        run("UPDATE audit_head SET key_id = ''"),
    ),
    "chain: unkeyed, with a forged taking over": lambda fund: (
        entry("verb", "take_over_journal", 3)(fund),
        entry("facts", '{"entries": 2}', 3)(fund),
        unkeyed(fund, 1),
    ),
    "head: number": lambda fund: run("UPDATE audit_head SET number = number - 1"),
    "head: hash": lambda fund: run("UPDATE audit_head SET hash = %s", "0" * 64),
    "head: gone": lambda fund: run("DELETE FROM audit_head"),
    "head: another key": lambda fund: run("UPDATE audit_head SET key_id = %s", "0" * 64),
    "tail: cut with the head": lambda fund: cut_tail(fund, fund.last - 3),
    "tail: cut below the head outside, with its rows": take_everything_back,
    "tail: all of it": lambda fund: cut_tail(fund, 0),
    "list: a line changed": lambda fund: run(
        "UPDATE audit_sealedbatch SET body = replace(body, 'case:', 'step:')"
    ),
    "list: gone": lambda fund: run("DELETE FROM audit_sealedbatch"),
    "list: one more": put("audit_sealedbatch", {"batch": "b", "position": 0, "body": "case:1 x"}),
    # steps and their files
    "step: words": change("disputes_step", "statement", "nothing"),
    "step: words exchanged": exchange_words,
    "step: author": lambda fund: change("disputes_step", "by_id", fund.world.office.pk)(fund),
    "step: author gone": change("disputes_step", "by_id", None),
    "step: moment": change("disputes_step", "at", datetime(2026, 1, 1, tzinfo=UTC)),
    "step: event": change("disputes_step", "event", "explain"),
    "step: state": change("disputes_step", "to_state", "objection.rejected"),
    "step: case": lambda fund: change("disputes_step", "case_id", fund.cases[3].pk)(fund),
    "step: preventable": change("disputes_step", "preventable", True),
    "step: one gone": lambda fund: run(
        "DELETE FROM disputes_step WHERE id = (SELECT max(id) FROM disputes_step)"
    ),
    "step: a forged one": lambda fund: put(
        "disputes_step", STATEMENT | {"case_id": fund.cases[3].pk}
    )(fund),
    "step: all at once": empty("disputes_step")
    if connection.vendor == "postgresql"
    else lambda fund: [
        run(f"DELETE FROM disputes_{rows}")
        for rows in ("attachment", "notice", "documentrequest", "step")
    ],
    "file: sha256": change("disputes_attachment", "sha256", "0" * 64),
    "file: name": change("disputes_attachment", "name", "b.pdf"),
    "file: place": change("disputes_attachment", "stored_as", "elsewhere"),
    "file: step": lambda fund: change(
        "disputes_attachment", "step_id", Step.objects.order_by("-pk")[0].pk
    )(fund),
    "file: row gone": lambda fund: run(
        "DELETE FROM disputes_attachment WHERE id = (SELECT min(id) FROM disputes_attachment)"
    ),
    "file: bytes": lambda fund: fund.files()[0].write_bytes(b"%PDF-1.7 other"),
    "file: gone": lambda fund: fund.files()[0].unlink(),
    "file: two exchanged": swap_files,
    # cases
    "case: outcome": change(
        "disputes_case", "outcome", "rejected", "id = (SELECT max(id) FROM {table})"
    ),
    "case: stake": change("disputes_case", "proposed_deduction", 1),
    "case: no stake": change("disputes_case", "proposed_deduction", None),
    "case: a stake of nothing": lambda fund: change("disputes_case", "proposed_deduction", 0)(fund),
    "case: amount": change("disputes_case", "amount", 1),
    "case: term": change("disputes_case", "due_on", date(2027, 1, 1)),
    "case: extension": change("disputes_case", "extended_days", 9),
    "case: state": change("disputes_case", "state", "confirmed_by_silence"),
    "case: route": change("disputes_case", "route", "lethal"),
    "case: code": change("disputes_case", "code", "1.1"),
    "case: kind": change("disputes_case", "kind", "general"),
    "case: service": change("disputes_case", "service_id", "another"),
    "case: evidence": change("disputes_case", "evidence", '{"seen": "x"}'),
    "case: reviewer": lambda fund: change(
        "disputes_case", "first_reviewer_id", fund.world.experts["79"][1].pk
    )(fund),
    "case: who must act": lambda fund: change(
        "disputes_case", "assigned_to_id", fund.world.office.pk
    )(fund),
    "case: one gone": lambda fund: run(
        "DELETE FROM disputes_case WHERE id = %s", fund.cases[-1].pk
    ),
    "case: a forged one": copy_of("disputes_case", "service_id", "forged"),
    "case: covered up by a rightful act": cover_up,
    # people, keys, absences, outages, orders
    "user: role": change("accounts_user", "role", "administrator"),
    "user: password": change("accounts_user", "password", "argon2$forged"),
    "user: organisation": lambda fund: change(
        "accounts_user", "organisation_id", fund.world.office.organisation_id
    )(fund),
    "user: name to sign in with": change("accounts_user", "username", "other"),
    "user: switched off": change("accounts_user", "is_active", False),
    "user: superuser": change("accounts_user", "is_superuser", True),
    "user: a forged one": copy_of("accounts_user", "username", "forged"),
    "user: one gone": lambda fund: run(
        "DELETE FROM accounts_user WHERE id = %s", fund.world.auditor.pk
    ),
    "organisation: region": change("accounts_organisation", "region", "79"),
    "organisation: BIN": change("accounts_organisation", "bin", "990140000017"),
    "key: another one": change("accounts_token", "digest", "1" * 64),
    "key: of another provider": lambda fund: change(
        "accounts_token", "organisation_id", fund.world.providers["75"].organisation_id
    )(fund),
    "key: valid again": change("accounts_token", "revoked_at", datetime(2026, 1, 1, tzinfo=UTC)),
    "key: a forged one": copy_of("accounts_token", "digest", "2" * 64),
    "key: one gone": lambda fund: run(
        "DELETE FROM accounts_token WHERE id = (SELECT min(id) FROM accounts_token)"
    ),
    "absence: longer": change("accounts_absence", "last_day", date(2026, 12, 31)),
    "outage: longer": change("disputes_outage", "last_day", date(2026, 3, 31)),
    "factor: another secret": change("mfa_authenticator", "data", '{"secret": "forged"}'),
    "factor: of another user": lambda fund: change(
        "mfa_authenticator", "user_id", fund.world.auditor.pk
    )(fund),
    "factor: one gone": lambda fund: run(
        "DELETE FROM mfa_authenticator WHERE id = (SELECT min(id) FROM mfa_authenticator)"
    ),
    "request: a longer term": change("disputes_documentrequest", "due_on", date(2026, 12, 31)),
    "request: answered by another step": lambda fund: change(
        "disputes_documentrequest", "answer_id", Step.objects.order_by("pk")[0].pk
    )(fund),
    "request: one gone": lambda fund: (
        run("DELETE FROM disputes_notice"),
        run("DELETE FROM disputes_documentrequest WHERE answer_id IS NULL"),
    ),
    "outage: one gone": lambda fund: run("DELETE FROM disputes_outage"),
    "order: IBAN": change("treasury_order", "iban", "KZ2"),
    "order: BIC": change("treasury_order", "bic", "C"),
    "order: amount": change("treasury_order", "amount", 9999),
    "order: bank day": change("treasury_order", "bank_day", date(2026, 3, 3)),
    "order: provider": lambda fund: change(
        "treasury_order", "provider_id", fund.world.providers["79"].organisation_id
    )(fund),
    "order: state": change("treasury_order", "state", "returned"),
    "order: one gone": lambda fund: run(
        "DELETE FROM treasury_order WHERE id = (SELECT max(id) FROM treasury_order)"
    ),
}
