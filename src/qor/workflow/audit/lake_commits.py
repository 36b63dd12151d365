"""The lake's commits in the journal: each is entered once, also one whose command died before it
could; a lake that goes back is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from qor.engine.storage.lake import Lake
from qor.law.nouns.refusals import Refusal
from qor.workflow.audit.journal import record
from qor.workflow.audit.models import Entry, Head

COMMITS = "lake_commits"


class LakeIsAnother(Refusal):
    """The lake's log is not the one that the journal tells of: entries are gone, or others are in
    their place."""

    key = "lake_is_another"


def enter_commits(lake: Lake, *, by: str, at: datetime) -> Entry | None:
    """Enter the commits of a lake that the journal does not tell of yet, in one entry with the
    sha256 of the last; None where there are none.

    Whoever opens lake and database together calls this first, so that what a kill kept out of the
    journal comes into it. LakeIsAnother.
    """
    known = _known(lake)
    if known == len(lake.entries):
        return None
    with transaction.atomic():
        Head.objects.select_for_update().get(id=1)
        known = _known(lake)
        fresh = lake.entries[known:]
        if not fresh:
            return None
        return record(
            by=by, at=at, verb=COMMITS, subject=_subject(lake), facts=_facts(lake, known + 1)
        )


def lake_facts(lake: Lake) -> dict[str, Any]:
    """The head of a lake, for an entry that tells of what was committed to it."""
    last = lake.entries[-1]
    return {
        "lake": lake.entries[0].sha256[:16],
        "commit": last.number,
        "commit_sha256": last.sha256,
    }


def check_lake(lake: Lake) -> None:
    """Refuse a lake that does not hold the commits that the journal tells of, also one that it does
    not know while it knows another. LakeIsAnother."""
    _known(lake)


def _known(lake: Lake) -> int:
    """The number of the last commit that the journal tells of; the lake must hold it as it was.

    A database has one lake, known by its first entry: a restored or moved one passes.
    """
    told_of = Entry.objects.filter(verb=COMMITS).order_by("-number")
    last = told_of.filter(subject=_subject(lake)).first() if lake.entries else None
    if last is None:
        if told_of.exists():
            raise LakeIsAnother(number=1)
        return 0
    number, digest = int(last.facts["commit"]), str(last.facts["commit_sha256"])
    if len(lake.entries) < number:
        lake.reload()  # somebody else committed and told of it since
    if len(lake.entries) < number or lake.entries[number - 1].sha256 != digest:
        raise LakeIsAnother(number=number)
    return number


def _facts(lake: Lake, first: int) -> dict[str, Any]:
    kinds: dict[str, int] = {}
    for entry in lake.entries[first - 1 :]:
        kinds[entry.kind] = kinds.get(entry.kind, 0) + 1
    return {"first": first, "kinds": kinds, **lake_facts(lake)}


def _subject(lake: Lake) -> str:
    return f"lake:{lake.entries[0].sha256[:16]}"
