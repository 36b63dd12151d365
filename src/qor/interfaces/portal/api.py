"""For hospital systems: handing in a register by a token of the provider. JSON in the user's language; the same rights as the pages."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from qor.engine.duck import connect
from qor.engine.intake.receive import Delivery, receive
from qor.engine.intake.rehearse import rehearse
from qor.engine.lake import Lake
from qor.interfaces import words
from qor.interfaces.clock import now
from qor.interfaces.portal.registers import own_rows_only, safe_name
from qor.law.months import month
from qor.law.refusals import Refusal
from qor.workflow.accounts.models import Token
from qor.workflow.audit.journal import record_apart

_MOST_BYTES = 200 << 20


@csrf_exempt
@require_POST
def hand_in(request: HttpRequest) -> JsonResponse:
    """POST a register's bytes to /api/registers/?month=2026-02&name=file.csv with `Authorization: Bearer TOKEN`.

    200 with counts and the reasons of rejected rows; 401 without a valid token; 409 with `error` and `cites` where the file is refused;
    413 where it is larger than 200 MiB.
    """
    token = _token(request)
    if token is None:
        return JsonResponse({"error": "401"}, status=401)
    content = request.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        return JsonResponse({"error": "413", "most_bytes": _MOST_BYTES}, status=413)
    try:
        facts = _take(request, token, content)
    except Refusal as refusal:
        told = words.refusal_text(refusal, "ru")
        return JsonResponse(
            {"error": told, "key": refusal.key, "cites": [c.as_dict() for c in refusal.cites]}, status=409
        )
    return JsonResponse(facts)


def _token(request: HttpRequest) -> Token | None:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    digest = hashlib.sha256(given.encode()).hexdigest()
    return (
        Token.objects.select_related("organisation").filter(digest=digest, revoked_at__isnull=True).first()
        if given
        else None
    )


def _take(request: HttpRequest, token: Token, content: bytes) -> dict[str, Any]:
    lake, of, own = Lake(Path(settings.QOR_LAKE)), month(request.GET.get("month", "")), str(token.organisation.bin)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / safe_name(request.GET.get("name", ""))
        path.write_bytes(content)
        with connect() as connection, tempfile.TemporaryDirectory() as scratch:
            own_rows_only(rehearse(connection, lake, path, of, Path(scratch)), own, path.name)
        receipt = receive(lake, Delivery(path, "services", of, f"token:{token.name}", now()))
    counts = {"received": receipt.received, "accepted": receipt.accepted, "rejected": receipt.rejected}
    record_apart(
        by=f"token:{token.name}",
        at=now(),
        verb="hand_in",
        subject=f"register:{own}:{of}",
        facts={**counts, "sha256": receipt.sha256},
    )
    return {
        **counts,
        "unchanged": receipt.unchanged,
        "replaced": receipt.replaced,
        "reasons": receipt.reasons,
        "sha256": receipt.sha256,
    }
