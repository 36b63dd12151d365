"""Whoever can write to the database but has no key cannot change the journal, or what it tells of,
unseen: each change is found or refused.

The intruder takes the guards away first, changes what he likes, and puts them back. On SQLite and,
with QOR_DATABASE_URL, on PostgreSQL.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection, transaction
from tests.tampering import contents
from tests.workflow.people import World, an_act, at

from qor.law.nouns.refusals import Refusal
from qor.workflow.accounts.models import Absence, Organisation, Token, User
from qor.workflow.append_only import GROWING, guard_all, unguarded
from qor.workflow.audit.journal import record, record_apart
from qor.workflow.audit.models import Entry
from qor.workflow.audit.outside import publish
from qor.workflow.audit.proof import prove
from qor.workflow.disputes.actions import add_remark, apply_event
from qor.workflow.disputes.files import Received
from qor.workflow.disputes.models import Attachment, Case, Outage, Step
from qor.workflow.disputes.outages import declare_outage
from qor.workflow.disputes.requests import ask_for_documents
from qor.workflow.ledger.guarded import mend_guards
from qor.workflow.proof.marks import guards_stand
from qor.workflow.treasury.models import Order

MONDAY = date(2026, 3, 2)
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


def run(statement: str, *values: Any) -> Any:
    """One statement of the intruder, and what it answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return cursor.fetchall() if cursor.description else None


def take_guards_away() -> None:
    """Drop every trigger of the tables that only grow."""
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("SET CONSTRAINTS ALL DEFERRED")
    for table in GROWING:
        if connection.vendor == "postgresql":
            run(f"DROP TRIGGER {table}_append_only ON {table}")
            run(f"DROP TRIGGER {table}_not_emptied ON {table}")
        else:
            for verb in ("update", "delete", "replace"):
                run(f"DROP TRIGGER {table}_no_{verb}")
    for name, table in _triggers_of_money():
        run(
            f"DROP TRIGGER {name} ON {table}"
            if connection.vendor == "postgresql"
            else f"DROP TRIGGER {name}"
        )


def _triggers_of_money() -> list[tuple[Any, ...]]:
    """What else guards the tables of money: (trigger, table)."""
    if connection.vendor == "postgresql":
        return run("""SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c
            ON c.oid = t.tgrelid
            WHERE NOT t.tgisinternal AND c.relname ~ '^(ledger|acts|treasury)_'""")
    return run(
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND "
        "substr(tbl_name, 1, instr(tbl_name, '_')) IN ('ledger_', 'acts_', 'treasury_')"
    )


class Fund:
    """A month in a small Fund, each kind of thing that the journal tells of at least twice."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        provider = world.providers["71"]
        with transaction.atomic():
            for name in ("one", "two"):
                digest = hashlib.sha256(name.encode()).hexdigest()
                Token.objects.create(
                    organisation=provider.organisation, name=name, digest=digest, made_at=at(MONDAY)
                )
                Absence.objects.create(
                    user=world.experts["75"][0],
                    first_day=date(2026, 5, 4),
                    last_day=date(2026, 5, 5),
                )
            for user in (world.payer, world.office):
                Authenticator.objects.create(user=user, type="totp", data={"secret": "own"})
            record(
                by="admin",
                at=at(MONDAY),
                verb="begin",
                subject="fund",
                facts={"reason": "beginning"},
            )
        self.cases = [*(world.case() for _ in range(4)), world.case("general", kind="general")]
        self.cases += Case.objects.bulk_create(self.another(n) for n in range(60))
        record_apart(
            by="bring", at=at(MONDAY), verb="open_cases", subject="month:2026-02", facts={"new": 65}
        )
        for case in self.cases[:2]:
            files = [Received("a.pdf", "application/pdf", b"%PDF-1.7 of " + str(case.pk).encode())]
            decided = apply_event(
                case.pk, "object", by=provider, at=at(MONDAY), statement="reasons", files=files
            )
            ask_for_documents(case.pk, by=decided.assigned_to, at=at(MONDAY), statement="the card")
            apply_event(
                case.pk, "confirm", by=decided.assigned_to, at=at(MONDAY), statement="justified"
            )
        add_remark(
            self.cases[4].pk, "explain", by=provider, at=at(MONDAY), statement="typing error"
        )
        declare_outage(
            date(2026, 3, 4), date(2026, 3, 4), letter_no="17", by=world.office, at=at(MONDAY)
        )
        self.order()
        publish("day", at(MONDAY))
        apply_event(
            self.cases[2].pk, "object", by=provider, at=at(MONDAY), statement="late reasons"
        )
        self.last = run("SELECT max(number) FROM audit_entry")[0][0]

    def another(self, n: int) -> Case:
        """One more finding like the last."""
        like = {
            field.attname: getattr(self.cases[-1], field.attname)
            for field in Case._meta.concrete_fields
        }
        return Case(**(like | {"id": None, "service_id": f"more{n}"}))

    def order(self) -> None:
        """Two payment orders."""
        with transaction.atomic():
            made = [an_act(self.world, region, "signed") for region in ("71", "75")]
            Order.objects.bulk_create(
                Order(
                    act=each,
                    provider=each.provider,
                    contract_no="",
                    amount=Decimal(10),
                    bank_day=MONDAY,
                    iban="KZ1",
                    bic="B",
                )
                for each in made
            )
            record(
                by="payer",
                at=at(MONDAY),
                verb="make_orders",
                subject=f"bank_day:{MONDAY}",
                facts={"orders": 2},
            )

    def files(self) -> list[Path]:
        """The files beside the steps."""
        return [
            Path(django_settings.QOR_ATTACHMENTS) / name
            for name in Attachment.objects.order_by("pk").values_list("stored_as", flat=True)
        ]


def change(
    table: str, column: str, value: Any, where: str = "id = (SELECT min(id) FROM {table})"
) -> Callable[[Fund], object]:
    """Put another value into one row."""
    return lambda fund: run(
        f"UPDATE {table} SET {column} = %s WHERE {where.format(table=table)}", value
    )


def entry(column: str, value: Any, number: int = 2) -> Callable[[Fund], object]:
    """Put another value into an entry of the journal."""
    return change("audit_entry", column, value, f"number = {number}")


def unkeyed(fund: Fund, first: int) -> None:
    """Compute the chain anew from an entry on, as one can who has no key."""
    rows = run('SELECT number, at, "by", verb, subject, facts FROM audit_entry ORDER BY number')
    previous = (
        run("SELECT hash FROM audit_entry WHERE number = %s", first - 1)[0][0] if first > 1 else ""
    )
    for number, moment, by, verb, subject, facts in rows[first - 1 :]:
        told = json.loads(facts) if isinstance(facts, str) else facts
        when = (
            (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
            .astimezone(UTC)
            .isoformat(timespec="microseconds")
        )
        text = json.dumps(
            [number, when, by, verb, subject, told, previous], ensure_ascii=False, sort_keys=True
        )
        digest = hashlib.sha256(text.encode()).hexdigest()
        run(
            "UPDATE audit_entry SET previous = %s, hash = %s WHERE number = %s",
            previous,
            digest,
            number,
        )
        previous = digest
    run("UPDATE audit_head SET hash = %s", previous)


def another_story(fund: Fund) -> None:
    """Change what an entry says, then compute the whole chain anew."""
    entry("facts", '{"reason": "another"}', 1)(fund)
    unkeyed(fund, 1)


def cut_tail(fund: Fund, left: int) -> None:
    """Take the last entries away and let the head name the last that is left."""
    run("DELETE FROM audit_entry WHERE number > %s", left)
    last = run("SELECT hash FROM audit_entry WHERE number = %s", left)
    run("UPDATE audit_head SET number = %s, hash = %s", left, last[0][0] if last else "")


def empty(table: str) -> Callable[[Fund], object]:
    """Take all rows of a table away at once."""
    word = "TRUNCATE {} CASCADE" if connection.vendor == "postgresql" else "DELETE FROM {}"
    return lambda fund: run(word.format(table))


def take_everything_back(fund: Fund) -> None:
    """Let the database be as if nothing had been done since the first entry, below the head that
    was written outside."""
    cut_tail(fund, 1)
    for table in reversed(TABLES[2:]):
        run(f"DELETE FROM {table}")
    run("DELETE FROM disputes_case")
    run("DELETE FROM audit_sealedbatch")


def put(table: str, row: dict[str, Any]) -> Callable[[Fund], object]:
    """Insert a forged row."""
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
    return lambda fund: run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *row.values())


def replace_entry(fund: Fund) -> None:
    """Put another entry in the place of one, as INSERT OR REPLACE does where no guard stands."""
    if connection.vendor == "postgresql":
        run("""INSERT INTO audit_entry SELECT number, at, 'intruder', verb, subject, facts,
            seals, previous, hash FROM audit_entry WHERE number = 2
            ON CONFLICT (number) DO UPDATE SET "by" = EXCLUDED."by" """)
    else:
        run(
            "INSERT OR REPLACE INTO audit_entry SELECT number, at, 'intruder', verb, "
            "subject, facts, seals, previous, hash FROM audit_entry WHERE number = 2"
        )


def copy_of(table: str, column: str, value: Any) -> Callable[[Fund], object]:
    """Insert a second row like the first one, but for one column."""

    def insert(fund: Fund) -> None:
        with connection.cursor() as cursor:
            columns = [
                field.name
                for field in connection.introspection.get_table_description(cursor, table)
            ]
        kept = [name for name in columns if name not in {"id", column}]
        names = ", ".join(f'"{name}"' for name in kept)
        run(
            f'INSERT INTO {table} ("{column}", {names}) SELECT %s, {names} FROM {table} '
            f"WHERE id = (SELECT min(id) FROM {table})",
            value,
        )

    return insert


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
    "request: answered by another step": change("disputes_documentrequest", "answer_id", "1"),
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


@pytest.fixture
def fund(world: World, settings: Any, tmp_path: Path) -> Fund:
    """The Fund, with a place for heads that the intruder does not reach."""
    settings.QOR_ATTACHMENTS = tmp_path / "attachments"
    settings.QOR_JOURNAL_HEADS = f"file://{tmp_path / 'heads'}"
    return Fund(world, tmp_path)


def found() -> list[str]:
    """The kinds of what is found, or the refusal."""
    try:
        return [problem.kind for problem in prove().problems]
    except Refusal as refusal:
        return [refusal.key]


def everything(fund: Fund) -> tuple[object, ...]:
    """Rows and files that the journal tells of."""
    folder = Path(django_settings.QOR_ATTACHMENTS)
    files = {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    return contents("audit_", "accounts_", "disputes_", "mfa_", "treasury_"), files


# All of them in the long tests, one in ten in the quick ones.
_DRAWN = [
    pytest.param(what, marks=() if n % 10 == 0 else pytest.mark.slow)
    for n, what in enumerate(TAMPERS)
]


@pytest.mark.parametrize("what", _DRAWN)
def test_every_tamper_is_found_or_refused(fund: Fund, what: str) -> None:
    """The Fund is whole before; after the change it is not, although every guard stands again."""
    assert found() == []
    take_guards_away()
    before = everything(fund)
    TAMPERS[what](fund)
    assert everything(fund) != before, "nothing was changed"
    guard_all(connection)
    kinds = found()
    assert kinds and "table_unguarded" not in kinds, what


def test_at_least_sixty_two_kinds() -> None:
    """As many as the plan asks for."""
    assert len(TAMPERS) >= 62


def test_the_guards_stand_and_their_absence_is_found(fund: Fund) -> None:
    """The database refuses changing, deleting, replacing and emptying; a guard taken away, switched
    off or replaced by an empty one is found."""
    refusals: list[Callable[[], object]] = [
        lambda: entry("by", "x")(fund),
        lambda: run("DELETE FROM audit_entry"),
        lambda: replace_entry(fund),
        lambda: empty("audit_entry")(fund),
        lambda: change("disputes_attachment", "sha256", "")(fund),
        lambda: run("DELETE FROM audit_sealedbatch"),
    ]
    for attempt in refusals:
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            attempt()
    assert found() == []
    if connection.vendor == "postgresql":
        run("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only")
        run(
            "CREATE OR REPLACE FUNCTION disputes_step_is_append_only() RETURNS trigger "
            "LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
        )
        assert [p.what for p in prove().problems] == ["audit_entry", "disputes_step"]
    else:
        run("DROP TRIGGER disputes_step_no_replace")
        assert [p.what for p in prove().problems] == ["disputes_step"]


def test_a_database_taken_back_shows_against_the_head_outside(fund: Fund) -> None:
    """Rows, journal and head agree with each other, as in an older backup: only the head outside
    says that something is gone, and how old it is."""
    case = fund.cases[2]
    before = Case.objects.filter(pk=fund.cases[3].pk).values().get()
    publish("day", at(MONDAY, 15))
    take_guards_away()
    run("DELETE FROM disputes_notice WHERE case_id = %s", case.pk)
    run("DELETE FROM disputes_step WHERE case_id = %s", case.pk)
    for column in ("state", "assigned_to_id", "due_on", "extended_days", "first_reviewer_id"):
        run(f"UPDATE disputes_case SET {column} = %s WHERE id = %s", before[column], case.pk)
    cut_tail(fund, fund.last - 1)
    guard_all(connection)
    proof = prove()
    assert [(p.kind, p.number) for p in proof.problems] == [("head_outside_differs", fund.last)]
    assert f"{fund.last} (02.03.2026 10:00" in proof.problems[0].what
    assert (
        proof.outside is not None
        and proof.outside.number == fund.last
        and proof.outside.at == at(MONDAY, 15)
    )
    fund.folder.joinpath("heads").unlink()
    assert [p.kind for p in prove().problems] == ["head_outside_missing"]


def test_models_cover_what_is_named() -> None:
    """Each of the things whose sha256 the journal must hold has a tamper here."""
    named = {what.partition(":")[0] for what in TAMPERS}
    assert named >= {
        "entry",
        "chain",
        "head",
        "tail",
        "list",
        "step",
        "file",
        "case",
        "user",
        "key",
        "order",
        "outage",
        "absence",
        "factor",
        "request",
    }
    assert {
        model.__name__
        for model in (Organisation, User, Token, Absence, Case, Step, Attachment, Outage, Order)
    }


@pytest.mark.parametrize(("table", "name"), [("audit_entry", "append_only"), ("acts_act", "fixed")])
def test_a_guard_made_anew_that_never_fires_is_named(db: None, table: str, name: str) -> None:
    """On PostgreSQL: the same name, the same function, and a condition that never holds."""
    if connection.vendor != "postgresql":
        pytest.skip("triggers of PostgreSQL")
    function = f"{table}_is_append_only" if name == "append_only" else f"{table}_refuses"
    assert not unguarded(connection) and not guards_stand().broken
    run(f"DROP TRIGGER {table}_{name} ON {table}")
    run(
        f"CREATE TRIGGER {table}_{name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN (false) "
        f"EXECUTE FUNCTION {function}()"
    )
    assert len(unguarded(connection)) + guards_stand().broken == 1


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("audit_entry", "no_update"),
        ("ledger_posting", "no_delete"),
        ("acts_act", "fixed"),
        ("treasury_order", "stay"),
        ("ledger_seal", "once"),
    ],
)
def test_a_guard_of_sqlite_made_anew_that_never_fires_is_named(
    db: None, table: str, name: str
) -> None:
    """The same name and the same words, and `WHEN 0`; opening the database once more does not put
    it right unseen."""
    if connection.vendor != "sqlite":
        pytest.skip("triggers of SQLite")
    assert not unguarded(connection) and not guards_stand().broken
    trigger = f"{table}_{name}"
    ((text,),) = run("SELECT sql FROM sqlite_master WHERE name = %s", trigger)
    event = next(
        verb for verb in ("UPDATE", "DELETE", "INSERT") if f"BEFORE {verb}" in text.upper()
    )
    run(f"DROP TRIGGER {trigger}")
    run(
        f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} WHEN 0 "
        f"BEGIN SELECT RAISE(ABORT, 'guarded: {table}'); END"
    )
    assert len(unguarded(connection)) + guards_stand().broken >= 1
    call_command("migrate", verbosity=0, interactive=False)
    assert len(unguarded(connection)) + guards_stand().broken >= 1
    (named,) = mend_guards(by="admin", at=at(MONDAY))
    assert named in (table, trigger)
    assert not unguarded(connection) and not guards_stand().broken
    assert Entry.objects.get(verb="mend_guards").facts == {"guards": [named]}
    assert mend_guards(by="admin", at=at(MONDAY)) == []
