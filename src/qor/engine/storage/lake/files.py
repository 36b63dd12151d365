"""The files of a lake: linking an entry into its log, and what lies among its data."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qor.engine.storage.lake.log import HEAD, Entry, Head, entry_path, sync, write_head

PLACED = "placed"


def link_entry(root: Path, folder: Path, facts: dict[str, Any], before: Entry | None) -> None:
    """Announce an entry in the head, link it into the log, and make it the head. A writer killed in
    between has committed or has not."""
    number, last = facts["number"], (before.number, before.sha256) if before else (0, "")
    draft = folder / "entry.json"
    content = (json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    draft.write_bytes(content)
    sync(draft)
    digest = hashlib.sha256(content).hexdigest()
    write_head(root, folder, Head(*last, number, digest))
    place = entry_path(root, number)
    if not place.parent.exists():
        place.parent.mkdir()
        sync(root / "log")
    os.link(draft, place)
    sync(place.parent)
    draft.unlink()
    write_head(root, folder, Head(number, digest))


def placed(root: Path) -> set[str]:
    """The files that a writer now at work, or one that died, has put among the data."""
    paths: set[str] = set()
    for listed in (root / "tmp").glob(f"*/{PLACED}"):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            paths |= set(listed.read_text("utf-8").splitlines())
    return {path for path in paths if path.startswith("data/") and ".." not in path}


def data_files(root: Path) -> Iterator[str]:
    """Everything that lies in the data folder and is not a folder, relative to the lake."""
    for folder, _, names in os.walk(root / "data"):
        for name in names:
            yield str((Path(folder) / name).relative_to(root))


def unnamed(root: Path) -> bool:
    """Whether data lie in a lake whose log is empty and which no writer has begun."""
    if (root / HEAD).exists() or not (root / "data").is_dir():
        return False
    begun = placed(root)
    return any(path not in begun for path in data_files(root))
