"""The demo's people: an organisation for every provider and branch, one login for each role."""

from __future__ import annotations

from django.db import transaction

from qor.engine.results.services import provider_names
from qor.engine.storage.lake import Lake
from qor.interfaces.clock import now
from qor.law.nouns.regions import region_title
from qor.law.pages import LANGUAGES
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.audit.journal import record

# printed on the screen; the demo listens on this machine only
PASSWORD = "qor-demo-2026"  # noqa: S105
_EXPERTS = 2


def populate(lake: Lake) -> dict[str, str]:
    """Organisations of the lake's providers, a branch with experts in each region, head office;
    role -> the login to try it with."""
    providers = provider_names(lake)
    with transaction.atomic():
        organisations = [
            Organisation.objects.create(
                kind=Organisation.Kind.PROVIDER,
                bin=p["bin"],
                region=p["region"],
                **{f"name_{n}": p[f"name_{n}"] or p["bin"] for n in LANGUAGES},
            )
            for p in providers
        ]
        branches = {region: _branch(region) for region in sorted({p["region"] for p in providers})}
        names = {
            "name_kk": "Қор, орталық аппарат",
            "name_ru": "Фонд, центральный аппарат",
            "name_en": "Fund, head office",
        }
        office = Organisation.objects.create(kind=Organisation.Kind.HEAD_OFFICE, **names)
        template = User(username="x")
        template.set_password(PASSWORD)
        for region, branch in branches.items():
            for n in range(1, _EXPERTS + 1):
                _user(f"expert-{region}-{n}", "expert", branch, template.password)
            _user(f"accountant-{region}", "accountant", branch, template.password)
        for organisation in organisations:
            _user(f"provider-{organisation.bin}", "provider", organisation, template.password)
        for name in ("head_office", "accountant", "administrator", "auditor"):
            _user(name.replace("_", "-"), name, office, template.password)
        record(
            by="demo",
            at=now(),
            verb="populate",
            subject="fund",
            facts={"organisations": len(organisations)},
        )
    first = organisations[0]
    return {
        "provider": f"provider-{first.bin}",
        "expert": f"expert-{first.region}-1",
        "accountant": f"accountant-{first.region}",
        "head_office": "head-office",
        "administrator": "administrator",
        "auditor": "auditor",
    }


def _branch(region: str) -> Organisation:
    words = {"kk": "филиалы", "ru": "филиал", "en": "branch"}
    names = {f"name_{n}": f"{region_title(region, n)}: {words[n]}" for n in LANGUAGES}
    return Organisation.objects.create(kind=Organisation.Kind.BRANCH, region=region, **names)


def _user(name: str, role: str, organisation: Organisation, password: str) -> None:
    User.objects.create(username=name, role=role, organisation=organisation, password=password)
