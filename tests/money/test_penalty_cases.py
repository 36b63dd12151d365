"""A penalty for work without a licence is for named cases, each case under one penalty
(321/2020:10 ¶3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from tests.money.test_unlicensed import lake
from tests.workflow.people import World, an_act, at

from qor.engine.storage.lake import Lake
from qor.interfaces import messages
from qor.law.nouns.refusals import BadValue
from qor.law.reading.figures import figure
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.models import Debt, OtherSum, PenaltyFinding, ProposedSum
from qor.workflow.acts.other_sums import Other, enter_other
from qor.workflow.acts.penalties import ProposedPenalty, proposed_penalties
from qor.workflow.acts.penalty_cases import CaseWithoutPenalty
from qor.workflow.acts.second_person import decide_sum
from qor.workflow.audit.models import Entry
from qor.workflow.disputes.actions import apply_event
from qor.workflow.disputes.models import Case
from qor.workflow.proof import verify

__all__ = ["lake"]  # the licence of P1 ended on 12 March; K-1 has services a1 to a4, K-2 has a5
APRIL = at(date(2026, 4, 6))
SUM = Decimal("100000.01")
LARGE = figure("second_person_sum", date(2026, 4, 6)).value + Decimal("0.01")


def case(service: str) -> Case:
    """The case of a service without a licence."""
    return Case.objects.get(service_id=service, check_slug="unlicensed-work")


def penalty(
    *services: str, amount: Decimal = SUM, ground: str = "penalty", contract: str = "K-1"
) -> Other:
    """A penalty under K-1 for the cases of some services; of none where none is named."""
    return Other(
        case("a3").provider,
        contract,
        False,
        OtherSum.Ground(ground),
        amount,
        "321/2020:10",
        "tmkkk",
        cases=tuple(case(service).pk for service in services),
    )


def enter(other: Other, world: World, lake: Lake) -> OtherSum | ProposedSum:
    """Entered by head office."""
    return enter_other(other, by=world.office, at=APRIL, lake=lake)


def one_more(service: str) -> Case:
    """A later run finds one more service of K-1 without a licence."""
    later = case("a3")
    later.pk, later.service_id = None, service
    later._state.adding = True
    later.save()
    return later


def on_list(lake: Lake, contract: str = "K-1") -> ProposedPenalty:
    """What the list says of a contract."""
    lines = proposed_penalties(lake, Organisation.objects.filter(kind="provider"))
    return next(line for line in lines if line.contract_no == contract)


def clear(service: str) -> None:
    """The branch finds no defect."""
    apply_event(
        case(service).pk,
        "find_no_defect",
        by=case(service).assigned_to,
        at=APRIL,
        statement="the licence was shown",
    )


def broken() -> list[str]:
    """The rules of the money that do not hold."""
    return [proof.name for proof in verify() if proof.broken]


def test_a_later_finding_opens_a_proposal(lake: Lake, world: World) -> None:
    """321/2020:10 ¶3: what is found after a penalty was entered is proposed anew, by itself; the
    cases of the first stand with it."""
    first = tuple(sorted(case(service).pk for service in ("a3", "a4")))
    everything = Other(
        case("a3").provider, "K-1", False, OtherSum.Ground.PENALTY, SUM, "321/2020:10", "tmkkk"
    )
    enter(everything, world, lake)
    line = on_list(lake)
    assert line.entered and (line.cases, line.penalty) == ((), None)
    newer = one_more("a1")
    line = on_list(lake)
    assert not line.entered and (line.cases, line.penalty) == ((newer.pk,), SUM)
    (entered,) = line.penalties
    assert (entered.cases, entered.amount, entered.waits, entered.cleared) == (
        first,
        SUM,
        False,
        (),
    )
    assert Entry.objects.get(verb="enter_other").facts["cases"] == list(first)
    assert broken() == []


def test_a_penalty_for_another_reason_hides_nothing(lake: Lake, world: World) -> None:
    """321/2020:10 ¶2: a penalty for a breach of another kind is for no case."""
    enter(penalty(), world, lake)
    line = on_list(lake)
    assert not line.entered and (line.services, line.penalties) == (2, ())
    assert "cases" not in Entry.objects.get(verb="enter_other").facts


def test_each_case_is_under_one_penalty(lake: Lake, world: World) -> None:
    """The cases that are named, and no other: one under a penalty, one of another contract, one
    that was cleared are refused, and nothing is entered."""
    enter(penalty("a3"), world, lake)
    assert on_list(lake).cases == (case("a4").pk,)
    clear("a4")
    again = one_more("a1")
    for services in (("a3",), ("a5",), ("a4",), ("a1", "a3")):
        with pytest.raises(CaseWithoutPenalty) as refused:
            enter(penalty(*services), world, lake)
        assert refused.value.facts["open"] == str(again.pk)
    with pytest.raises(BadValue):
        enter(penalty("a1", ground="court"), world, lake)
    assert OtherSum.objects.count() == PenaltyFinding.objects.count() == 1


def test_the_database_keeps_it(lake: Lake, world: World) -> None:
    """Two penalties for one case, a tie that is changed or gone: refused by the database itself."""
    entered = enter(penalty("a3"), world, lake)
    with pytest.raises(IntegrityError), transaction.atomic():
        PenaltyFinding.objects.create(case=case("a3"), other_id=entered.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        PenaltyFinding.objects.create(case=case("a4"))
    for change in (
        lambda ties: ties.update(case=case("a4")),
        lambda ties: ties.update(declined=True),
        lambda ties: ties.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(PenaltyFinding.objects.all())


def test_a_declined_penalty_frees_its_cases(lake: Lake, world: World) -> None:
    """291/2020:19: above the limit the cases wait with the sum; declined, they are open again;
    accepted, they stay."""
    waits = enter(penalty("a3", "a4", amount=LARGE), world, lake)
    line, both = on_list(lake), [case("a3").pk, case("a4").pk]
    assert isinstance(waits, ProposedSum) and line.entered
    assert [(p.number, p.waits, list(p.cases)) for p in line.penalties] == [(waits.pk, True, both)]
    with pytest.raises(CaseWithoutPenalty):
        enter(penalty("a3", amount=LARGE), world, lake)
    decide_sum(waits.pk, False, by=world.payer, at=APRIL)
    line = on_list(lake)
    assert (list(line.cases), line.penalties) == (both, ())
    assert Entry.objects.get(verb="decline_sum").facts["cases"] == both
    assert broken() == []
    again = enter(penalty("a3", amount=LARGE), world, lake)
    entered = decide_sum(again.pk, True, by=world.payer, at=APRIL)
    assert entered is not None
    line = on_list(lake)
    assert line.cases == (both[1],)
    assert [(p.number, p.waits, list(p.cases)) for p in line.penalties] == [
        (entered.pk, False, both[:1])
    ]
    assert broken() == []


def test_a_case_cleared_later_is_named_and_nothing_is_taken_back(lake: Lake, world: World) -> None:
    """321/2020:10 ¶3: the list names it to a person, who decides; sum and debt stand."""
    enter(penalty("a3", "a4"), world, lake)
    clear("a4")
    (entered,) = on_list(lake).penalties
    assert entered.cleared == (case("a4").pk,) and len(entered.cases) == 2
    assert Debt.objects.get().amount == OtherSum.objects.get().amount == SUM


def test_a_tie_to_another_case_is_found(lake: Lake, world: World) -> None:
    """A tie that an action wrote for a case of another check breaks a rule of the proof."""
    other = world.case(on=date(2026, 4, 2))
    entered = enter(penalty("a3"), world, lake)
    with transaction.atomic():
        PenaltyFinding.objects.create(case=other, other_id=entered.pk)
    assert "penalties_are_for_their_cases" in broken()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_names_the_cases(
    language: str, lake: Lake, world: World, settings: object
) -> None:
    """The act offers the open cases of its contract, all marked; what stays marked is under the
    penalty; the list and the second person's page name the cases, and one that was cleared."""
    settings.QOR_LAKE = str(lake.root)  # type: ignore[attr-defined]
    settings.QOR_SECOND_FACTOR = False  # type: ignore[attr-defined]
    User.objects.update(language=language)
    region = case("a3").provider.region
    act = an_act(world, region, contract="K-1", claimed=Decimal(1000))
    client = signed_in(world.office)
    shown = " ".join(client.get(f"/acts/{act.pk}/").content.decode().split())
    for service, times in (("a3", 1), ("a4", 1), ("a5", 0)):
        box = f'name="case" value="{case(service).pk}" checked'
        assert shown.count(box) == times
    sent = {"pays": "no", "ground": "penalty", "amount": str(SUM), "statement": "321/2020:10"}
    client.post(f"/acts/{act.pk}/other/", sent | {"case": [case("a3").pk], "funding": "tmkkk"})
    assert [tie.case_id for tie in PenaltyFinding.objects.all()] == [case("a3").pk]
    clear("a3")
    client.post(f"/acts/{act.pk}/other/", sent | {"amount": str(LARGE), "case": case("a4").pk})
    clear("a4")
    sentence = messages.text("portal.penalty_cleared", language)
    for address in ("/contracts/", "/sums/"):
        page = " ".join(client.get(address).content.decode().split())
        assert f"№ {case('a4').pk}" in page and f"{sentence}: № {case('a4').pk}" in page
    assert f"{sentence}: № {case('a3').pk}" in " ".join(
        client.get("/contracts/").content.decode().split()
    )


def test_a_payment_with_marked_cases_is_for_none(
    lake: Lake, world: World, settings: object
) -> None:
    """The marks of the form count for a penalty alone."""
    settings.QOR_LAKE = str(lake.root)  # type: ignore[attr-defined]
    settings.QOR_SECOND_FACTOR = False  # type: ignore[attr-defined]
    act = an_act(world, region=case("a3").provider.region, claimed=Decimal(1000))
    sent = {"statement": "by the court", "amount": "10.00", "case": case("a3").pk}
    client = signed_in(world.office)
    for pays, ground in (("yes", "penalty"), ("no", "court")):
        client.post(f"/acts/{act.pk}/other/", sent | {"pays": pays, "ground": ground})
    assert OtherSum.objects.count() == 2 and not PenaltyFinding.objects.exists()


def signed_in(user: User) -> Client:
    """A browser of the user."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
