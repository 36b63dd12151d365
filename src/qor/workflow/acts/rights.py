"""Whose the money of a region is: head office's people everywhere, a branch's in its own region."""

from __future__ import annotations

from qor.law.nouns.refusals import Refusal
from qor.workflow.accounts.models import Organisation, User


class NoSuchContract(Refusal):
    """The provider has no contract of that number: no act of it, no line in force in the table of
    contracts."""

    key = "no_such_contract"


class SamePerson(Refusal):
    """Who enters a sum neither confirms it nor countersigns the act that takes it: a second person
    does."""

    key = "same_person"


def covers(user: User, region: str) -> bool:
    """Whether a user's office is the region's branch, or head office."""
    office = user.organisation
    return office is not None and (
        office.kind == Organisation.Kind.HEAD_OFFICE or office.region == region
    )


def pays(user: User) -> bool:
    """Whether the user is an accountant of head office: they alone pay."""
    office = user.organisation
    return (
        user.role == User.Role.ACCOUNTANT
        and office is not None
        and office.kind == Organisation.Kind.HEAD_OFFICE
    )
