"""Registers of every format, mutated and handed in: no traceback, no answer later than ten seconds,
every row accepted or rejected.

    .venv/bin/python bench/mutated_registers.py [--count 5000] [--seed 1]

Each mutant is made from its seed and number alone (but for the times that a workbook carries), so
that one can be made again: --only NUMBER. Workers are processes: one that dies (a crash of a
library) is counted, and the next takes over.
"""

from __future__ import annotations

import argparse
import csv
import faulthandler
import gzip
import io
import json
import random
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb
import openpyxl

from qor.engine.intake.receive import Delivery, receive
from qor.engine.simulate.world import provider_bins
from qor.engine.storage.duck import literal
from qor.engine.storage.lake import Lake
from qor.interfaces.messages import refusal_text
from qor.law.nouns.refusals import Refusal

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MOST_SECONDS = 10
_BINS = provider_bins(2)
_SIGNS = [
    "\0",
    "\ufeff",
    "\u200b",
    "\xad",
    '"',
    '""',
    "'",
    "\r",
    "\n",
    "\r\n",
    "\t",
    ",",
    ";",
    "\\",
    "*",
    "†",
    "\x07",
    "\x1f",
    "\x85",
    "\u2028",
    "\ud7ff",
    "\U0001f600",
    "Ќ",
    "Қ",
    "e\u0301",
    "{",
    "}",
    "[",
    "=1+1",
    "<",
    "&",
    "%",
    "12,400",
    "1 2 3",
    "1e309",
    "NaN",
    "∞",
    "-",
    "9" * 40,
    " ",
    "\xa0",
]


def rows(chance: random.Random) -> list[dict[str, Any]]:
    """A few rows of a register, as they should be."""
    return [
        {
            "provider_bin": chance.choice(_BINS),
            "service_id": f"Қ-{number}",
            "iin": "",
            "care_form": "outpatient",
            "setting": "visit",
            "service_code": "A02.001.000",
            "icd10_main": "I20.0",
            "started_at": f"2026-02-{number % 28 + 1:02d} 09:00:00",
            "ended_at": f"2026-02-{number % 28 + 1:02d} 09:20:00",
            "registered_at": "2026-03-01 12:00:00",
            "quantity": "1",
            "amount": f"{chance.randrange(1, 99999)}.{chance.randrange(100):02d}",
            "card_no": f'"Емхана" {number}',
            "register_no": "R1",
        }
        for number in range(chance.randrange(1, 40))
    ]


def as_csv(chance: random.Random, register: list[dict[str, Any]], folder: Path) -> bytes:
    """CSV of any delimiter, encoding and line end."""
    out = io.StringIO()
    quoting: Literal[0, 1] = chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    writer = csv.writer(
        out,
        delimiter=chance.choice(",;\t"),
        lineterminator=chance.choice(["\n", "\r\n"]),
        quoting=quoting,
    )
    writer.writerow(register[0])
    writer.writerows(row.values() for row in register)
    content = out.getvalue().encode(chance.choice(["utf-8", "utf-8-sig", "kz1048"]))
    return gzip.compress(content, mtime=0) if chance.random() < 0.05 else content


def as_json(chance: random.Random, register: list[dict[str, Any]], folder: Path) -> bytes:
    """JSON Lines."""
    escape = chance.random() < 0.5
    return "".join(json.dumps(row, ensure_ascii=escape) + "\n" for row in register).encode()


def as_xlsx(chance: random.Random, register: list[dict[str, Any]], folder: Path) -> bytes:
    """A workbook of one or two sheets."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in [list(register[0]), *(list(row.values()) for row in register)]:
        sheet.append(row)
    if chance.random() < 0.3:
        book.create_sheet("two").append(["note"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_parquet(chance: random.Random, register: list[dict[str, Any]], folder: Path) -> bytes:
    """Parquet of any compression, amounts as text, decimals or floats."""
    source, target = folder / "source.jsonl", folder / "made.parquet"
    source.write_text("".join(json.dumps(row) + "\n" for row in register))
    kind = chance.choice(["VARCHAR", "DECIMAL(18,2)", "DOUBLE", "FLOAT"])
    codec = chance.choice(["snappy", "zstd", "gzip", "uncompressed"])
    columns = ", ".join(
        f"CAST({key} AS {kind if key == 'amount' else 'VARCHAR'}) AS {key}" for key in register[0]
    )
    duckdb.execute(
        f"COPY (SELECT {columns} FROM read_json({literal(source)}, format = 'newline_delimited'))"
        f" TO {literal(target)} (FORMAT parquet, COMPRESSION {codec})"
    )
    return target.read_bytes()


_FORMATS: dict[str, Callable[[random.Random, list[dict[str, Any]], Path], bytes]] = {
    "csv": as_csv,
    "jsonl": as_json,
    "xlsx": as_xlsx,
    "parquet": as_parquet,
}


def flip(chance: random.Random, content: bytes) -> bytes:
    """One to five bytes changed."""
    changed = bytearray(content)
    for _ in range(chance.randrange(1, 6)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(chance: random.Random, content: bytes) -> bytes:
    """The end is missing."""
    return content[: chance.randrange(len(content))]


def drop(chance: random.Random, content: bytes) -> bytes:
    """A piece is missing."""
    at = chance.randrange(len(content))
    return content[:at] + content[at + chance.randrange(1, 200) :]


def swap(chance: random.Random, content: bytes) -> bytes:
    """Two pieces in each other's place."""
    first, second = sorted(chance.randrange(len(content)) for _ in range(2))
    return content[second:] + content[first:second] + content[:first]


def repeat(chance: random.Random, content: bytes) -> bytes:
    """A piece twice."""
    at = chance.randrange(len(content))
    return content[: at + chance.randrange(1, 400)] + content[at:]


def insert(chance: random.Random, content: bytes) -> bytes:
    """Signs where none belong."""
    for _ in range(chance.randrange(1, 5)):
        sign = chance.choice(_SIGNS).encode("utf-8", errors="surrogatepass")
        sign = chance.choice([sign, sign, bytes([chance.randrange(256)])])
        at = chance.randrange(len(content) + 1)
        content = content[:at] + sign + content[at:]
    return content


def two_headers(chance: random.Random, content: bytes) -> bytes:
    """The first line again, somewhere."""
    lines = content.split(b"\n")
    lines.insert(chance.randrange(len(lines) + 1), lines[0])
    return b"\n".join(lines)


def huge_cell(chance: random.Random, content: bytes) -> bytes:
    """A cell of up to three megabytes, of letters, quotes, delimiters or line ends."""
    at = chance.randrange(len(content))
    return (
        content[:at]
        + chance.choice([b"x", b'"', b",", b";", b"\n", b"x,", b"\xd2\x9a"])
        * chance.choice([100, 10_000, 87_500, 1_500_000])
        + content[at:]
    )


def ends(chance: random.Random, content: bytes) -> bytes:
    """Line ends of another kind from somewhere on."""
    at = chance.randrange(len(content))
    return content[:at] + content[at:].replace(
        b"\n", chance.choice([b"\r\n", b"\r", b"\r\r\n", b"\n\n"])
    )


def other_encoding(chance: random.Random, content: bytes) -> bytes:
    """All or a part in another encoding."""
    at = chance.choice([0, chance.randrange(len(content))])
    text = content[at:].decode("utf-8", errors="replace")
    return content[:at] + text.encode(
        chance.choice(["utf-16", "kz1048", "cp1251", "utf-16-le"]), errors="replace"
    )


def member(chance: random.Random, content: bytes) -> bytes:
    """A member of the workbook mutated, left out, or packed otherwise."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except Exception:
        return content
    chosen = chance.choice(sorted(members))
    how = chance.choice([flip, cut, drop, insert, repeat, None])
    if how is None:
        del members[chosen]
    elif members[chosen]:
        members[chosen] = how(chance, members[chosen])
    out = io.BytesIO()
    with zipfile.ZipFile(
        out, "w", chance.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_LZMA])
    ) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


_Mutation = Callable[[random.Random, bytes], bytes]
_BYTES: list[_Mutation] = [flip, cut, drop, swap, repeat, insert]
_TEXTS: list[_Mutation] = [*_BYTES, insert, insert, two_headers, huge_cell, ends, other_encoding]
_MUTATIONS: dict[str, list[_Mutation]] = {
    "csv": _TEXTS,
    "jsonl": _TEXTS,
    "xlsx": [*_BYTES, *[member] * 12],
    "parquet": _BYTES,
}


def mutant(seed: int, number: int, folder: Path) -> tuple[str, bytes]:
    """The mutant of that number: its file name and bytes."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311
    kind = chance.choice(["csv", "csv", "jsonl", "xlsx", "parquet"])
    content = _FORMATS[kind](chance, rows(chance), folder)
    for _ in range(chance.choice([1, 1, 2, 3])):
        content = chance.choice(_MUTATIONS[kind])(chance, content) if content else content
    ending = (
        kind
        if chance.random() < 0.9
        else chance.choice(["csv.gz", "xlsx", "txt", "parquet", "json"])
    )
    return f"m{number}.{ending}", content


def judged(lake: Lake, seed: int, number: int, folder: Path) -> dict[str, Any]:
    """Hand a mutant in; what became of it."""
    name, content = mutant(seed, number, folder)
    path = folder / name
    path.write_bytes(content)
    start = time.monotonic()
    facts: dict[str, Any] = {"number": number, "end": "taken"}
    try:
        receipt = receive(lake, Delivery(path, "services", None, "bench", AT))
        facts["balanced"] = receipt.received == receipt.accepted + receipt.rejected
    except Refusal as refusal:
        facts |= {"end": f"refused: {refusal.key}"}
        said = [refusal_text(refusal, language) for language in ("kk", "ru", "en")]
        facts["path_shown"] = any(str(folder) in text for text in said)
    except Exception:
        facts |= {"end": "traceback", "traceback": traceback.format_exc()}
    path.unlink()
    return facts | {"seconds": time.monotonic() - start}


def work(seed: int, first: int, last: int) -> None:
    """Judge the mutants of a range, one printed line each; a worker that hangs ends itself."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lake: Lake | None = None
        for number in range(first, last):
            if lake is None or number % 50 == 0:
                lake = Lake(folder / f"lake{number}")
                providers = folder / "providers.csv"
                providers.write_text("bin,region\n" + "".join(f"{bin_},71\n" for bin_ in _BINS))
                receive(lake, Delivery(providers, "providers", None, "bench", AT))
            faulthandler.dump_traceback_later(6 * MOST_SECONDS, exit=True)
            print(json.dumps(judged(lake, seed, number, folder)), flush=True)


def run(seed: int, first: int, last: int) -> list[dict[str, Any]]:
    """All mutants of a range, in workers of their own; one that dies, or gives no answer in time,
    is a fact too."""
    done: list[dict[str, Any]] = []
    while first < last:
        command = [sys.executable, __file__, "--seed", str(seed), "--work", str(first), str(last)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            for line in worker.stdout:
                done.append(json.loads(line))
                first += 1
        if first < last:
            done.append({"number": first, "end": "worker died", "seconds": 0})
            first += 1
    return done


def main() -> int:
    """Run, print the counts, answer 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int)
    parser.add_argument("--work", nargs=2, type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        work(given.seed, *given.work)
        return 0
    first, last = (given.only, given.only + 1) if given.only is not None else (0, given.count)
    done = run(given.seed, first, last)
    for facts in done:
        if (
            facts["end"] in {"traceback", "worker died"}
            or not facts.get("balanced", True)
            or facts["seconds"] > MOST_SECONDS
        ):
            print(
                facts["number"],
                facts["end"],
                f"{facts['seconds']:.1f} s",
                facts.get("traceback", ""),
            )
    tracebacks = sum(facts["end"] in {"traceback", "worker died"} for facts in done)
    late = sum(facts["seconds"] > MOST_SECONDS for facts in done)
    unbalanced = sum(not facts.get("balanced", True) for facts in done)
    paths = sum(facts.get("path_shown", False) for facts in done)
    for end, count in Counter(facts["end"] for facts in done).most_common():
        print(f"{count:>7,}  {end}")
    print(
        f"{len(done):,} mutants: {tracebacks} tracebacks, {late} without an answer in "
        f"{MOST_SECONDS} s,"
    )
    print(
        f"{unbalanced} where received is not accepted + rejected, {paths} paths in a "
        f"sentence; slowest {max(f['seconds'] for f in done):.1f} s"
    )
    return int(bool(tracebacks or late or unbalanced or paths))


if __name__ == "__main__":
    sys.exit(main())
