"""Which rows of a month must be told one by one: found in one pass over the services, so that the
rest is only summed.

Narrow sums by contract line and day first; then the rows with a decision or a return and, where a
line's month's sum may be passed, those from the day on which it may be.
"""

from __future__ import annotations

from qor.engine.settlement.limits import counted_first, map_contracts
from qor.engine.settlement.values import FUNDING, NAMED, complex_forms, priced
from qor.engine.storage.duck import Connection, literal, literals, one
from qor.law.nouns.months import Month
from qor.law.rules.ways_of_paying import EXCEPTED

_WIDE = "DECIMAL(38,2)"
FIRST = "DATE '1900-01-01'"
NEVER = "DATE '9999-12-31'"
NOT_NAMED = "contract_not_named"


def mapped(row: str, day: str = "") -> str:
    """SQL: the row `m` of `contract_map` is that of `row`, whose day is its column `day` unless
    `day` says how it is read."""
    same = " AND ".join(
        f"m.{name} = {row}.{name}" for name in ("provider_bin", "named", "care_form", "funding")
    )
    return f"{same} AND m.day = {day or f'{row}.day'}"


def _day_of(row: str) -> str:
    return f"CAST({row}.ended_at AS DATE)"


def sum_days(connection: Connection) -> None:
    """`raw_days`: rows and sums as they are billed, by all that matters here, in the one pass over
    the services.

    `grouped_days`: rows and their worth by provider, contract named, care form, funding, day and
    whether the scale leaves them alone; `contract_map`: whose contract it is on the day.
    """
    connection.execute("""CREATE OR REPLACE TEMP TABLE raw_days AS
        SELECT provider_bin, contract_no, care_form, funding, setting, unscaled, subcontract_bin,
            CAST(ended_at AS DATE) AS day, count(*) AS n,
               sum(amount) AS amount
        FROM raw_rows GROUP BY ALL""")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE grouped_days AS
        SELECT g.provider_bin, {NAMED} AS named, g.care_form, {FUNDING} AS funding, g.day,
            g.unscaled, sum(g.n) AS n,
               CAST(sum({priced("g", _WIDE)}) AS {_WIDE}) AS claimed
        FROM raw_days g GROUP BY ALL""")
    map_contracts(
        connection, "SELECT provider_bin, named, care_form, funding, day FROM grouped_days"
    )


def return_not_named(connection: Connection) -> None:
    """Add to `turned_back` the services that name none of several contracts that cover them, where
    they go back; one pass more, and only then.

    Sources: 291/2020:15, 291/2020:21; interpretation service_of_several_contracts.
    """
    if not one(
        connection, "SELECT count(*) AS n FROM contract_map WHERE not_named AND contract_no = ''"
    )["n"]:
        return
    connection.execute(f"""INSERT INTO turned_back
        SELECT r.provider_bin, r.service_id, {literal(NOT_NAMED)} FROM month_rows r
        JOIN contract_map m ON {mapped("r", _day_of("r"))} AND m.not_named AND m.contract_no = ''
        ANTI JOIN turned_back t ON t.provider_bin = r.provider_bin
            AND t.service_id = r.service_id""")


def itemise(connection: Connection, month: Month) -> None:
    """`itemised`: the rows to be told one by one, with their contract and worth; `patients`: who
    carries a complex tariff.

    So are rows whose contract could not be told later from the month's act lines alone (`split`):
    it is neither the one that they name nor the first of their form and funding, as contracts began
    or ended within the month. A line's sum may be passed from the day on which its bills alone pass
    it: whatever is returned, held or deducted only makes that later.
    """
    _patients(connection)
    _itemised_from(connection, month)
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE line_starts AS
        SELECT c.*, CASE WHEN c.split THEN {FIRST} ELSE coalesce(y.first_day,
            {NEVER}) END AS first_day
        FROM (SELECT *, contract_no <> coalesce(CASE WHEN list_contains(list(contract_no)
            OVER line, named) AND named <> '' THEN named
                                                ELSE min(nullif(contract_no, ''))
                                                    OVER line END, '') AS split
              FROM contract_map WINDOW line AS (PARTITION BY provider_bin, care_form, funding)) c
        LEFT JOIN itemised_from y ON y.contract_no = c.contract_no AND y.care_form = c.care_form
            AND y.funding = c.funding""")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE itemised_rows AS
        SELECT r.provider_bin, r.service_id, r.care_form, r.funding, r.ended_at, m.contract_no,
            {priced("r")} AS worth, r.unscaled, r.subcontract_bin,
               m.split
        FROM (SELECT s.provider_bin, s.service_id, {NAMED} AS named, s.care_form,
            {FUNDING} AS funding, s.setting, s.amount, s.ended_at,
                     s.unscaled, s.subcontract_bin,
                     k.service_id IS NOT NULL AS hit
              FROM raw_rows s
              JOIN (SELECT provider_bin, min(first_day) AS first_day FROM line_starts
                  GROUP BY provider_bin) f ON f.provider_bin = s.provider_bin
              LEFT JOIN (SELECT service_id, provider_bin FROM verdicts
                  UNION SELECT service_id, provider_bin FROM turned_back) k
                ON k.service_id = s.service_id AND k.provider_bin = s.provider_bin
              WHERE s.ended_at >= f.first_day OR k.service_id IS NOT NULL) r
        JOIN line_starts m ON {mapped("r", _day_of("r"))} WHERE r.ended_at >= m.first_day
            OR r.hit""")
    connection.execute("""CREATE OR REPLACE TEMP VIEW itemised AS
        SELECT r.*, CAST(coalesce(p.value, r.worth) AS DECIMAL(18,2)) AS value
        FROM itemised_rows r LEFT JOIN patients p ON p.provider_bin = r.provider_bin
            AND p.service_id = r.service_id""")


def _patients(connection: Connection) -> None:
    """`patients`: for each patient of a form with a complex tariff the service that carries it: one
    that is paid before one that waits or went back."""
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE patients AS
        SELECT provider_bin, named, care_form, funding, service_id, day, value FROM (
            SELECT r.provider_bin, r.named, r.care_form, r.funding, r.service_id,
                CAST(r.ended_at AS DATE) AS day, coalesce(n.value, 0) AS value,
                   row_number() OVER (PARTITION BY r.provider_bin, r.care_form, r.person
                                      ORDER BY t.service_id IS NOT NULL, coalesce(v.open, FALSE),
                                          r.ended_at, r.service_id) AS nth
            FROM (SELECT provider_bin, named, care_form, funding, service_id, ended_at,
                coalesce(iin, card_no, service_id) AS person
                  FROM month_rows WHERE care_form IN ({literals(complex_forms())})) r
            LEFT JOIN tariffs_of n ON n.bin = r.provider_bin AND n.care_form = r.care_form
            LEFT JOIN turned_back t ON t.provider_bin = r.provider_bin
                AND t.service_id = r.service_id
            LEFT JOIN verdicts v ON v.provider_bin = r.provider_bin AND v.service_id = r.service_id)
                WHERE nth = 1""")


def itemise_contracts_over_limit(connection: Connection) -> None:
    """Add all rows of contracts whose year or December is passed (`contracts_over_limit`): there
    the order goes across lines. Seldom, and then one pass more."""
    if not one(connection, "SELECT count(*) AS n FROM contracts_over_limit")["n"]:
        return
    connection.execute(f"""INSERT INTO itemised_rows
        SELECT r.provider_bin, r.service_id, r.care_form, r.funding, r.ended_at, m.contract_no,
            {priced("r")}, r.unscaled, r.subcontract_bin, FALSE
        FROM month_rows r JOIN contract_map m ON {mapped("r", _day_of("r"))}
        SEMI JOIN contracts_over_limit b ON b.contract_no = m.contract_no
        ANTI JOIN itemised_rows i ON i.provider_bin = r.provider_bin
            AND i.service_id = r.service_id""")


def _itemised_from(connection: Connection, month: Month) -> None:
    """`itemised_from`: lines whose bills pass the month's sum, and the first day on which they do;
    from the first where no contract or no sum is there.

    What the scale leaves alone never passes it, but may use it up first (interpretation
    scale_exceptions_and_the_sum).
    """
    this = literal(str(month))
    counted = counted_first()
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE itemised_from AS
        WITH days AS (
            SELECT m.contract_no, g.care_form, g.funding, g.day, g.unscaled, g.claimed FROM (
                SELECT provider_bin, named, care_form, funding, day, unscaled, claimed
                    FROM grouped_days
                UNION ALL SELECT provider_bin, named, care_form, funding, day, FALSE, value
                    FROM patients) g
            JOIN contract_map m ON {mapped("g")}
            UNION ALL SELECT contract_no, care_form, funding, {FIRST}, FALSE, amount
                FROM capitation_amounts WHERE service_month = {this}),
        summed AS (
            SELECT d.*, sum(CASE WHEN d.unscaled AND NOT {counted} THEN 0 ELSE d.claimed END)
                        OVER (PARTITION BY d.contract_no, d.care_form, d.funding
                            ORDER BY d.day) AS upto
            FROM (SELECT contract_no, care_form, funding, day, unscaled, sum(claimed) AS claimed
                FROM days GROUP BY ALL) d)
        SELECT s.contract_no, s.care_form, s.funding,
               min(CASE WHEN s.contract_no = '' OR q.contract_no IS NOT NULL OR {counted}
                   THEN {FIRST} ELSE s.day END) AS first_day
        FROM summed s
        LEFT JOIN line_plans p ON p.contract_no = s.contract_no AND p.care_form = s.care_form
            AND p.funding = s.funding AND p.service_month = {this}
        LEFT JOIN (SELECT contract_no, care_form, funding, sum(used) AS used FROM standing
                   WHERE service_month = {this} AND (NOT unscaled OR {counted}) GROUP BY ALL) u
          ON u.contract_no = s.contract_no AND u.care_form = s.care_form AND u.funding = s.funding
        LEFT JOIN sums_missing q ON q.contract_no = s.contract_no AND q.care_form = s.care_form
            AND q.funding = s.funding AND q.service_month = {this}
        LEFT JOIN ways w ON w.care_form = s.care_form
        WHERE s.contract_no = '' OR q.contract_no IS NOT NULL
           OR (p.plan IS NOT NULL AND w.scale <> {literal(EXCEPTED)}
               AND coalesce(u.used, 0) + s.upto > p.plan)
        GROUP BY ALL""")
