"""For hospital systems: handing in a register by a token of the provider. JSON in the caller's
language; the same rights as the pages."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from qor.engine.intake.receive import Delivery, Receipt, receive
from qor.engine.results.services import rejected_in
from qor.engine.storage.lake import Lake
from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.masking import masked_text
from qor.interfaces.web.features.intake.registers import rehearse_own
from qor.interfaces.web.kernel.gate import count_try
from qor.interfaces.web.kernel.uploads import only_file, safe_name
from qor.law.nouns.months import month
from qor.law.nouns.refusals import Refusal
from qor.law.pages import LANGUAGES
from qor.workflow.accounts.models import Token
from qor.workflow.audit.journal import record_apart
from qor.workflow.audit.lake_commits import enter_commits

_CHUNK, _SHOWN = 1 << 16, 200


class TooLarge(Refusal):
    """The body is larger than a register may be."""

    key = "body_too_large"


@csrf_exempt
def hand_in(request: HttpRequest) -> JsonResponse:
    """POST a register to /api/registers/?month=2026-02&name=file.csv with `Authorization: Bearer
    TOKEN`.

    The body is the file, whatever its content type, whole or in chunks; or a form with one file
    (multipart/form-data). `Accept-Language` (kk, ru, en) chooses the language. 200 with counts,
    reasons and rejected rows (line, column, value, why: the first 200); 401 without a valid
    token; 409 with `error` and `cites` where the file is refused; 413 where it is too large.
    """
    lang = caller_language(request)
    token = _token(request)
    if token is None:
        record_apart(by="nobody", at=now(), verb="token_refused", subject="api")
        return JsonResponse({"error": messages.text("portal.token_unknown", lang)}, status=401)
    try:
        count_try(f"token:{token.pk}")
        return JsonResponse(_take(request, token, lang))
    except Refusal as refusal:
        cites = [cite.as_dict() for cite in refusal.cites]
        answer = {"error": messages.refusal_text(refusal, lang), "key": refusal.key, "cites": cites}
        return JsonResponse(answer, status=413 if isinstance(refusal, TooLarge) else 409)


def caller_language(request: HttpRequest) -> str:
    """Return the first language of the caller's Accept-Language that Qor speaks, else Kazakh."""
    for part in request.headers.get("Accept-Language", "").split(","):
        if (asked := part.split(";")[0].strip().lower()[:2]) in LANGUAGES:
            return asked
    return "kk"


def _token(request: HttpRequest) -> Token | None:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    digest = hashlib.sha256(given.encode()).hexdigest()
    live = Token.objects.select_related("organisation").filter(
        digest=digest, revoked_at__isnull=True
    )
    return live.first() if given else None


def _take(request: HttpRequest, token: Token, lang: str) -> dict[str, Any]:
    lake, of, own = (
        Lake(Path(settings.QOR_LAKE)),
        month(request.GET.get("month", "")),
        str(token.organisation.bin),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = _written(request, Path(folder))
        rehearse_own(lake, path, of, own)
        receipt = receive(lake, Delivery(path, "services", of, f"token:{token.name}", now()))
    counts = {
        "received": receipt.received,
        "accepted": receipt.accepted,
        "rejected": receipt.rejected,
    }
    facts = {**counts, "sha256": receipt.sha256}
    subject = f"register:{own}:{of}"
    record_apart(by=f"token:{token.name}", at=now(), verb="hand_in", subject=subject, facts=facts)
    enter_commits(lake, by=f"token:{token.name}", at=now())
    return {
        **counts,
        "unchanged": receipt.unchanged,
        "replaced": receipt.replaced,
        "reasons": receipt.reasons,
        "rejected_rows": _rejected_rows(lake, receipt, own, lang),
        "sha256": receipt.sha256,
    }


def _written(request: HttpRequest, folder: Path) -> Path:
    """The body on disk, under the name that the caller gives it. TooLarge, BadValue."""
    if request.content_type == "multipart/form-data":
        file = only_file(request)
        name, chunks = request.GET.get("name") or str(file.name), file.chunks()
    else:
        name, chunks = request.GET.get("name", ""), _chunks(request)
    path, size = folder / safe_name(name), 0
    with path.open("wb") as target:
        for chunk in chunks:
            size += len(chunk)
            if size > settings.QOR_MOST_BYTES:
                raise TooLarge(most=settings.QOR_MOST_BYTES >> 20)
            target.write(chunk)
    return path


def _chunks(request: HttpRequest) -> Iterator[bytes]:
    """The body piece by piece; one sent in chunks has no length, and the server ends its stream."""
    chunked = "CONTENT_LENGTH" not in request.META and request.META.get("wsgi.input_terminated")
    stream = request.META["wsgi.input"] if chunked else request
    while piece := stream.read(_CHUNK):
        yield piece


def _rejected_rows(lake: Lake, receipt: Receipt, own: str, lang: str) -> list[dict[str, Any]]:
    """Where the rejected rows of a file stand and why, the first 200."""
    lake.reload()
    if not receipt.rejected:
        return []
    rejected = rejected_in(lake, receipt.sha256[:16], own, _SHOWN)
    return [
        row
        | {"value": masked_text(row["value"]), "why": messages.text(f"rows.{row['reason']}", lang)}
        for row in rejected
    ]
