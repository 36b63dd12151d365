"""Organisations and their people, and organisations taken from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.features.accounts.forms import OrganisationsFile
from qor.interfaces.web.features.accounts.users import (
    FIRST_NAME,
    LAST_NAME,
    LAST_SIGN_IN,
    ROLE,
    STATE,
    USERNAME,
)
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.table import Column, Kind, Listing, Table, download, screen, words_of
from qor.interfaces.web.kernel.uploads import on_disk
from qor.law.nouns.regions import region_title
from qor.workflow.accounts.models import Organisation
from qor.workflow.accounts.organisations import bad_lines, import_organisations
from qor.workflow.accounts.refusals import BadOrganisation
from qor.workflow.accounts.selectors import organisations_with_people, users_with_state

_NAMED = 20  # lines of a refused file


def _page_of(organisation: Any) -> str:
    return reverse("organisation", kwargs={"pk": organisation.pk})


ORGANISATIONS = Table(
    "organisations",
    "portal.organisations",
    (
        Column("bin", "terms.provider_bin"),
        Column("name", "portal.organisation", field="name_{language}", link=_page_of),
        Column(
            "kind",
            "terms.kind",
            Kind.ENUMERATION,
            says=words_of("portal.organisation_kind_"),
            choices=tuple(Organisation.Kind.values),
        ),
        Column("region", "terms.region", Kind.ENUMERATION, says=region_title),
        Column("people", "portal.people_count", Kind.NUMBER),
        Column("active_people", "portal.active_people", Kind.NUMBER),
    ),
    order=("kind", "region", "bin"),
)
PEOPLE = Table(
    "people",
    "portal.people_of_organisation",
    (USERNAME, FIRST_NAME, LAST_NAME, ROLE, STATE, LAST_SIGN_IN),
    order=("role", "username"),
)


def organisations(request: HttpRequest) -> HttpResponseBase:
    """All organisations with the number of their people."""
    listing = Listing(ORGANISATIONS, organisations_with_people())
    if (file := download(request, listing)) is not None:
        return file
    facts = {"language": language_of(request), "organisations": screen(request, listing)}
    return render(request, "organisations.html", facts)


def organisation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One organisation and its people."""
    one, lang = Organisation.objects.filter(pk=pk).first(), language_of(request)
    if one is None:
        raise Http404
    listing = Listing(PEOPLE, users_with_state(at=now()).filter(organisation=one))
    if (file := download(request, listing)) is not None:
        return file
    facts = {
        "language": lang,
        "organisation": one,
        "kind": messages.text(f"portal.organisation_kind_{one.kind}", lang),
        "region": region_title(one.region, lang),
        "people": screen(request, listing),
    }
    return render(request, "organisation.html", facts)


def import_file(request: HttpRequest) -> HttpResponseBase:
    """Organisations from a CSV file: all of it or nothing; the lines that are wrong are named."""
    form = OrganisationsFile(request)
    if form.sent():
        with form.refusals(), on_disk(form.cleaned_data["file"]) as path:
            _name_bad_lines(form, bad_lines(path))
            if not form.errors:
                _take(request, path)
                return redirect("organisations")
    facts = {"language": language_of(request), "form": form}
    return render(request, "organisations_import.html", facts, status=form.status)


def _name_bad_lines(form: OrganisationsFile, bad: list[BadOrganisation]) -> None:
    """The first lines that are wrong beside the field, and how many more there are."""
    for refusal in bad[:_NAMED]:
        form.refuse(refusal)
    if len(bad) > _NAMED:
        said = messages.text("portal.more_bad_lines", form.lang, count=len(bad) - _NAMED)
        form.add_error("file", said)


def _take(request: HttpRequest, path: Path) -> None:
    """Take the file and say how many are new and how many changed. BadOrganisation."""
    new, changed = import_organisations(path, by=user_of(request).username, at=now())
    lang = language_of(request)
    said = messages.text("cli.organisations_taken", lang, new=new, changed=changed)
    flash.success(request, said)
