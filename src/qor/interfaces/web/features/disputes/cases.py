"""Files of cases."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404

from qor.interfaces.web.kernel.access import user_of
from qor.workflow.disputes.files import place_of
from qor.workflow.disputes.models import Attachment
from qor.workflow.disputes.rights import statement_shown, visible_to


def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """A file of a case that the user may see; never shown inside the page, never guessed at by the
    browser."""
    attached = get_object_or_404(Attachment.objects.select_related("step"), pk=pk)
    get_object_or_404(visible_to(user_of(request)), pk=attached.step.case_id)
    if not statement_shown(user_of(request), attached.step.event, attached.step.from_state):
        raise Http404
    path: Path = place_of(attached)
    if not path.is_file():
        raise Http404
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=attached.name, content_type=attached.kind
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
