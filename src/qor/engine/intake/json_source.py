"""JSON Lines: one object a line; no key twice, no object inside an object."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qor.engine.intake.refusals import (
    EmptyFile,
    KeyTwice,
    NotJson,
    NulByte,
    UnreadableSigns,
    WrongEncoding,
)
from qor.engine.intake.sources import Staged, our_columns
from qor.engine.intake.tables import Table
from qor.engine.intake.typed_rows import as_text, number_text, stage_rows, staged_rows
from qor.engine.storage.duck import Connection

_KINDS = {list: "[…]", str: '"…"', bool: "true/false", type(None): "null"}


def stage_json_lines(connection: Connection, path: Path, table: Table, folder: Path) -> Staged:
    """Stage a file of one JSON object a line; numbers are taken by their text, lists are joined
    with `;`."""
    headers = list(dict.fromkeys(key for _, facts in _objects(path) for key in facts))
    if not headers:
        raise EmptyFile(file=path.name)
    meant = our_columns(path.name, headers, table)
    columns, keys = tuple(meant.values()), [headers[position] for position in meant]
    rows = ([line, *(as_text(facts.get(key)) for key in keys)] for line, facts in _objects(path))
    ignored = tuple(
        header for position, header in enumerate(headers) if position not in meant and header
    )
    return staged_rows(
        connection,
        stage_rows(connection, path, rows, columns, table, folder),
        columns,
        ignored=ignored,
    )


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("rb") as file:
        for line, raw in enumerate(file, start=1):
            if raw.strip(b"\xef\xbb\xbf \t\r\n"):
                yield line, _object(path, line, raw)


def _object(path: Path, line: int, raw: bytes) -> dict[str, Any]:
    def pairs(pairs_of_line: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs_of_line)
        if len(values) < len(pairs_of_line):
            [(key, _)] = Counter(key for key, _ in pairs_of_line).most_common(1)
            raise KeyTwice(file=path.name, line=line, column=key)
        return values

    if b"\0" in raw or b"\\u0000" in raw:
        raise NulByte(file=path.name, line=line)
    try:
        facts = json.loads(
            raw.decode("utf-8-sig"),
            parse_float=number_text,
            parse_int=str,
            parse_constant=str,
            object_pairs_hook=pairs,
        )
    except UnicodeDecodeError as error:
        raise WrongEncoding(file=path.name, line=line, found=f"0x{raw[error.start]:02x}") from None
    except json.JSONDecodeError as error:
        raise NotJson(file=path.name, line=line, detail=str(error.colno)) from None
    except RecursionError:
        raise NotJson(file=path.name, line=line, detail="[[[…") from None
    if not isinstance(facts, dict):
        raise NotJson(file=path.name, line=line, detail=_KINDS.get(type(facts), "0"))
    _refuse_odd_values(path, line, facts)
    return facts


def _refuse_odd_values(path: Path, line: int, facts: dict[str, Any]) -> None:
    for key, value in facts.items():
        if _has_object(value):
            raise NotJson(file=path.name, line=line, detail=f"{key}: {{…}}")
        try:
            as_text(value).encode()
            key.encode()
        except UnicodeEncodeError:
            raise UnreadableSigns(file=path.name, line=line) from None


def _has_object(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(map(_has_object, value)))
