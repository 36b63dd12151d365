"""What each service is worth in an act, by its way of paying, and the sums paid per capita
(291/2020:39, 47, 47-1, 63, 70).

A service of a form paid per capita is worth nothing by itself; one of a form with a complex tariff
carries the tariff once for each patient of the month; all others their billed amount.
"""

from __future__ import annotations

from pathlib import Path

from qor.engine.checks import entitlements
from qor.engine.intake.lake_rows import source
from qor.engine.storage.duck import Connection, literal, literals, parquet
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import make_view
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.months import Month, year_upto
from qor.law.rules.deductions import norm_kinds
from qor.law.rules.ways_of_paying import Way, ways_of_paying

COLUMNS = (
    "provider_bin, service_id, iin, card_no, identity_kind, care_form, setting, funding, "
    "contract_no, amount, started_at, ended_at, outcome, "
    "subcontract_bin"
)
# What a row of `raw_rows` becomes in `billed_rows`: an empty contract or funding is an empty text.
# Reckoned late, not for every row of a nation.
NAMED, FUNDING = "coalesce(contract_no, '')", "coalesce(funding, '')"
_MONEY = "DECIMAL(18,2)"


def prepare_values(
    connection: Connection, lake: Lake, month: Month, folder: Path, unscaled: str = "FALSE"
) -> None:
    """Make `ways`, `coefficient_lines`, `raw_rows` and `billed_rows` (services), `tariffs_of` (norm
    of each provider and form).

    `unscaled` is the condition of `exceptions.unscaled_by_month`: a column of each row, computed
    where it is read.
    """
    lines = [(w.care_form.value, w.way.value, w.scale) for w in ways_of_paying()]
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE ways AS SELECT * FROM (VALUES "
        f"{', '.join(f'({literals(line)})' for line in lines)}) w(care_form, way, scale)"
    )
    rows = source(lake, "services", [month])
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW raw_rows AS SELECT {COLUMNS}, {unscaled} AS "
        f"unscaled FROM ({rows})"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW billed_rows AS SELECT * REPLACE ({FUNDING} AS "
        f"funding), {NAMED} AS named FROM raw_rows"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW coefficients AS {source(lake, 'coefficients')}"
    )
    entitlements.prepare(connection, folder)
    make_norms(connection, lake, month)


def priced(row: str, kind: str = _MONEY) -> str:
    """SQL: the worth of a service `row` in tenge, but for complex tariffs, which are nothing here:
    patients carry them. Sources: 291/2020:63."""
    free = [
        f"({row}.care_form = {literal(w.care_form.value)}{_not_in(row, w.priced_settings)})"
        for w in ways_of_paying()
        if w.way is Way.PER_CAPITA
    ]
    return f"""CAST(CASE WHEN {" OR ".join(free)} OR {row}.care_form IN
        ({literals(forms_of(Way.COMPLEX))}) THEN 0 ELSE {row}.amount END AS {kind})"""


def complex_forms() -> list[str]:
    """The forms of care paid by a complex tariff."""
    return forms_of(Way.COMPLEX)


def never_served(connection: Connection, lake: Lake, year: int) -> list[tuple[str, str, int, int]]:
    """BIN, month, people with and without contributions: attached in the month and on the year's
    last day, served by their provider in none of it.

    Reads the year's services once. Who was attached elsewhere after the year ended stands where
    December's closing found him. Sources: 291/2020:47-1.
    """
    months = year_upto(Month(year, 12))
    make_view(connection, "year_people", _people_of(lake, months[-1]))
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE unserved AS
        SELECT p.iin, p.attached_bin AS bin, p.attached_since, p.birth_date
            FROM year_people p
        ANTI JOIN (SELECT DISTINCT iin, provider_bin FROM ({source(lake, "services", months)})) s
            ON s.iin = p.iin AND s.provider_bin = p.attached_bin
        WHERE p.attached_bin IS NOT NULL AND p.attached_since <= {literal(months[-1].last)}
          AND (p.death_date IS NULL OR p.death_date > {literal(months[-1].last)})""")
    found: list[tuple[str, str, int, int]] = []
    for of in months:
        on = literal(of.last)
        found += connection.execute(f"""SELECT u.bin, {literal(str(of))}, count(i.iin),
            count(*) FILTER (WHERE i.iin IS NULL) FROM unserved u
            LEFT JOIN (SELECT DISTINCT iin FROM ({source(lake, "insured")}) WHERE valid_from <= {on}
                AND (valid_to IS NULL OR valid_to >= {on})) i
              ON i.iin = u.iin WHERE u.attached_since <= {on} AND u.birth_date <= {on}
                  GROUP BY u.bin ORDER BY u.bin""").fetchall()
    return found


def _people_of(lake: Lake, december: Month) -> str:
    """SQL: the population register as it says now, but for those who were attached elsewhere since
    the year ended: of them what it said when December was closed."""
    now = source(lake, "people")
    freeze = lake.last_of(december, "freeze")
    then = lake.files_of(lake.parts("people", upto=freeze.number)) if freeze else []
    if not then:
        return now
    columns = "iin, attached_bin, attached_since, birth_date, death_date"
    later = f"attached_since > {literal(december.last)}"
    return f"""SELECT {columns} FROM ({now}) WHERE NOT coalesce({later}, FALSE)
        UNION ALL SELECT t.iin, t.attached_bin, t.attached_since, t.birth_date, n.death_date
        FROM {parquet(then)} t JOIN ({now}) n ON n.iin = t.iin AND n.{later}"""


def make_norms(connection: Connection, lake: Lake, month: Month) -> None:
    """`tariffs_of`: the provider's own norm before the general one, the first kind of norm that
    there is, on the month's last day."""
    kinds = [
        (form.value, rank, kind) for form in CareForm for rank, kind in enumerate(norm_kinds(form))
    ]
    listed = ", ".join(f"({literals(kind)})" for kind in kinds)
    on = literal(month.last)
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE tariffs_of AS
        SELECT bin, care_form, value FROM (
            SELECT b.bin, k.care_form, n.value, row_number() OVER (PARTITION BY b.bin, k.care_form
                       ORDER BY CASE WHEN n.bin = '*' THEN 1
                           ELSE 0 END, k.rank, n.valid_from DESC) AS nth
            FROM (SELECT bin FROM ({source(lake, "providers")})) b CROSS
                JOIN (VALUES {listed}) k(care_form, rank, kind)
            JOIN ({source(lake, "norms")}) n ON n.kind = k.kind AND (n.bin = b.bin OR n.bin = '*')
             AND n.valid_from <= {on} AND (n.valid_to IS NULL OR n.valid_to >= {on}))
                 WHERE nth = 1""")


def forms_of(way: Way) -> list[str]:
    """The forms of care paid in a way."""
    return [w.care_form.value for w in ways_of_paying() if w.way is way]


def _not_in(row: str, settings: tuple[str, ...]) -> str:
    return f" AND coalesce({row}.setting, '') NOT IN ({literals(settings)})" if settings else ""
