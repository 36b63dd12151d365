"""The pages of acts: bounded questions to the database, whatever the month; what each side sees of
the money."""

from collections.abc import Callable
from decimal import Decimal

from django.test import Client
from tests.workflow.people import World, an_act

from qor.workflow.accounts.models import User
from qor.workflow.acts.models import Act, ActLine

SignIn = Callable[[User], Client]
MANY = 150


def test_a_list_of_many_acts(
    world: World, signed_in: SignIn, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    """A hundred a page, in as many questions as for one."""
    first = an_act(world, claimed=Decimal("1000.00"))
    fields = {
        f.attname: getattr(first, f.attname)
        for f in Act._meta.concrete_fields
        if f.attname not in {"id", "contract_no"}
    }
    Act.objects.bulk_create([Act(contract_no=f"N-{n}", **fields) for n in range(MANY)])
    for user in (world.accountants["71"], world.providers["71"], world.office):
        client = signed_in(user)
        with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
            page = client.get("/acts/").content.decode()
        assert page.count("/acts/") > MANY // 2


def test_an_act_of_many_lines(
    world: World, signed_in: SignIn, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    """Every line on the page, in a bounded number of questions."""
    act = an_act(world, claimed=Decimal("1000.00"))
    nothing = dict.fromkeys(
        ("claimed", "released", "returned", "held", "disallowed", "beyond", "accepted", "sanction"),
        0,
    )
    ActLine.objects.bulk_create(
        [
            ActLine(
                act=act,
                care_form="blood",
                funding="tmkkk",
                service_month=f"20{n:02d}-01",
                services=1,
                **nothing,
            )
            for n in range(90)
        ]
    )
    client = signed_in(world.accountants["71"])
    with django_assert_max_num_queries(24):  # type: ignore[attr-defined]
        page = client.get(f"/acts/{act.pk}/").content.decode()
    assert page.count("/services/?form=") == 91
