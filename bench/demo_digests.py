"""Digests of what a demo came to: findings, returned rows, acts, ledger, cases and the figures on
its pages, each over sorted rows.

    .venv/bin/python -m qor demo --dir FOLDER
    .venv/bin/python bench/demo_digests.py FOLDER [--out FILE.json] [--against FILE.json]

Two versions of the program that find, settle, post and show the same have the same digests. Numbers
of rows, moments of writing, hashes and seals are left out: they say when and in which order, not
what. `--against` names each table that differs and exits with 1.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import os
import re
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "src")]

# Table of the database -> its rows in words: every number of another row is told by what that row
# is called.
DATABASE = {
    "cases": """SELECT p.bin, c.month, c.service_id, c.check_slug, c.code, c.edition, c.kind,
        c.care_form, c.amount, c.proposed_deduction, c.stake_note,
        c.evidence, c.found_on, c.route, c.state, c.entered_on, c.due_on, c.outcome, c.preventable,
            u.username, c.shown_on, c.ended_on, c.norm
        FROM disputes_case c JOIN accounts_organisation p ON p.id = c.provider_id LEFT
            JOIN accounts_user u ON u.id = c.assigned_to_id""",
    "steps": """SELECT p.bin, c.service_id, c.check_slug, s.at, s.event, s.from_state, s.to_state,
        s.statement, s.preventable, u.username
        FROM disputes_step s JOIN disputes_case c ON c.id = s.case_id JOIN accounts_organisation p
            ON p.id = c.provider_id
        LEFT JOIN accounts_user u ON u.id = s.by_id""",
    "acts": """SELECT p.bin, k.month, a.contract_no, a.claimed, a.released, a.other_payments,
        a.returned, a.held, a.disallowed, a.beyond,
        a.other_deductions, a.accepted, a.advance_due, a.advance_kept, a.to_pay, a.state, a.version,
            a.entered_on, a.due_on, a.signed_on, a.pay_by
        FROM acts_act a JOIN acts_closing k ON k.id = a.closing_id
            JOIN accounts_organisation p ON p.id = a.provider_id""",
    "act_lines": """SELECT p.bin, k.month, a.contract_no, l.care_form, l.funding, l.service_month,
        l.kind, l.services, l.claimed, l.released, l.returned,
        l.held, l.disallowed, l.beyond, l.accepted, l.sanction
        FROM acts_actline l JOIN acts_act a ON a.id = l.act_id JOIN acts_closing k
            ON k.id = a.closing_id
        JOIN accounts_organisation p ON p.id = a.provider_id""",
    "deductions": """SELECT p.bin, d.contract_no, d.service_id, d.care_form, d.funding,
        d.service_month, d.reason, d.ended_on, d.disallowed, d.sanction,
        d.taken_back, d.taken_on, d.unscaled, c.check_slug
        FROM acts_deduction d JOIN accounts_organisation p ON p.id = d.provider_id LEFT
            JOIN disputes_case c ON c.id = d.case_id""",
    "held": """SELECT p.bin, h.contract_no, h.service_id, h.care_form, h.funding, h.service_month,
        h.ended_on, h.amount, h.short_death,
        h.released_by_id IS NOT NULL FROM acts_heldservice h JOIN accounts_organisation p
            ON p.id = h.provider_id""",
    "debts": """SELECT p.bin, d.contract_no, d.funding, d.amount, d.way, d.due_on, d.found_on,
        (SELECT coalesce(sum(t.amount), 0) FROM acts_debttaken t WHERE t.debt_id = d.id)
        FROM acts_debt d JOIN accounts_organisation p ON p.id = d.provider_id""",
    "orders": """SELECT p.bin, o.contract_no, o.funding, o.amount, o.bank_day, o.iban, o.bic,
        o.state
        FROM treasury_order o JOIN accounts_organisation p ON p.id = o.provider_id""",
    "postings": """SELECT p.bin, g.contract_no, g.funding, g.debit, g.credit, g.amount,
        substr(g.cause, 1, instr(g.cause || ':', ':')), k.month
        FROM ledger_posting g LEFT JOIN accounts_organisation p ON p.id = g.provider_id LEFT
            JOIN acts_act a ON a.id = g.act_id
        LEFT JOIN acts_closing k ON k.id = a.closing_id""",
    "unready": """SELECT p.bin, k.month, u.contract_no, u.care_form, u.funding, u.service_month,
        u.kind, u.what, u.services, u.amount
        FROM acts_unready u JOIN acts_closing k ON k.id = u.closing_id LEFT
            JOIN accounts_organisation p ON p.id = u.provider_id""",
    "notices": """SELECT u.username, n.at, n.state, n.event, n.due_on, n.month, n.count
        FROM disputes_notice n JOIN accounts_user u ON u.id = n.user_id""",
}
# Columns that a digest knows by their former names.
FORMER = {"proposed_deduction": "amount_at_stake"}
LAKE = ("findings", "returns", "acts", "settled", "rejected", "services", "people", "contracts")
PAGES = (
    "/",
    "/cases/",
    "/acts/",
    "/contracts/",
    "/cash/",
    "/advances/",
    "/debts/",
    "/sums/",
    "/overdue/",
    "/notices/",
    "/users/",
)
ROLES = ("provider", "expert", "accountant", "head_office", "administrator", "auditor")


def digest(rows: Iterator[Any]) -> dict[str, Any]:
    """How many rows there are, and the sha256 over them, sorted."""
    lines = sorted(json.dumps(row, ensure_ascii=False, default=str) for row in rows)
    return {"rows": len(lines), "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest()}


def of_database(path: Path) -> dict[str, dict[str, Any]]:
    """The digest of each table of DATABASE."""
    import sqlite3

    with sqlite3.connect(path) as connection:
        return {
            f"database {name}": digest(iter(connection.execute(query)))
            for name, query in DATABASE.items()
        }


def of_lake(root: Path) -> dict[str, dict[str, Any]]:
    """The digest of each table of LAKE, all months together, columns in the order of their
    names."""
    from qor.engine.storage.duck import connect, name, parquet
    from qor.engine.storage.lake import Lake

    lake, digests = Lake(root), {}
    with connect() as connection:
        for table in LAKE:
            relation = parquet(lake.paths(table))
            names = [
                row[0]
                for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
            ]
            columns = ", ".join(
                name(column)
                for column in sorted(names, key=lambda each: FORMER.get(each, each))
                if column not in {"at", "received_at", "receipt", "line"}
            )
            hashed = (
                f"SELECT sum(hash(CAST(({columns}) AS VARCHAR))::HUGEINT) AS h, count(*) AS n "
                f"FROM (SELECT {columns} FROM {relation})"
            )
            total, rows = connection.execute(hashed).fetchall()[0]
            digests[f"lake {table}"] = {"rows": rows, "sha256": str(total)}
    return digests


def of_pages(folder: Path, copy: Path) -> dict[str, dict[str, Any]]:
    """The figures on the first page of each list, as each role sees it in Russian; on a copy of the
    database, as who looks is entered in it."""
    for file in folder.glob("portal.sqlite3*"):
        shutil.copy(file, copy / file.name)
    logging.disable(logging.CRITICAL)
    os.environ["QOR_DATABASE_URL"] = f"sqlite:///{copy / 'portal.sqlite3'}"
    os.environ["QOR_LAKE"], os.environ["QOR_ATTACHMENTS"] = (
        str(folder / "lake"),
        str(folder / "attachments"),
    )
    os.environ.setdefault("QOR_SECRET_KEY", secrets.token_urlsafe(50))
    os.environ["QOR_SECOND_FACTOR"], os.environ["DJANGO_SETTINGS_MODULE"] = (
        "0",
        "qor.interfaces.web.server.settings",
    )
    import django

    django.setup()
    from django.test import Client

    from qor.workflow.accounts.models import User

    digests = {}
    for role in ROLES:
        client = Client(HTTP_ACCEPT_LANGUAGE="ru", HTTP_HOST="127.0.0.1")
        user = User.objects.filter(role=role).order_by("pk")[0]
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for address in PAGES:
            answer = client.get(address, follow=True)
            digests[f"page {role} {address}"] = digest(
                iter([answer.status_code, *_figures(answer.content.decode())])
            )
    return digests


def _figures(page: str) -> list[str]:
    """Every number that a page shows, hidden forms left out."""
    body = re.sub(r"<(script|style|form)\b.*?</\1>", " ", page.split("<main", 1)[-1], flags=re.S)
    text = unescape(re.sub(r"<[^>]+>", " ", body))
    text = re.sub(r"\b[0-9a-f]{12,64}\b|\b\d\d:\d\d\b", " ", text)  # hashes and moments
    return re.findall(r"\d[\d\s.,:]*\d|\d", text)


def main() -> int:
    """Print or compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--against", type=Path)
    args = parser.parse_args()
    folder = args.folder.resolve()
    digests = of_database(folder / "portal.sqlite3") | of_lake(folder / "lake")
    with tempfile.TemporaryDirectory() as copy:
        digests |= of_pages(folder, Path(copy))
    text = json.dumps(digests, indent=1, sort_keys=True)
    if args.out:
        args.out.write_text(text + "\n", "utf-8")
    else:
        print(text)
    if not args.against:
        return 0
    before = json.loads(args.against.read_text("utf-8"))
    apart = [name for name in sorted({*before, *digests}) if before.get(name) != digests.get(name)]
    for name in apart:
        print(f"{name}: {before.get(name)} before, {digests.get(name)} now", file=sys.stderr)
    print(f"{len(digests)} digests, {len(apart)} apart", file=sys.stderr)
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main())
