"""Attachments that cost: bombs and tangles, answered in so many times what reading their bytes once
with the standard library's inflater and a search costs. Bar: 2 s of CPU each.

    .venv/bin/python bench/attachments.py

Least of three runs; prints a line a file and exits with 1 where one is above the bar.
"""

from __future__ import annotations

import re
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "src")]

BAR = 2.0
TURNS = 3
_TANGLES = (b"1%", b"1 ", b"1 1 ", b"1 0 obj<<", b"obj ", b"/A[", b"((")
_ANY = re.compile(rb"\w+")


def least(work: Callable[[], object]) -> float:
    """The least CPU seconds of some turns."""
    seconds = []
    for _ in range(TURNS):
        before = time.process_time()
        work()
        seconds.append(time.process_time() - before)
    return min(seconds)


def main() -> int:
    """Print each file's figures."""
    from qor.law.nouns.refusals import Refusal
    from qor.workflow.disputes.file_kinds import kind_of

    def answer(content: bytes) -> None:
        try:
            kind_of("a.pdf", content)
        except Refusal:
            return

    packed = zlib.compress(bytes(150 << 20))
    bomb = b"%%PDF-1.7\n1 0 obj\n<</Length %d /Filter /FlateDecode>>\nstream\n" % len(packed)
    files = {"150 MiB packed": bomb + packed + b"\nendstream\nendobj\n%%EOF"} | {
        f"tangle {more.decode()}": b"%PDF-1.7\n1 0 obj\n" + more * ((10 << 20) // len(more))
        for more in _TANGLES
    }
    slow = 0
    for name, content in files.items():
        ours = least(lambda content=content: answer(content))  # type: ignore[misc]
        floor = least(lambda content=content: len(_ANY.findall(content)))  # type: ignore[misc]
        print(f"{name:20} {ours:6.2f} s  {ours / max(floor, 0.001):6.1f} x one search  bar {BAR} s")
        slow += ours > BAR
    print(f"above the bar: {slow}")
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
