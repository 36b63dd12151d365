"""Which columns of each money table a seal or a mark covers: data, one layout after another.

A seal names the layout it was made by, so that a column which comes later leaves older seals as
they are: whoever adds one appends a layout (a test asks for it). `SETTLED_LATER` are columns that
change after the row was written; what they come to stands in the mark of the act that took the
row in, or in the row's own mark.
"""

from __future__ import annotations

_FIRST: dict[str, str] = {
    "payments_closing": "id month closed_on at by settled",
    "payments_act": (
        "id closing_id provider_id contract_no claimed released other_payments returned held"
        " disallowed beyond other_deductions accepted advance_due advance_kept to_pay state"
        " version entered_on due_on overdue_since signed_on pay_by"
    ),
    "payments_actstep": "id act_id at by_id event from_state to_state version statement",
    "payments_actline": (
        "id act_id care_form funding service_month services claimed released returned held"
        " disallowed beyond accepted sanction"
    ),
    "payments_heldservice": (
        "id provider_id service_id contract_no care_form funding service_month ended_on amount"
        " short_death held_by_id reopens_id released_by_id"
    ),
    "payments_deduction": (
        "id act_id contract_no provider_id service_id care_form funding service_month case_id"
        " reason ended_on disallowed taken_back sanction taken_on"
    ),
    "payments_othersum": (
        "id provider_id contract_no funding pays ground amount statement found_on "
        "deduction_id at by_id act_id"
    ),
    "payments_debt": (
        "id provider_id contract_no funding amount way found_on due_on tell_by told_on late_since"
        " deduction_id act_id other_id"
    ),
    "payments_debttaken": "id debt_id act_id how funding amount deduction_id",
    "payments_advance": "id provider_id contract_no funding kind amount first_month at by_id",
    "payments_advancekept": "id advance_id act_id funding due amount",
    "payments_contractsum": "id closing_id contract_no year amount",
    "payments_order": (
        "id act_id advance_id provider_id contract_no funding amount bank_day iban bic "
        "state repeats_id file_id"
    ),
    "payments_bankfile": "id sha256 kind bank_day number at by",
    "payments_proposedsum": (
        "id provider_id contract_no funding pays ground amount statement found_on at "
        "by_id decided_at"
        " decided_by_id other_id"
    ),
    "payments_posting": (
        "id entry debit credit provider_id contract_no funding act_id amount cause at"
    ),
    "payments_mark": "id subject row layout digest",
}
# Lines by kind, what the linear scale leaves alone, co-executors, and what a closing could not pay.
_SECOND: dict[str, str] = _FIRST | {
    "payments_actline": (
        "id act_id care_form funding service_month kind services claimed released returned held"
        " disallowed beyond accepted sanction"
    ),
    "payments_heldservice": (
        "id provider_id service_id contract_no care_form funding service_month ended_on amount"
        " short_death unscaled held_by_id reopens_id released_by_id"
    ),
    "payments_deduction": (
        "id act_id contract_no provider_id service_id care_form funding service_month case_id"
        " reason ended_on unscaled disallowed taken_back sanction taken_on"
    ),
    "payments_coexecution": (
        "id act_id subcontract_bin co_contract_no care_form services accepted share most due above"
    ),
    "payments_unready": (
        "id closing_id provider_id contract_no care_form funding service_month kind what "
        "services amount"
    ),
}
LAYOUTS: tuple[dict[str, str], ...] = (_FIRST, _SECOND)
SETTLED_LATER: dict[str, frozenset[str]] = {
    "payments_heldservice": frozenset({"released_by_id"}),
    "payments_othersum": frozenset({"act_id"}),
    "payments_debt": frozenset({"due_on", "tell_by", "told_on", "late_since"}),
}


def newest() -> int:
    """The number of the layout by which rows are sealed now."""
    return len(LAYOUTS) - 1


def columns_of(table: str, layout: int) -> tuple[str, ...]:
    """The columns of a table that stay as they were written, by a layout; the row's number
    first."""
    later = SETTLED_LATER.get(table, frozenset())
    return tuple(column for column in whole_of(table, layout) if column not in later)


def whole_of(table: str, layout: int) -> tuple[str, ...]:
    """All columns of a table by a layout, the row's number first."""
    return tuple(LAYOUTS[layout][table].split())
