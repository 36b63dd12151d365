"""Providers that the Fund's list of providers holds and the portal does not know yet: entered when
a month first names them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from qor.engine.results.services import provider_names
from qor.engine.storage.lake import Lake
from qor.law.nouns.refusals import Refusal
from qor.law.pages import LANGUAGES
from qor.workflow.accounts.models import Organisation
from qor.workflow.audit.journal import record

_BIN_DIGITS = 12


class ProviderNotRegistered(Refusal):
    """A provider stands neither among the organisations nor in the list of providers."""

    key = "provider_not_registered"


def enter_providers(
    lake: Lake, bins: Collection[str], *, by: str, at: datetime
) -> dict[str, Organisation]:
    """All providers by BIN, after those of `bins` that had no organisation were entered from the
    lake's list; each is an entry of the journal.

    So that a new provider stops no month of all others; its users are invited later. One that no
    list holds is entered under its number, without a region: head office sees it.
    ProviderNotRegistered where the number cannot be a provider's.
    """
    known = {
        str(each.bin): each for each in Organisation.objects.filter(kind=Organisation.Kind.PROVIDER)
    }
    missing = sorted(set(bins) - set(known))
    if not missing:
        return known
    facts = {row["bin"]: row for row in provider_names(lake)}
    for bin_ in missing:
        if not (bin_.isascii() and bin_.isdigit() and len(bin_) == _BIN_DIGITS):
            raise ProviderNotRegistered(bin=bin_)
        stated = facts.get(bin_, {})
        names = {f"name_{n}": stated.get(f"name_{n}") or bin_ for n in LANGUAGES}
        region = stated.get("region") or ""
        known[bin_] = Organisation.objects.create(
            kind=Organisation.Kind.PROVIDER, bin=bin_, region=region, **names
        )
        entered = {"bin": bin_, "region": region, "listed": bin_ in facts} | names
        record(
            by=by,
            at=at,
            verb="enter_provider",
            subject=f"organisation:{known[bin_].pk}",
            facts=entered,
        )
    return known
