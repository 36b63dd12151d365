"""What of the rows of acts the ledger seals, marks and guards."""

from __future__ import annotations

from qor.workflow.guards import Fixed
from qor.workflow.ledger.covering import Covered, Part

_COLUMNS = {
    "acts_closing": "id month closed_on at by settled",
    "acts_act": (
        "id closing_id provider_id contract_no claimed released other_payments returned held "
        "disallowed beyond other_deductions accepted advance_due advance_kept to_pay state "
        "version entered_on due_on overdue_since signed_on pay_by"
    ),
    "acts_actstep": ("id act_id at by_id event from_state to_state version statement"),
    "acts_actline": (
        "id act_id care_form funding service_month kind services claimed released returned held "
        "disallowed beyond accepted sanction"
    ),
    "acts_heldservice": (
        "id provider_id service_id contract_no care_form funding service_month ended_on amount "
        "short_death unscaled held_by_id reopens_id released_by_id"
    ),
    "acts_deduction": (
        "id act_id contract_no provider_id service_id care_form funding service_month case_id "
        "reason ended_on unscaled disallowed taken_back sanction taken_on"
    ),
    "acts_othersum": (
        "id provider_id contract_no funding pays ground amount statement found_on deduction_id at "
        "by_id act_id closing_id"
    ),
    "acts_debt": (
        "id provider_id contract_no funding amount way found_on due_on tell_by told_on late_since "
        "deduction_id act_id other_id"
    ),
    "acts_debttaken": "id debt_id act_id how funding amount deduction_id",
    "acts_advance": ("id provider_id contract_no funding kind amount first_month at by_id"),
    "acts_advancekept": "id advance_id act_id funding due amount",
    "acts_contractsum": "id closing_id contract_no year amount",
    "acts_proposedsum": (
        "id provider_id contract_no funding pays ground amount statement found_on at by_id "
        "decided_at decided_by_id other_id"
    ),
    "acts_penaltyfinding": "id case_id other_id proposed_id declined",
    "acts_coexecution": (
        "id act_id subcontract_bin co_contract_no care_form services accepted share most due above"
    ),
    "acts_unready": (
        "id closing_id provider_id contract_no care_form funding service_month kind what services "
        "amount"
    ),
}
COVERED = Covered(
    app="acts",
    layouts=(_COLUMNS,),
    sealed=(
        "closing",
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
        "coexecution",
        "unready",
        "penaltyfinding",
    ),
    marked={
        "act": (
            Part("act"),
            Part("actline", "act_id"),
            Part("deduction", "act_id"),
            Part("othersum", "act_id"),
            Part("debttaken", "act_id"),
            Part("advancekept", "act_id"),
            Part("heldservice", "held_by_id", "reopens_id IS NULL"),
            Part("heldservice", "released_by_id"),
        ),
        "debt": (Part("debt"),),
        "proposedsum": (Part("proposedsum"),),
    },
    settled_later={
        "acts_heldservice": frozenset({"released_by_id"}),
        "acts_othersum": frozenset({"act_id"}),
        "acts_debt": frozenset({"due_on", "late_since", "tell_by", "told_on"}),
        # It follows from the marked sum: `penalties_are_for_their_cases` proves it.
        "acts_penaltyfinding": frozenset({"declined"}),
    },
    changing={
        "acts_closing": (
            Fixed(("id", "month", "closed_on", "at", "by")),
            Fixed(("settled",), "OLD.settled <> ''"),
        ),
        "acts_act": (
            Fixed(
                (
                    "id",
                    "closing_id",
                    "provider_id",
                    "contract_no",
                    "claimed",
                    "released",
                    "returned",
                    "held",
                    "disallowed",
                    "beyond",
                )
            ),
            Fixed(
                (
                    "other_payments",
                    "other_deductions",
                    "accepted",
                    "advance_due",
                    "advance_kept",
                    "to_pay",
                    "version",
                    "state",
                    "signed_on",
                    "pay_by",
                    "due_on",
                ),
                "OLD.state = 'signed'",
            ),
        ),
        "acts_proposedsum": (
            Fixed(
                (
                    "id",
                    "provider_id",
                    "contract_no",
                    "funding",
                    "pays",
                    "ground",
                    "amount",
                    "statement",
                    "found_on",
                    "at",
                    "by_id",
                )
            ),
            Fixed(("decided_at", "decided_by_id", "other_id"), "OLD.decided_by_id IS NOT NULL"),
        ),
        "acts_penaltyfinding": (
            Fixed(("id", "case_id", "other_id", "proposed_id")),
            Fixed(("declined",), "OLD.declined"),
        ),
    },
    once={"acts_othersum": "act_id", "acts_heldservice": "released_by_id"},
)
