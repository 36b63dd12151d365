"""The journal's key, its heads outside, the taking over of an old one, the lake's commits in it."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from tests.engine.test_lake_proof import write
from tests.workflow.intruder import take_guards_away
from tests.workflow.people import World, an_act, at

from qor.engine.storage.lake import Lake
from qor.interfaces.messages import refusal_text
from qor.interfaces.web.server import jobs
from qor.law.nouns.refusals import Refusal
from qor.workflow.acts.actions import move
from qor.workflow.append_only import guard_all
from qor.workflow.audit.journal import JournalIsOld, broken_at, check_key, entry_hash, record_apart
from qor.workflow.audit.key import JournalKeyMissing, JournalKeyOpen, WrongJournalKey, journal_key
from qor.workflow.audit.lake_commits import LakeIsAnother, check_lake, enter_commits
from qor.workflow.audit.models import Entry, Head
from qor.workflow.audit.outside import HeadsUnreadable, outside_heads, publish, publish_daily
from qor.workflow.audit.proof import prove
from qor.workflow.audit.takeover import JournalIsKeyed, OldJournalBroken, take_over_journal

MONDAY = date(2026, 3, 2)


def enter(verb: str = "y") -> Entry:
    """An entry."""
    return record_apart(by="x", at=at(MONDAY), verb=verb, subject="z")


def refused(kind: type[Refusal], work: Any) -> None:
    """The work is refused in three languages."""
    with pytest.raises(kind) as refusal:
        work()
    assert len({refusal_text(refusal.value, language) for language in ("kk", "ru", "en")}) == 3


def test_another_key_is_refused(db: None, settings: Any) -> None:
    """Nothing is written with it, nothing is proved with it; what was written is whole under the
    first."""
    settings.QOR_JOURNAL_KEY = "a" * 32
    enter()
    settings.QOR_JOURNAL_KEY = "b" * 32
    refused(WrongJournalKey, enter)
    refused(WrongJournalKey, prove)
    refused(WrongJournalKey, broken_at)
    refused(WrongJournalKey, check_key)
    settings.QOR_JOURNAL_KEY = "short"
    refused(JournalKeyMissing, enter)
    settings.QOR_JOURNAL_KEY = "a" * 32
    assert Entry.objects.count() == 1 and broken_at() is None


def test_the_key_is_a_file_of_its_owner(
    db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made once, for an empty journal, readable by its owner alone; open to others, or gone, the
    journal is not written."""
    monkeypatch.delenv("QOR_JOURNAL_KEY", raising=False)
    path = tmp_path / "key"
    settings.QOR_JOURNAL_KEY, settings.QOR_JOURNAL_KEY_FILE = "", str(path)
    enter()
    assert path.stat().st_mode & 0o777 == 0o600 and len(journal_key()) == 64
    path.chmod(0o640)
    refused(JournalKeyOpen, enter)
    path.unlink()
    refused(JournalKeyMissing, enter)
    assert not path.exists() and Entry.objects.count() == 1


def test_heads_go_to_a_file_a_second_database_and_a_letter(
    world: World, settings: Any, tmp_path: Path
) -> None:
    """Each place holds the same head; a place that fails stops no other; a line that the key did
    not write is found."""
    mail.outbox.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    places = [
        f"file://{tmp_path / 'heads'}",
        f"sqlite:///{tmp_path / 'heads.sqlite3'}",
        "mailto:auditor@example.org",
        str(tmp_path / "no" / "x"),
    ]
    settings.QOR_JOURNAL_HEADS = ", ".join(places)
    entry = enter()
    assert publish("day", at(MONDAY)) == places[:3]
    assert [(head.number, head.hash, head.genuine) for head in outside_heads()] == [
        (1, entry.hash, True)
    ] * 2
    assert (
        mail.outbox[0].to == ["auditor@example.org"] and f"1:{entry.hash}" in mail.outbox[0].subject
    )
    assert prove().problems == [] and prove((1, entry.hash)).problems == []
    assert [p.kind for p in prove((2, entry.hash)).problems] == ["head_outside_differs"]
    heads = tmp_path / "heads"
    assert heads.stat().st_mode & 0o777 == 0o600
    line = json.loads(heads.read_text("utf-8"))
    heads.write_text(json.dumps(line | {"hash": "0" * 64}) + "\n", "utf-8")
    assert [p.kind for p in prove().problems] == ["head_outside_forged"]
    (tmp_path / "heads.sqlite3").write_bytes(b"not a database")
    refused(HeadsUnreadable, prove)


def test_the_head_is_written_each_day_and_after_signatures(
    world: World, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """Once a day; after a signature at once, when its transaction is done."""
    settings.QOR_JOURNAL_HEADS = str(tmp_path / "heads")
    assert not publish_daily(MONDAY, at(MONDAY))
    enter()
    assert [
        publish_daily(day, at(day)) for day in (MONDAY, MONDAY, MONDAY + timedelta(days=1))
    ] == [True, False, True]
    act = an_act(world, state="act_made")
    with django_capture_on_commit_callbacks(execute=True):
        move(act.pk, "sign", by=world.providers["71"], at=at(MONDAY))
    assert [(head.reason, head.number) for head in outside_heads()] == [
        ("day", 1),
        ("day", 1),
        ("sign", Entry.objects.count()),
    ]


def old_journal(entries: int = 3) -> None:
    """A journal begun before there was a key, of some entries."""
    take_guards_away()
    previous = ""
    for number in range(1, entries + 1):
        facts = {
            "at": at(MONDAY),
            "by": "x",
            "verb": "y",
            "subject": "z",
            "facts": {"n": number},
            "previous": previous,
        }
        digest = entry_hash(None, Entry(number=number, **facts))
        Entry.objects.create(number=number, hash=digest, **facts)
        previous = digest
    Head.objects.update(number=entries, hash=previous)
    guard_all(connection)


def test_an_old_journal_is_taken_over_once(world: World) -> None:
    """Refused until then; afterwards its entries are proved too, and every row as it stood."""
    world.case()
    old_journal()
    refused(JournalIsOld, enter)
    refused(JournalIsOld, check_key)
    entry = take_over_journal(by="x", at=at(MONDAY))
    assert entry.number == 4 and entry.facts["entries"] == 3
    enter()
    assert broken_at() is None and prove().problems == []
    refused(JournalIsKeyed, lambda: take_over_journal(by="x", at=at(MONDAY)))
    take_guards_away()
    Entry.objects.filter(number=2).update(by="intruder")
    guard_all(connection)
    assert broken_at() == 2


def test_a_broken_old_journal_is_not_taken_over(world: World) -> None:
    """It would be whole for ever after."""
    old_journal()
    take_guards_away()
    Entry.objects.filter(number=2).update(by="intruder")
    refused(OldJournalBroken, lambda: take_over_journal(by="x", at=at(MONDAY)))
    assert Entry.objects.count() == 3


def test_a_commit_whose_entry_a_kill_lost_is_entered_by_the_next(
    db: None, settings: Any, tmp_path: Path
) -> None:
    """By whatever command opens lake and database together, the clock's too; once."""
    lake = Lake(tmp_path / "lake")
    assert enter_commits(lake, by="x", at=at(MONDAY)) is None
    write(lake, "services", "2026-02", 10)
    write(lake, "services", "2026-02", 20, kind="run")
    settings.QOR_LAKE = str(lake.root)
    jobs.every_minute()
    entry = Entry.objects.get()
    assert (entry.verb, entry.facts["first"], entry.facts["commit"], entry.facts["kinds"]) == (
        "lake_commits",
        1,
        2,
        {"intake": 1, "run": 1},
    )
    assert entry.facts["commit_sha256"] == lake.entries[-1].sha256
    jobs.every_minute()
    assert Entry.objects.count() == 1
    stale = Lake(tmp_path / "lake")
    write(lake, "services", "2026-02", 30)
    enter_commits(lake, by="x", at=at(MONDAY))
    assert enter_commits(stale, by="x", at=at(MONDAY)) is None and Entry.objects.count() == 2


def test_a_lake_taken_back_or_written_anew_is_refused(db: None, tmp_path: Path) -> None:
    """Its own chain and head are right again, the journal knows better."""
    lake = Lake(tmp_path / "lake")
    for n in range(2):
        write(lake, "services", "2026-02", 10 + n)
    enter_commits(lake, by="x", at=at(MONDAY))
    (lake.root / "log" / "00000" / "00000002.json").unlink()
    (lake.root / "head.json").write_text(
        json.dumps(
            {"number": 1, "sha256": lake.entries[0].sha256, "next_number": 0, "next_sha256": ""}
        ),
        "utf-8",
    )
    refused(LakeIsAnother, lambda: enter_commits(Lake(lake.root), by="x", at=at(MONDAY)))
    write(Lake(lake.root), "services", "2026-02", 99)
    refused(LakeIsAnother, lambda: enter_commits(Lake(lake.root), by="x", at=at(MONDAY)))


def test_another_lake_in_the_place_of_the_known_one_is_refused(db: None, tmp_path: Path) -> None:
    """Foreign, rewritten from its first entry or empty; the same one given back passes."""
    lake, foreign = Lake(tmp_path / "lake"), Lake(tmp_path / "foreign")
    write(lake, "services", "2026-02", 10)
    write(foreign, "services", "2026-02", 99)
    enter_commits(lake, by="x", at=at(MONDAY))
    shutil.copytree(lake.root, tmp_path / "kept")
    shutil.rmtree(lake.root)
    shutil.copytree(foreign.root, lake.root)
    refused(LakeIsAnother, lambda: enter_commits(Lake(lake.root), by="x", at=at(MONDAY)))
    refused(LakeIsAnother, lambda: check_lake(Lake(lake.root)))
    refused(LakeIsAnother, lambda: check_lake(Lake(tmp_path / "empty")))
    shutil.rmtree(lake.root)
    shutil.copytree(tmp_path / "kept", lake.root)
    assert enter_commits(Lake(lake.root), by="x", at=at(MONDAY)) is None
    assert Entry.objects.count() == 1


def test_the_key_is_not_in_the_database(db: None, settings: Any) -> None:
    """Only its sha256, with which nothing can be keyed."""
    settings.QOR_JOURNAL_KEY = "a" * 32
    enter()
    assert (
        "a" * 32 not in json.dumps(list(Head.objects.values("key_id", "hash")))
        and len(Head.objects.get().key_id) == 64
    )
    assert os.environ.get("QOR_JOURNAL_KEY")
