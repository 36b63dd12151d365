"""What somebody with the database's password may do to the money: each way is one tamper, in SQL.

`{act}`, `{other}`: two signed acts of one provider under two contracts; `{open}`: an act that is
not signed.
"""

from __future__ import annotations

_ROOM = {"posting": "ledger", "mark": "ledger", "order": "treasury", "bankfile": "treasury"}


def _of(name: str) -> str:
    """The table of a row of money."""
    return f"{_ROOM.get(name, 'acts')}_{name}"


ONE = {
    table: f"(SELECT min(id) FROM {_of(table)})"
    for table in (
        "closing",
        "act",
        "actstep",
        "actline",
        "heldservice",
        "deduction",
        "othersum",
        "debt",
        "debttaken",
        "advance",
        "advancekept",
        "contractsum",
        "order",
        "posting",
        "mark",
        "bankfile",
        "proposedsum",
        "penaltyfinding",
    )
}


def _one(table: str, change: str) -> str:
    return f"UPDATE {_of(table)} SET {change} WHERE id = {ONE[table]}"


def _without(table: str, which: str = "") -> str:
    return f"DELETE FROM {_of(table)} WHERE id = {which or ONE[table]}"


def _copy(table: str, columns: str, changed: str = "") -> str:
    """A second row like the first, but for what is changed."""
    chosen = ", ".join(
        dict(part.split("=") for part in changed.split("; ") if part).get(c, f'"{c}"')
        for c in columns.split()
    )
    named = ", ".join(f'"{c}"' for c in columns.split())
    return (
        f"INSERT INTO {_of(table)} ({named}) SELECT {chosen} FROM {_of(table)} WHERE "
        f"id = {ONE[table]}"
    )


_PAID = "(SELECT min(id) FROM treasury_order WHERE state = 'paid' AND act_id IS NOT NULL)"
_MADE = "(SELECT min(id) FROM treasury_order WHERE state = 'made')"
_BACK = "(SELECT max(id) FROM treasury_order WHERE state = 'returned')"
_FREED = "(SELECT min(id) FROM acts_heldservice WHERE released_by_id IS NOT NULL)"
_WAITING = "(SELECT min(id) FROM acts_heldservice WHERE released_by_id IS NULL)"
_TAKEN_IN = "(SELECT min(id) FROM acts_othersum WHERE act_id IS NOT NULL)"
_SANCTIONED = "(SELECT min(id) FROM acts_deduction WHERE sanction > 0)"
_DISALLOWED = "(SELECT min(id) FROM acts_deduction WHERE disallowed > 0 AND case_id IS NOT NULL)"
_POSTED = "entry debit credit provider_id contract_no funding act_id amount cause at"
_LINE = (
    "act_id care_form funding service_month services claimed released returned held "
    "disallowed beyond accepted sanction"
)
_ORDER = (
    "act_id advance_id provider_id contract_no funding amount bank_day iban bic state "
    "repeats_id file_id"
)
_SUMS = ("claimed", "beyond", "disallowed", "other_deductions", "accepted", "to_pay")
_SWAP = ", ".join(
    f"{name} = (SELECT sum({name}) FROM acts_act x WHERE x.id IN ({{act}}, {{other}})) - {name}"
    for name in _SUMS
)

# Name -> statements, run one after another.
SQL: dict[str, tuple[str, ...]] = {
    "posting: amount": (_one("posting", "amount = amount + 1"),),
    "posting: both sides swapped": (_one("posting", "debit = credit, credit = debit"),),
    "posting: account": ("UPDATE ledger_posting SET debit = 'advances' WHERE debit = 'payable'",),
    "posting: provider": (_one("posting", "provider_id = provider_id + 1"),),
    "posting: contract": (_one("posting", "contract_no = 'K-4'"),),
    "posting: funding": (_one("posting", "funding = 'other'"),),
    "posting: act": ("UPDATE ledger_posting SET act_id = {other} WHERE act_id = {act}",),
    "posting: no act": ("UPDATE ledger_posting SET act_id = NULL WHERE act_id = {act}",),
    "posting: cause": (_one("posting", "cause = 'case:1'"),),
    "posting: moment": (_one("posting", "at = '2026-01-01 00:00:00+00:00'"),),
    "posting: entry": (_one("posting", "entry = entry + 1000"),),
    "posting: deleted": (_without("posting"),),
    "posting: the last deleted": (_without("posting", "(SELECT max(id) FROM ledger_posting)"),),
    "posting: doubled": (_copy("posting", _POSTED),),
    "posting: a pair that cancels out": (
        _copy("posting", _POSTED),
        _copy("posting", _POSTED, "debit=credit; credit=debit"),
    ),
    "posting: amounts of two swapped": (
        """UPDATE ledger_posting SET amount = (SELECT sum(amount) FROM ledger_posting x
            WHERE x.id IN
        (SELECT max(id) FROM ledger_posting UNION SELECT min(id) FROM ledger_posting)) - amount
        WHERE id IN (SELECT max(id) FROM ledger_posting UNION SELECT min(id)
            FROM ledger_posting)""",
    ),
    "posting: all gone": ("DELETE FROM ledger_posting",),
    "line: accepted with what was billed": (
        _one("actline", "claimed = claimed + 1, accepted = accepted + 1"),
    ),
    "line: funding": (_one("actline", "funding = 'osms'"),),
    "line: care form": (_one("actline", "care_form = 'primary'"),),
    "line: services": (_one("actline", "services = services + 1"),),
    "line: sanction": (_one("actline", "sanction = sanction + 1"),),
    "line: month": (_one("actline", "service_month = '2025-12'"),),
    "line: another act": (_one("actline", "act_id = {other}, service_month = '2025-12'"),),
    "line: deleted": (_without("actline"),),
    "line: one more": (_copy("actline", _LINE, "care_form='blood'"),),
    "line: an empty one more": (
        _copy(
            "actline", _LINE, "care_form='blood'; " + "; ".join(f"{n}=0" for n in _LINE.split()[4:])
        ),
    ),
    "act: more to pay, with its line and postings": (
        "UPDATE acts_act SET claimed = claimed + 100, accepted = accepted + 100, "
        "to_pay = to_pay + 100 WHERE id = {act}",
        "UPDATE acts_actline SET claimed = claimed + 100, accepted = accepted + 100"
        " WHERE id = (SELECT min(id) FROM acts_actline WHERE act_id = {act})",
        "UPDATE ledger_posting SET amount = amount + 100 WHERE act_id = {act} AND cause "
        "LIKE 'line:%' AND (debit = 'care' OR credit = 'payable')",
    ),
    "act: two acts' amounts swapped": (
        f"UPDATE acts_act SET {_SWAP} WHERE id IN ({{act}}, {{other}})",
    ),
    "act: all of two acts swapped": tuple(
        f"UPDATE {_of(table)} SET act_id = {{act}} + {{other}} - act_id WHERE act_id "
        f"IN ({{act}}, {{other}})"
        for table in ("deduction", "debttaken", "posting", "order", "actstep")
    ),
    "act: signed though it is not": ("UPDATE acts_act SET state = 'signed' WHERE id = {open}",),
    "act: not signed any more": ("UPDATE acts_act SET state = 'protocol_sent' WHERE id = {act}",),
    "act: contract": ("UPDATE acts_act SET contract_no = 'K-9' WHERE id = {act}",),
    "act: provider": ("UPDATE acts_act SET provider_id = provider_id + 2 WHERE id = {act}",),
    "act: day of payment": ("UPDATE acts_act SET pay_by = '2027-01-01' WHERE id = {act}",),
    "act: day of signature": ("UPDATE acts_act SET signed_on = '2026-01-01' WHERE id = {act}",),
    "act: version": ("UPDATE acts_act SET version = version + 1 WHERE id = {act}",),
    "act: term": ("UPDATE acts_act SET due_on = '2027-01-01' WHERE id = {open}",),
    "act: overdue": ("UPDATE acts_act SET overdue_since = '2026-03-25' WHERE id = {open}",),
    "act: advance due": ("UPDATE acts_act SET advance_due = advance_due + 1 WHERE id = {act}",),
    "act: closing": (
        "UPDATE acts_act SET closing_id = (SELECT max(id) FROM acts_closing) WHERE id = {act}",
    ),
    "act: gone with all that hangs on it": (
        *(
            f"DELETE FROM {_of(t)} WHERE act_id = {{open}}"
            for t in (
                "actline",
                "actstep",
                "deduction",
                "debttaken",
                "advancekept",
                "posting",
                "order",
            )
        ),
        "DELETE FROM acts_act WHERE id = {open}",
    ),
    "step: statement": (_one("actstep", "statement = 'agreed'"),),
    "step: by": (_one("actstep", "by_id = (SELECT min(id) FROM accounts_user)"),),
    "step: moment": (_one("actstep", "at = '2026-01-01 00:00:00+00:00'"),),
    "step: event": (_one("actstep", "event = 'countersign'"),),
    "step: deleted": (_without("actstep"),),
    "waiting service: amount": (
        f"UPDATE acts_heldservice SET amount = amount + 1 WHERE id = {_WAITING}",
    ),
    "waiting service: another service": (
        f"UPDATE acts_heldservice SET service_id = 'x' WHERE id = {_WAITING}",
    ),
    "waiting service: short death": (
        f"UPDATE acts_heldservice SET short_death = NOT short_death WHERE id = {_WAITING}",
    ),
    "waiting service: set free": (
        f"UPDATE acts_heldservice SET released_by_id = {{open}} WHERE id = {_WAITING}",
    ),
    "freed service: waits again": (
        f"UPDATE acts_heldservice SET released_by_id = NULL WHERE id = {_FREED}",
    ),
    "freed service: by another act": (
        f"UPDATE acts_heldservice SET released_by_id = {{open}} WHERE id = {_FREED}",
    ),
    "waiting service: deleted": (_without("heldservice", _WAITING),),
    "waiting service: contract": (
        f"UPDATE acts_heldservice SET contract_no = 'K-4' WHERE id = {_WAITING}",
    ),
    "deduction: less, with act, line and postings": (
        f"UPDATE acts_deduction SET disallowed = disallowed - 100 WHERE id = {_DISALLOWED}",
        "UPDATE acts_act SET disallowed = disallowed - 100, accepted = accepted + "
        "100, to_pay = to_pay + 100"
        f" WHERE id = (SELECT act_id FROM acts_deduction WHERE id = {_DISALLOWED})",
        "UPDATE acts_actline SET disallowed = disallowed - 100, accepted = accepted + 100"
        f" WHERE act_id = (SELECT act_id FROM acts_deduction WHERE id = {_DISALLOWED})",
    ),
    "deduction: case": (
        "UPDATE acts_deduction SET case_id = (SELECT max(id) FROM disputes_case) "
        f"WHERE id = {_DISALLOWED}",
    ),
    "deduction: service": (_one("deduction", "service_id = 'x'"),),
    "deduction: reason": (_one("deduction", "reason = 'later'"),),
    "deduction: sanction": (
        f"UPDATE acts_deduction SET sanction = sanction - 1 WHERE id = {_SANCTIONED}",
    ),
    "deduction: sanction as taken back": (
        "UPDATE acts_deduction SET sanction = sanction - 1, taken_back = taken_back "
        f"+ 1 WHERE id = {_SANCTIONED}",
    ),
    "deduction: day": (_one("deduction", "taken_on = '2026-01-01'"),),
    "deduction: deleted": (_without("deduction"),),
    "other sum: amount": (_one("othersum", "amount = amount + 1"),),
    "other sum: pays": (_one("othersum", "pays = NOT pays"),),
    "other sum: another act": (
        f"UPDATE acts_othersum SET act_id = {{other}} WHERE id = {_TAKEN_IN}",
    ),
    "other sum: waits again": (f"UPDATE acts_othersum SET act_id = NULL WHERE id = {_TAKEN_IN}",),
    "other sum: a closing's": (_one("othersum", f"by_id = NULL, closing_id = {ONE['closing']}"),),
    "other sum: statement": (_one("othersum", "statement = 'other'"),),
    "other sum: by": (_one("othersum", "by_id = (SELECT min(id) FROM accounts_user)"),),
    "other sum: ground": (_one("othersum", "ground = 'other'"),),
    "other sum: contract": (_one("othersum", "contract_no = 'K-2'"),),
    "other sum: one more": (
        _copy(
            "othersum",
            "provider_id contract_no funding pays ground amount statement at by_id closing_id",
        ),
    ),
    "debt: another contract": (_one("debt", "contract_no = 'K-1'"),),
    "debt: funding": (_one("debt", "funding = 'other'"),),
    "debt: amount": (_one("debt", "amount = amount - 1"),),
    "debt: returned, not netted": (_one("debt", "way = 'return'"),),
    "debt: term": ("UPDATE acts_debt SET due_on = '2027-01-01' WHERE way = 'return'",),
    "debt: notice": ("UPDATE acts_debt SET told_on = '2026-01-01' WHERE way = 'return'",),
    "debt: gone with what was taken of it": (
        f"DELETE FROM acts_debttaken WHERE debt_id = {ONE['debt']}",
        _without("debt"),
    ),
    "taken: amount": (_one("debttaken", "amount = amount - 1"),),
    "taken: another debt": (_one("debttaken", "debt_id = (SELECT max(id) FROM acts_debt)"),),
    "taken: another act": (_one("debttaken", "act_id = {open}"),),
    "taken: funding": (_one("debttaken", "funding = 'other'"),),
    "taken: how": ("UPDATE acts_debttaken SET how = 'withdrawn' WHERE how = 'returned'",),
    "taken: deleted": (_without("debttaken"),),
    "taken: one more": (_copy("debttaken", "debt_id act_id how funding amount"),),
    "advance: amount": (_one("advance", "amount = amount + 1"),),
    "advance: first month": (_one("advance", "first_month = '2026-06'"),),
    "advance: kind": (_one("advance", "kind = 'december'"),),
    "advance: contract": (_one("advance", "contract_no = 'K-2'"),),
    "advance: funding": (_one("advance", "funding = 'osms'"),),
    "kept: amount": (_one("advancekept", "amount = amount - 1"),),
    "kept: due": (_one("advancekept", "due = due + 1"),),
    "kept: a refund that was none": (
        _copy("advancekept", "advance_id act_id funding due amount", "act_id=NULL"),
    ),
    "kept: deleted": (_without("advancekept"),),
    "contract's sum: amount": (_one("contractsum", "amount = amount + 100"),),
    "contract's sum: year": (_one("contractsum", "year = '2027'"),),
    "contract's sum: deleted": (_without("contractsum"),),
    "order: account": (
        f"UPDATE treasury_order SET iban = 'KZ869998888877776666' WHERE id = {_MADE}",
    ),
    "order: bank": (f"UPDATE treasury_order SET bic = 'OTHERKZK' WHERE id = {_MADE}",),
    "order: amount": (f"UPDATE treasury_order SET amount = amount + 100 WHERE id = {_MADE}",),
    "order: bank day": (f"UPDATE treasury_order SET bank_day = '2026-12-01' WHERE id = {_MADE}",),
    "order: paid though it is not": (
        f"UPDATE treasury_order SET state = 'paid' WHERE id = {_MADE}",
    ),
    "order: not paid any more": (f"UPDATE treasury_order SET state = 'made' WHERE id = {_PAID}",),
    "order: returned though it is not": (
        f"UPDATE treasury_order SET state = 'returned' WHERE id = {_MADE}",
    ),
    "order: returned one lives again": (
        f"UPDATE treasury_order SET state = 'made' WHERE id = {_BACK}",
    ),
    "order: paid again after its return, postings gone": (
        f"UPDATE treasury_order SET state = 'made' WHERE id = {_PAID}",
        f"DELETE FROM ledger_posting WHERE cause = 'order:' || {_PAID}",
    ),
    "order: provider": (
        f"UPDATE treasury_order SET provider_id = provider_id + 2 WHERE id = {_MADE}",
    ),
    "order: funding": (f"UPDATE treasury_order SET funding = 'other' WHERE id = {_MADE}",),
    "order: repeats nothing": ("UPDATE treasury_order SET repeats_id = NULL",),
    "order: deleted": (_without("order", _MADE),),
    "order: one more, returned at once": (_copy("order", _ORDER, "state='returned'"),),
    "order: another file": (
        "UPDATE treasury_order SET file_id = (SELECT min(id) FROM treasury_bankfile) "
        f"WHERE id = {_PAID}",
    ),
    "order: sent though it is not": (
        "UPDATE treasury_order SET state = 'sent', file_id = (SELECT min(id) FROM "
        f"treasury_bankfile) WHERE id = {_MADE}",
    ),
    "bank file: its hash": (_one("bankfile", "sha256 = 'x'"),),
    "bank file: its day": (_one("bankfile", "bank_day = '2026-12-01'"),),
    "bank file: its bytes": (_one("bankfile", "content = CAST('other' AS {blob})"),),
    "bank file: deleted": ("UPDATE treasury_order SET file_id = NULL", _without("bankfile")),
    "proposed: amount": (_one("proposedsum", "amount = amount + 1"),),
    "proposed: accepted though declined": (_one("proposedsum", f"other_id = {ONE['othersum']}"),),
    "proposed: waits again": (_one("proposedsum", "decided_by_id = NULL, decided_at = NULL"),),
    "proposed: deleted": (_without("proposedsum"),),
    "penalty's case: another": (
        _one("penaltyfinding", "case_id = (SELECT min(id) FROM disputes_case)"),
    ),
    "penalty's case: under another sum": (
        _one("penaltyfinding", "proposed_id = (SELECT max(id) FROM acts_proposedsum)"),
    ),
    "penalty's case: deleted": (_without("penaltyfinding"),),
    "penalty's case: set free": (
        "UPDATE acts_penaltyfinding SET declined = TRUE WHERE id = "
        "(SELECT max(id) FROM acts_penaltyfinding)",
    ),
    "penalty's case: waits though declined": (_one("penaltyfinding", "declined = FALSE"),),
    "penalty's case: one more": (
        _copy(
            "penaltyfinding",
            "case_id other_id proposed_id declined",
            "case_id=(SELECT min(id) FROM disputes_case)",
        ),
    ),
    "closing: the lake's part": (_one("closing", "settled = 'x'"),),
    "closing: day": (_one("closing", "closed_on = '2026-01-01'"),),
    "closing: by": (_one("closing", "by = 'somebody'"),),
    "closing: month": (_one("closing", "month = '2025-01'"),),
    "mark: digest": (_one("mark", "digest = 'x'"),),
    "mark: the last deleted": (_without("mark", "(SELECT max(id) FROM ledger_mark)"),),
    "mark: a younger one for a changed order": (
        f"UPDATE treasury_order SET iban = 'KZ869998888877776666' WHERE id = {_MADE}",
        _copy("mark", "subject row layout digest"),
    ),
    "seal: digest": ("UPDATE ledger_seal SET digest = 'x' WHERE number = 5",),
    "seal: the last deleted": (
        "DELETE FROM ledger_seal WHERE number = (SELECT max(number) FROM ledger_seal)",
    ),
    "seal: one in the middle deleted": ("DELETE FROM ledger_seal WHERE number = 7",),
    "seal: all gone": ("DELETE FROM ledger_seal",),
    "seal: all gone, head at its beginning": (
        "DELETE FROM ledger_seal",
        "UPDATE ledger_ledgerhead SET seals = 0, seal_hash = '', told_in = 0",
    ),
    "head: an older one": ("UPDATE ledger_ledgerhead SET seals = seals - 1",),
    "head: told in another entry": ("UPDATE ledger_ledgerhead SET told_in = told_in - 1",),
    "head: entries numbered from the beginning": ("UPDATE ledger_ledgerhead SET number = 0",),
    "head: entries numbered from elsewhere": (
        "UPDATE ledger_ledgerhead SET number = number + 1000",
    ),
    "head: gone": ("DELETE FROM ledger_ledgerhead",),
    "seal: a layout that no room has": ("UPDATE ledger_seal SET layout = 7 WHERE number = 5",),
    "seal: a layout before the first": ("UPDATE ledger_seal SET layout = -2 WHERE number = 5",),
    "mark: a layout that no room has": (_one("mark", "layout = 7"),),
    "mark: a layout before the first": (_one("mark", "layout = -2"),),
}

_LATE = "(SELECT id FROM acts_othersum WHERE ground = 'recalculation')"
_LATE_CAUSE = f"cause = 'other:' || {_LATE}"
# The same of one recalculation for a list loaded late, an owed one: what no seal need show, the
# lake's part shows.
LATE: dict[str, tuple[str, ...]] = {
    "recalculation: less, with debt and posting": (
        f"UPDATE ledger_posting SET amount = amount - 100 WHERE {_LATE_CAUSE}",
        f"UPDATE acts_debt SET amount = amount - 100 WHERE other_id = {_LATE}",
        "UPDATE acts_othersum SET amount = amount - 100 WHERE ground = 'recalculation'",
    ),
    "recalculation: another contract, with debt and posting": (
        f"UPDATE ledger_posting SET contract_no = 'K-2' WHERE {_LATE_CAUSE}",
        f"UPDATE acts_debt SET contract_no = 'K-2' WHERE other_id = {_LATE}",
        "UPDATE acts_othersum SET contract_no = 'K-2' WHERE ground = 'recalculation'",
    ),
    "recalculation: gone, with debt and posting": (
        f"DELETE FROM ledger_posting WHERE {_LATE_CAUSE}",
        f"DELETE FROM acts_debt WHERE other_id = {_LATE}",
        "DELETE FROM acts_othersum WHERE ground = 'recalculation'",
    ),
    "recalculation: another closing": (
        "UPDATE acts_othersum SET closing_id = (SELECT min(id) FROM acts_closing)"
        " WHERE ground = 'recalculation'",
    ),
    "recalculation: another ground": (
        "UPDATE acts_othersum SET ground = 'court' WHERE ground = 'recalculation'",
    ),
}
