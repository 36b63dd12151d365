"""States and outcomes of disputes and acts by name, as the machines of law tell them.

The machines (`law/kz/machines`) own what a state means, who acts in it and what follows; here are
the names that queries ask by. A test holds that both name the same.
"""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """The final word on a case; an open one has none."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    NONE = "none"


class Route(StrEnum):
    """The way of a dispute: the machine that a case goes by."""

    OBJECTION = "objection"
    LETHAL = "lethal"
    CODE_11 = "code_11"
    GENERAL = "general"
    LOOK = "look"


class CaseState(StrEnum):
    """States of cases that are asked for by name."""

    DETECTED = "detected"
    HQ_REVIEW = "hq_review"


class ActState(StrEnum):
    """Where the documents of an act are (291/2020:20)."""

    PROTOCOL_SENT = "protocol_sent"
    REFUSED = "refused"
    ACT_MADE = "act_made"
    SIGNED_ONCE = "signed_once"
    SIGNED = "signed"
