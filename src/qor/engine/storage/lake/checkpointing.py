"""Writing checkpoints of a lake's log: one goes on from the checkpoint before it, or from the first
entry."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from qor.engine.storage.lake.checkpoint import (
    DELIVERIES,
    FOLDER,
    POINTER,
    Checkpoint,
    CheckpointWrong,
    delivery_path,
    forget,
    manifest_path,
    read_checkpoint,
    segment_path,
)
from qor.engine.storage.lake.facts import KEY_BYTES, Manifest, Month, delivery_keys
from qor.engine.storage.lake.history import Growing, place_of
from qor.engine.storage.lake.log import Entry, sync

EVERY = 100  # commits a checkpoint: what an opening replays at most


@dataclass(slots=True)
class Draft:
    """A checkpoint that is not yet written: its manifest, and the files that are new in it."""

    manifest: Manifest
    files: dict[str, bytes] = field(default_factory=dict)


def draft_after(before: Checkpoint, entries: list[Entry]) -> Draft:
    """The checkpoint after some more entries; of equal logs equal bytes, whatever it goes on
    from."""
    former, last = before.manifest, entries[-1]
    draft = Draft(Manifest(last.number, last.sha256, former.facts.after(entries)))
    draft.manifest.tables = {table: dict(months) for table, months in former.tables.items()}
    touched = _grown(before, entries)
    for (table, month), growing in touched.items():
        place = partial(segment_path, table, month)
        segments = [_put(draft, content, place) for content in growing.history.segments()]
        draft.manifest.tables.setdefault(table, {})[month] = Month(
            *growing.counts(), tuple(segments)
        )
    _deliveries(draft, before, entries)
    return draft


def write_checkpoint(root: Path, before: Checkpoint, entries: list[Entry]) -> None:
    """Write the checkpoint after some more entries, and then make it the newest. The lake is
    locked by the caller; killed at any moment the one before it stands."""
    former = before.manifest
    put_in_place(root, draft_after(before, entries))
    _clear(root, former)


def put_in_place(root: Path, draft: Draft) -> None:
    """Write the files of a checkpoint, its manifest, and last the pointer."""
    folders = set()
    content = draft.manifest.content()
    for place, written in {**draft.files, manifest_path(draft.manifest.number): content}.items():
        path = root / place
        if not path.exists() or path.read_bytes() != written:
            path.parent.mkdir(parents=True, exist_ok=True)
            _replace(path, written)
            folders.add(path.parent)
    for folder in folders:
        sync(folder)
    pointer = {"number": draft.manifest.number, "manifest": hashlib.sha256(content).hexdigest()}
    _replace(root / POINTER, (json.dumps(pointer) + "\n").encode())
    sync(root)


def checkpoint_problems(root: Path, entries: list[Entry]) -> list[CheckpointWrong]:
    """What of the newest checkpoint is not what the log says, each file of it read."""
    forget(root)
    try:
        checkpoint = read_checkpoint(root)
    except CheckpointWrong as wrong:
        return [wrong]
    if checkpoint.number == 0:
        return []
    if checkpoint.number > len(entries):
        return [CheckpointWrong(file=POINTER, path=str(root))]
    draft = draft_after(Checkpoint(root, Manifest()), entries[: checkpoint.number])
    expected = {**draft.files, manifest_path(checkpoint.number): draft.manifest.content()}
    return [
        CheckpointWrong(file=place, path=str(root))
        for place, content in expected.items()
        if _content(root / place) != content
    ]


def rebuild(root: Path, entries: list[Entry]) -> None:
    """Write the checkpoint anew from all entries, and take away whatever else lies there. The lake
    is locked by the caller."""
    forget(root)
    draft = draft_after(Checkpoint(root, Manifest()), entries)
    put_in_place(root, draft)
    _clear(root, draft.manifest)


def files_named(manifest: Manifest) -> set[str]:
    """The files of a checkpoint, relative to the lake."""
    segments = {
        segment_path(table, month, digest)
        for table, months in manifest.tables.items()
        for month, named in months.items()
        for digest in named.segments
    }
    deliveries = {delivery_path(*each) for each in enumerate(manifest.deliveries)}
    return segments | deliveries | {manifest_path(manifest.number)}


def _grown(before: Checkpoint, entries: list[Entry]) -> dict[tuple[str, str], Growing]:
    """The histories that some entries touch, as they are after them."""
    grown: dict[tuple[str, str], Growing] = {}

    def at(table: str, month: str) -> Growing:
        if (table, month) not in grown:
            grown[table, month] = Growing(before.history(table, month).copy())
        return grown[table, month]

    for entry in entries:
        for path in entry.drops:
            table, month = place_of(path)
            if month in before.manifest.tables.get(table, {}) or (table, month) in grown:
                at(table, month).drop(path, entry.number)
        for part in entry.adds:
            at(part.table, part.month).add(part, entry.number)
    return grown


def _deliveries(draft: Draft, before: Checkpoint, entries: list[Entry]) -> None:
    """Go on with the keys of the deliveries: full files stay, the last one is written anew."""
    full = before.number // DELIVERIES
    digests = before.manifest.deliveries[:full]
    began = list(before.delivery_files())[full:]
    keys = b"".join(began) + delivery_keys(entries)
    size = DELIVERIES * KEY_BYTES
    for start in range(0, len(keys), size):
        place = partial(delivery_path, len(digests))
        digests = [*digests, _put(draft, keys[start : start + size], place)]
    draft.manifest.deliveries = digests


def _put(draft: Draft, content: bytes, place: Callable[[str], str]) -> str:
    digest = hashlib.sha256(content).hexdigest()
    draft.files[place(digest)] = content
    return digest


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.draft")
    draft.write_bytes(content)
    sync(draft)
    draft.replace(path)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _clear(root: Path, former: Manifest) -> None:
    """Take away the files of checkpoints older than the one before the newest."""
    stays = files_named(former) | files_named(read_checkpoint(root).manifest)
    for place in _lying(root):
        if place not in stays:
            (root / place).unlink(missing_ok=True)


def _lying(root: Path) -> Iterator[str]:
    for folder, _, names in os.walk(root / FOLDER):
        for name in names:
            yield str((Path(folder) / name).relative_to(root))
