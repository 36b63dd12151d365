"""Checkpoints of a lake's log: what it says up to one commit, by table and month, so that opening a
lake reads a manifest and not the log.

    lake/checkpoint.json                               the newest: its commit and the manifest's
                                                       sha256
    lake/checkpoints/<commit>.json                     the manifest: the sha256 of that entry and of
                                                       each file here
    lake/checkpoints/tables/<table>/<month or all>/    segments of the parts ever named
    lake/checkpoints/deliveries/                       which commit took in which file

Files are named by their content and never written again; those of the newest and of the one before
it stay. All of it follows from the log: what is lost or forged is written anew from there.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from qor.engine.storage.lake.facts import KEY_BYTES, Manifest, delivery_key
from qor.engine.storage.lake.history import History
from qor.engine.storage.lake.log import content_of
from qor.law.nouns.refusals import Refusal

POINTER = "checkpoint.json"
FOLDER = "checkpoints"
DELIVERIES = 65_536  # commits a file of deliveries
_REMEMBERED = 4


class CheckpointWrong(Refusal):
    """A checkpoint of the log is not what the log says, or is not there whole: it is written anew
    by a command."""

    key = "lake_checkpoint_wrong"


class Checkpoint:
    """The newest checkpoint when it was read, its files read when they are asked for. Refuses files
    that are not of the sha256 that the manifest names."""

    def __init__(self, root: Path, manifest: Manifest) -> None:
        self.root, self.manifest = root, manifest
        self.number, self.sha256 = manifest.number, manifest.sha256
        self._histories: dict[tuple[str, str], History] = {}
        self._deliveries: dict[str, bytes] = {}

    def history(self, table: str, month: str) -> History:
        """Every part ever named of a table's month; empty where there is none."""
        key = (table, month)
        if key not in self._histories:
            history = History(table, month)
            named = self.manifest.tables.get(table, {}).get(month)
            try:
                for digest in named.segments if named else ():
                    content = self._read(segment_path(table, month, digest), digest)
                    _extend(history, content, segment_path(table, month, digest))
            except FileNotFoundError:
                history = self._later().history(table, month).until(self.number)
            self._histories[key] = history
        return self._histories[key]

    def deliveries(self, digest: str) -> list[int]:
        """The commits that may have taken in a file of that digest."""
        key, numbers = delivery_key(digest), []
        for place, content in enumerate(self.delivery_files()):
            at = content.find(key)
            while at >= 0:
                if at % KEY_BYTES == 0:
                    numbers.append(place * DELIVERIES + at // KEY_BYTES + 1)
                at = content.find(key, at + 1)
        return [number for number in numbers if number <= self.number]

    def delivery_files(self) -> Iterator[bytes]:
        """The keys of all commits, a file after the other."""
        try:
            for place, digest in enumerate(self.manifest.deliveries):
                if digest not in self._deliveries:
                    self._deliveries[digest] = self._read(delivery_path(place, digest), digest)
                yield self._deliveries[digest]
        except FileNotFoundError:
            self._deliveries = {}
            yield from list(self._later().delivery_files())

    def share(self, former: Checkpoint) -> None:
        """Go on with what a former one has read and is the same here."""
        for key, history in former._histories.items():
            table, month = key
            now = self.manifest.tables.get(table, {}).get(month)
            if now is not None and former.manifest.tables.get(table, {}).get(month) == now:
                self._histories.setdefault(key, history)
        self._deliveries = {
            digest: content
            for digest, content in former._deliveries.items()
            if digest in self.manifest.deliveries
        } | self._deliveries

    def _later(self) -> Checkpoint:
        """The newest, where the files of this one are gone: it names all that this one did."""
        newest = read_checkpoint(self.root)
        if newest.number <= self.number:
            raise CheckpointWrong(file=FOLDER, path=str(self.root))
        return newest

    def _read(self, place: str, digest: str) -> bytes:
        return _whole(self.root, place, digest)


_READ: OrderedDict[str, tuple[str, Checkpoint]] = OrderedDict()


def read_checkpoint(root: Path) -> Checkpoint:
    """The newest checkpoint of a lake, read once a process; an empty one where there is none.
    CheckpointWrong."""
    for attempt in (1, 2, 3):
        pointer = _pointer(root)
        if pointer is None:
            return Checkpoint(root, Manifest())
        number, digest = pointer
        remembered = _READ.get(str(root))
        if remembered is not None and remembered[0] == digest:
            return remembered[1]
        try:
            checkpoint = Checkpoint(root, _manifest(root, number, digest))
        except FileNotFoundError:
            if attempt < 3 and _pointer(root) != pointer:
                continue
            raise CheckpointWrong(file=manifest_path(number), path=str(root)) from None
        if remembered is not None:
            checkpoint.share(remembered[1])
        _READ[str(root)] = (digest, checkpoint)
        while len(_READ) > _REMEMBERED:
            _READ.popitem(last=False)
        return checkpoint
    raise CheckpointWrong(file=POINTER, path=str(root))


def forget(root: Path) -> None:
    """Read the lake's checkpoint from the disk when it is asked for next."""
    _READ.pop(str(root), None)


def manifest_path(number: int) -> str:
    """Where the manifest of a checkpoint lies, relative to the lake."""
    return f"{FOLDER}/{number:08d}.json"


def segment_path(table: str, month: str, digest: str) -> str:
    """Where a segment lies, relative to the lake."""
    return f"{FOLDER}/tables/{table}/{month or 'all'}/{digest[:24]}.json"


def delivery_path(place: int, digest: str) -> str:
    """Where a file of deliveries lies, relative to the lake."""
    return f"{FOLDER}/deliveries/{place:05d}-{digest[:24]}.bin"


def _pointer(root: Path) -> tuple[int, str] | None:
    try:
        written = json.loads(content_of(root / POINTER))
        return int(written["number"]), str(written["manifest"])
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError):
        raise CheckpointWrong(file=POINTER, path=str(root)) from None


def _whole(root: Path, place: str, digest: str) -> bytes:
    """A file of the checkpoint. CheckpointWrong where it is not of that sha256, or no file."""
    try:
        content = content_of(root / place)
    except ValueError:
        content = b""
    if hashlib.sha256(content).hexdigest() != digest:
        raise CheckpointWrong(file=place, path=str(root))
    return content


def _manifest(root: Path, number: int, digest: str) -> Manifest:
    content = _whole(root, manifest_path(number), digest)
    wrong = CheckpointWrong(file=manifest_path(number), path=str(root))
    try:
        manifest = Manifest.read(content)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise wrong from None
    if manifest.number != number:
        raise wrong
    return manifest


def _extend(history: History, content: bytes, place: str) -> None:
    try:
        history.extend(content)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise CheckpointWrong(file=place, path="") from None
