"""A provider's registers: trying one before it is signed, handing it in, what was rejected,
signing, and the status of each service."""

from __future__ import annotations

import json
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages as flash
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from qor.engine.intake.receive import Delivery, receive
from qor.engine.intake.rehearse import Rehearsal, rehearse
from qor.engine.monitoring.rehearsal import try_register
from qor.engine.results.services import registers_of, rejected_of, statuses_of
from qor.engine.storage.duck import connect
from qor.engine.storage.lake import Lake
from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.documents.workbook import CONTENT_TYPE, workbook
from qor.interfaces.web.features.intake.forms import RegisterFile, Signature
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.forms import Form
from qor.interfaces.web.kernel.service_payments import Paid, paid_by_itself, payments_of
from qor.interfaces.web.kernel.table import Column, Kind, Listing, Table, download, money, screen
from qor.interfaces.web.kernel.uploads import check_rows, on_disk, time_limit
from qor.law.nouns.months import Month, month
from qor.law.nouns.refusals import BadValue, Refusal
from qor.law.nouns.states import Outcome, Route
from qor.law.reading.machines import state
from qor.workflow.audit.journal import record_apart
from qor.workflow.audit.lake_commits import enter_commits
from qor.workflow.disputes.actions import civil_day
from qor.workflow.disputes.models import Case

_FIRST = 200  # of a trial, which leaves nothing to turn pages in: the page says of how many
_STATUS = {"": "held", "confirmed": "confirmed", "rejected": "payable", "none": "payable"}


class OthersRows(Refusal):
    """The file names another provider: each hands in its own services."""

    key = "others_rows"


def _why(row: Any, lang: str) -> str:
    return messages.text(f"rows.{row['reason']}", lang)


REGISTERS = Table(
    "registers",
    "portal.handed_in",
    (
        Column("register_no", "portal.register"),
        Column("month", "terms.month", Kind.ENUMERATION),
        Column("n", "terms.services", Kind.NUMBER, summed=True),
        money("amount", summed=True),
        Column("signed_at", "portal.signed", cell="register_signed.html"),
        Column("status", "terms.status", Kind.ACTION, cell="register_statuses.html"),
    ),
    order=(),
    page="registers",
)
REJECTED = Table(
    "rejected",
    "terms.unread_rows",
    (
        Column("file", "portal.register_file"),
        Column("line", "terms.line", Kind.NUMBER),
        Column("column", "terms.column", field="column_name"),
        Column("reason", "terms.reason", value=_why),
    ),
    order=(),
    prefix="rejected.",
    page="registers",
)


def registers(request: HttpRequest) -> HttpResponseBase:
    """The provider's registers of the last months, what was rejected in them, and the form to try
    one or hand one in."""
    return _page(request, RegisterFile(request, blank=True))


def _page(request: HttpRequest, refused: Form) -> HttpResponseBase:
    """The page, with the form that was refused."""
    lake, own = _lake(), _bin(request)
    months = [month(name) for name in lake.months("services")[-3:]]
    listings = {
        "registers": Listing(
            REGISTERS, registers_of(lake, months, own), lambda each: _beside(request, each)
        ),
        "rejected": Listing(REJECTED, rejected_of(lake, own, settings.QOR_MOST_ROWS)),
    }
    if (file := download(request, *listings.values())) is not None:
        return file
    form = refused if isinstance(refused, RegisterFile) else RegisterFile(request, blank=True)
    form.initial["month"] = str(months[-1]) if months else ""
    shown = {name: screen(request, listing) for name, listing in listings.items()}
    facts = shown | {"language": language_of(request), "form": form, "refused": refused}
    return render(request, "registers.html", facts, status=refused.status)


def _beside(request: HttpRequest, register: dict[str, Any]) -> dict[str, Any]:
    return {"own": False, "form": _signature(request, register)}


def _signature(request: HttpRequest, register: dict[str, Any]) -> Signature:
    ids = f"sign-{register['month']}-{register['register_no']}-%s".replace(" ", "-")
    return Signature(request, blank=True, ids=ids, initial={"month": register["month"]})


def try_one(request: HttpRequest) -> HttpResponseBase:
    """What a register would meet: rejected rows and general findings only (321/2020:12, 15);
    nothing is written."""
    form = RegisterFile(request)
    if form.sent():
        with form.refusals():
            return _tried(request, form.cleaned_data["file"], form.cleaned_data["month"])
    return _page(request, form)


def _tried(request: HttpRequest, file: UploadedFile[Any], of: Month) -> HttpResponse:
    lake, lang = _lake(), language_of(request)
    with on_disk(file) as path, connect() as connection, tempfile.TemporaryDirectory() as folder:
        with time_limit(connection):
            tried = try_register(connection, lake, path, of, civil_day(now()), Path(folder))
        check_rows(tried.rehearsal.received)
        own_rows_only(tried.rehearsal, _bin(request), path.name)
    general = [finding for finding in tried.findings if finding["kind"] == "general"]
    facts = {
        "language": lang,
        "month": str(of),
        "seen": tried.rehearsal,
        "findings": general[:_FIRST],
        "count": len(general),
        "returns": tried.returns[:_FIRST],
        "returned": len(tried.returns),
    }
    return render(request, "tried.html", facts)


def hand_in(request: HttpRequest) -> HttpResponseBase:
    """Take a register into the lake: every row accepted or rejected."""
    form = RegisterFile(request)
    if form.sent():
        with form.refusals():
            _take(request, form.cleaned_data["file"], form.cleaned_data["month"])
            return redirect("registers")
    return _page(request, form)


def _take(request: HttpRequest, file: UploadedFile[Any], of: Month) -> None:
    lake, user, lang = _lake(), user_of(request), language_of(request)
    with on_disk(file) as path:
        rehearse_own(lake, path, of, _bin(request))
        receipt = receive(lake, Delivery(path, "services", of, user.username, now()))
    counts = {
        "received": receipt.received,
        "accepted": receipt.accepted,
        "rejected": receipt.rejected,
    }
    record_apart(
        by=user.username,
        at=now(),
        verb="hand_in",
        subject=f"register:{_bin(request)}:{of}",
        facts={**counts, "sha256": receipt.sha256},
    )
    enter_commits(lake, by=user.username, at=now())
    flash.success(request, messages.text("cli.receipt", lang, file=receipt.file, **counts))


def sign(request: HttpRequest) -> HttpResponseBase:
    """Sign a register: from now on its rows are not replaced."""
    form = Signature(request)
    if form.sent():
        with form.refusals():
            _sign(request, form.cleaned_data["register_no"], form.cleaned_data["month"])
            return redirect("registers")
    return _page(request, form)


def _sign(request: HttpRequest, number: str, of: Month) -> None:
    """Enter the signature. BadValue for a register that the provider has not handed in."""
    lake, user = _lake(), user_of(request)
    if number not in {line["register_no"] for line in registers_of(lake, [of], _bin(request))}:
        raise BadValue(field="register_no", value=number)
    row = {
        "provider_bin": _bin(request),
        "register_no": number,
        "version": 1,
        "month": str(of),
        "signed_at": now().isoformat(),
        "head": user.get_full_name() or user.username,
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.jsonl"
        path.write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")
        receive(lake, Delivery(path, "registers", None, user.username, now()))
    record_apart(
        by=user.username,
        at=now(),
        verb="sign",
        subject=f"register:{_bin(request)}:{of}",
        facts={"register_no": number},
    )
    enter_commits(lake, by=user.username, at=now())


def statuses(request: HttpRequest, of: str) -> HttpResponse:
    """The status of each service of a month down to its payment, as a workbook."""
    lake, lang, own = _lake(), language_of(request), _bin(request)
    response = HttpResponse(content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="qor-{month(of)}.xlsx"'
    cases, paid = _decisive(own, month(of)), payments_of(own, month(of))
    heads = ["service_id", "amount", "status", "state"]
    heads += ["accepted", "acts", "paid", "taken_back"] if paid is not None else []
    with workbook(response) as sheet:
        sheet.heads(messages.text(f"terms.{name}", lang) for name in heads)
        for row in statuses_of(lake, month(of), own):
            case = cases.get(row["service_id"])
            cells = [row["service_id"], row["amount"], *_status(row, case, lang)]
            if paid is not None:
                cells += _payment(paid.get(row["service_id"], _UNKNOWN), row, lang)
            sheet.add(cells)
    return response


def _status(row: dict[str, Any], case: Case | None, lang: str) -> tuple[str, str]:
    """What became of a service, and the state of the case that decides it."""
    if row["returned"]:
        key = "returned"
    else:
        key = _STATUS[case.outcome] if case is not None else "payable"
    stands = state(case.route, case.state).in_language(lang) if case is not None else ""
    return messages.text(f"portal.status_{key}", lang), stands


def _payment(paid: Paid, row: dict[str, Any], lang: str) -> tuple[Any, ...]:
    """What was accepted of a service that has a price of its own, in which act, whether it is paid,
    and what a later decision took back."""
    by_itself = paid_by_itself(row["care_form"], row["setting"])
    return (
        paid.accepted if by_itself else None,
        f"№ {paid.act.pk}, {paid.act.closing.month}" if paid.act else "",
        messages.text(f"portal.payment_{paid.state}", lang),
        paid.taken_back or None,
    )


_UNKNOWN = Paid(Decimal(0), Decimal(0), None, "waiting")


def _decisive(own: str, of: Month) -> dict[str, Case]:
    """The case of each service that its payment hangs on: an open one before a confirmed one, and
    that before the rest."""
    cases = Case.objects.filter(provider__bin=own, month=str(of)).exclude(
        route__in=[Route.LOOK, Route.GENERAL]
    )
    rank = ("", Outcome.CONFIRMED, Outcome.REJECTED, Outcome.NONE)
    return {
        case.service_id: case for case in sorted(cases, key=lambda case: -rank.index(case.outcome))
    }


def _lake() -> Lake:
    return Lake(Path(settings.QOR_LAKE))


def _bin(request: HttpRequest) -> str:
    organisation = user_of(request).organisation
    return str(organisation.bin) if organisation else ""


def rehearse_own(lake: Lake, path: Path, of: Month, own: str) -> None:
    """Judge a file without taking it: bounded in time and rows, and of one provider. TookTooLong,
    TooManyRows, OthersRows."""
    with connect() as connection, tempfile.TemporaryDirectory() as folder:
        with time_limit(connection):
            seen = rehearse(connection, lake, path, of, Path(folder))
        check_rows(seen.received)
        own_rows_only(seen, own, path.name)


def own_rows_only(seen: Rehearsal, own: str, file: str) -> None:
    """Refuse a rehearsed file any of whose rows, also one that would be rejected, names another
    provider. OthersRows."""
    if seen.providers - {own}:
        raise OthersRows(file=file)
