"""The first organisations and administrators of an installation, and organisations that come
later."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import transaction

from qor.law.nouns.identifiers import has_check_digit
from qor.law.nouns.regions import region_codes
from qor.law.pages import LANGUAGES
from qor.workflow.accounts.actions import Invitation, add_account
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.accounts.refusals import AlreadyInitialised, BadOrganisation
from qor.workflow.audit.journal import record

COLUMNS = ("kind", "bin", "region", "name_kk", "name_ru", "name_en")
_FIRST_CONTROL = 32
_LONGEST_NAME = 300


def initialise(
    file: Path, administrators: tuple[str, str], *, by: str, at: datetime
) -> dict[str, str]:
    """Make the first organisations and two administrators; name -> first password.
    AlreadyInitialised, BadOrganisation."""
    with transaction.atomic():
        if User.objects.exists() or Organisation.objects.exists():
            raise AlreadyInitialised()
        import_organisations(file, by=by, at=at)
        office = Organisation.objects.filter(kind=Organisation.Kind.HEAD_OFFICE).first()
        if office is None:
            raise BadOrganisation(file=file.name, line=1, column="kind", value="head_office")
        passwords = {}
        for name in administrators:
            invitation = Invitation(name, User.Role.ADMINISTRATOR, office)
            _, passwords[name] = add_account(invitation, active=True)
            facts = {"role": str(User.Role.ADMINISTRATOR), "organisation": office.pk}
            record(by=by, at=at, verb="first_administrator", subject=f"user:{name}", facts=facts)
    return passwords


def import_organisations(file: Path, *, by: str, at: datetime) -> tuple[int, int]:
    """Take organisations from a CSV file (columns COLUMNS, UTF-8); how many are new and how many
    changed.

    A provider is known by its BIN, a branch by its region, head office by being the only one. All
    of the file or nothing. BadOrganisation names line and column.
    """
    with transaction.atomic():
        new = changed = 0
        for line, row in _rows(file):
            is_new, differs = _take(row, file, line)
            new, changed = new + is_new, changed + differs
        facts = {"file": file.name, "new": new, "changed": changed}
        record(by=by, at=at, verb="import_organisations", subject="organisations", facts=facts)
    return new, changed


def bad_lines(file: Path) -> list[BadOrganisation]:
    """Each line and column that cannot be taken, in their order; empty where all of them can by
    themselves. BadOrganisation for a file that is no such table."""
    return [each for line, row in _rows(file) for each in _refusals(row, file, line)]


def _refusals(row: dict[str, str], file: Path, line: int) -> Iterator[BadOrganisation]:
    for column, wrong in _faults(row).items():
        if wrong:
            yield BadOrganisation(file=file.name, line=line, column=column, value=row[column])


def _rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise BadOrganisation(file=file.name, line=1, column="–", value="UTF-8") from None
    reader = csv.DictReader(text.splitlines(), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error:
        raise BadOrganisation(file=file.name, line=reader.line_num, column="–", value='"') from None
    if missing := set(COLUMNS) - set(reader.fieldnames or ()):
        raise BadOrganisation(file=file.name, line=1, column=", ".join(sorted(missing)), value="")
    return [(line, {name: (row[name] or "").strip() for name in COLUMNS}) for line, row in rows]


def _take(row: dict[str, str], file: Path, line: int) -> tuple[int, int]:
    """(1, 0) for a new organisation, (0, 1) for a changed one, (0, 0) for one that is there as it
    stands."""
    for refusal in _refusals(row, file, line):
        raise refusal
    key = {"kind": row["kind"]}
    if row["kind"] == Organisation.Kind.PROVIDER:
        key["bin"] = row["bin"]
    elif row["kind"] == Organisation.Kind.BRANCH:
        key["region"] = row["region"]
    facts = {name: row[name] for name in ("region", *(f"name_{n}" for n in LANGUAGES))} | {
        "bin": row["bin"] or None
    }
    known = Organisation.objects.filter(**key).first()
    if _of_another(row["bin"], known):
        raise BadOrganisation(file=file.name, line=line, column="bin", value=row["bin"])
    if known is None:
        Organisation.objects.create(**key | facts)
        return 1, 0
    return 0, Organisation.objects.filter(pk=known.pk).exclude(**facts).update(**facts)


def _of_another(bin_: str, known: Organisation | None) -> bool:
    """Whether the BIN is that of another organisation."""
    others = Organisation.objects.exclude(pk=known.pk) if known else Organisation.objects.all()
    return bool(bin_) and others.filter(bin=bin_).exists()


def _faults(row: dict[str, str]) -> dict[str, bool]:
    names = {f"name_{n}": _bad_name(row[f"name_{n}"]) for n in LANGUAGES}
    needs_region = row["kind"] != Organisation.Kind.HEAD_OFFICE
    return {
        "kind": row["kind"] not in Organisation.Kind.values,
        "bin": bool(row["bin"] or row["kind"] == Organisation.Kind.PROVIDER)
        and not has_check_digit(row["bin"]),
        "region": bool(row["region"] or needs_region) and row["region"] not in region_codes(),
        **names,
    }


def _bad_name(name: str) -> bool:
    return not 0 < len(name) <= _LONGEST_NAME or any(ord(sign) < _FIRST_CONTROL for sign in name)
