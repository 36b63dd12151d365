"""A small Fund in which each kind of thing that the journal tells of was done."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.db import transaction
from tests.workflow.people import World, an_act, at

from qor.workflow.accounts.models import Absence, Token
from qor.workflow.audit.journal import record, record_apart
from qor.workflow.audit.models import Entry
from qor.workflow.audit.outside import publish
from qor.workflow.disputes.actions import add_remark, apply_event
from qor.workflow.disputes.files import Received
from qor.workflow.disputes.models import Attachment, Case
from qor.workflow.disputes.outages import declare_outage
from qor.workflow.disputes.requests import ask_for_documents
from qor.workflow.treasury.models import Order

MONDAY = date(2026, 3, 2)


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
        self.last = Entry.objects.latest("number").number

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
            acts = [an_act(self.world, region, "signed") for region in ("71", "75")]
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
                for each in acts
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
