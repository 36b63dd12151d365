"""What passes a limit: month's sums, December's mean and the year's sum; services of such lines are
cut in the order of their ends.

Sources: 291/2020:24, 291/2020:27, 291/2020:61, 291/2020:76, 291/2020:78.
"""

from __future__ import annotations

from qor.engine.settlement.itemised import FIRST, itemise_contracts_over_limit
from qor.engine.settlement.limits import Bands, counted_first, payable_sql
from qor.engine.storage.duck import Connection, literal
from qor.law.nouns.months import Month

_WIDE = "DECIMAL(38,2)"


def sum_line_totals(connection: Connection, month: Month, bands: Bands) -> None:
    """`lines_over_limit`: the lines whose month's sum is passed, and all of contracts
    (`contracts_over_limit`) whose year or December is: there services are told apart."""
    counted = counted_first()
    same = (
        "{0}.contract_no = n.contract_no AND {0}.care_form = n.care_form AND {0}.funding = "
        "n.funding AND {0}.service_month = n.service_month"
    )
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE line_totals AS
        WITH now AS (
            SELECT contract_no, care_form, funding, {literal(str(month))} AS service_month,
                unscaled, claimed AS payable FROM totals
            UNION ALL SELECT contract_no, care_form, funding, service_month, FALSE, amount
                FROM capitation_amounts
            UNION ALL SELECT contract_no, care_form, funding, service_month, unscaled,
                             CASE WHEN earlier THEN amount ELSE 0 END - returned - held - disallowed
                                 FROM judged)
        SELECT n.contract_no, n.care_form, n.funding, n.service_month, n.unscaled, coalesce(w.scale,
            '') AS scale, CAST(n.payable AS {_WIDE}) AS payable,
               CASE WHEN n.unscaled THEN NULL ELSE p.plan END AS plan,
               CAST(coalesce(s.used, 0) + coalesce(x.payable, 0) + coalesce(t.used,
                   0) AS {_WIDE}) AS used
        FROM (SELECT contract_no, care_form, funding, service_month, unscaled,
            sum(payable) AS payable FROM now GROUP BY ALL) n
        LEFT JOIN ways w ON w.care_form = n.care_form
        LEFT JOIN line_plans p ON p.contract_no = n.contract_no AND p.care_form = n.care_form
            AND p.funding = n.funding AND p.service_month = n.service_month
        LEFT JOIN standing s ON {same.format("s")} AND s.unscaled = n.unscaled
        LEFT JOIN (SELECT contract_no, care_form, funding, service_month, sum(payable) AS payable
            FROM now WHERE unscaled GROUP BY ALL) x
          ON {same.format("x")} AND NOT n.unscaled AND {counted}
        LEFT JOIN standing t ON {same.format("t")} AND t.unscaled AND NOT n.unscaled
            AND {counted}""")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE accepted_lines AS
        SELECT *, {_line_pays("used + payable", bands)} - {_line_pays("used", bands)} AS accepted
            FROM line_totals""")
    _mark_over_limit(connection)


def _mark_over_limit(connection: Connection) -> None:
    """`contracts_over_limit` and `lines_over_limit`, by what is left of year and December."""
    connection.execute("""CREATE OR REPLACE TEMP TABLE contract_headroom AS
        SELECT c.contract_no, c.year, y.plan - coalesce(s.accepted, 0) AS headroom
        FROM (SELECT DISTINCT contract_no, substr(service_month, 1, 4) AS year FROM line_totals) c
        LEFT JOIN year_plans y ON y.contract_no = c.contract_no AND y.year = c.year
        LEFT JOIN (SELECT contract_no, substr(service_month, 1, 4) AS year,
            sum(accepted) AS accepted FROM standing GROUP BY ALL) s
          ON s.contract_no = c.contract_no AND s.year = c.year""")
    connection.execute("""CREATE OR REPLACE TEMP TABLE december_headroom AS
        SELECT c.contract_no, c.service_month, c.cap - coalesce(s.accepted, 0) AS headroom
            FROM caps c
        LEFT JOIN (SELECT contract_no, service_month, sum(accepted) AS accepted FROM standing
            GROUP BY ALL) s
          ON s.contract_no = c.contract_no AND s.service_month = c.service_month""")
    connection.execute("""CREATE OR REPLACE TEMP TABLE contracts_over_limit AS
        SELECT a.contract_no FROM (SELECT contract_no, substr(service_month, 1, 4) AS year,
            sum(accepted) AS accepted FROM accepted_lines GROUP BY ALL) a
              JOIN contract_headroom r ON r.contract_no = a.contract_no AND r.year = a.year
                  WHERE a.accepted > r.headroom
        UNION SELECT a.contract_no FROM (SELECT contract_no, service_month,
            sum(accepted) AS accepted FROM accepted_lines GROUP BY ALL) a
              JOIN december_headroom r ON r.contract_no = a.contract_no
                  AND r.service_month = a.service_month WHERE a.accepted > r.headroom""")
    connection.execute("""CREATE OR REPLACE TEMP TABLE lines_over_limit AS
        SELECT contract_no, care_form, funding, service_month, unscaled, scale, plan, used,
            contract_no IN (SELECT contract_no FROM contracts_over_limit) AS contract_over_limit
        FROM accepted_lines WHERE contract_no = '' OR accepted < payable
            OR contract_no IN (SELECT contract_no FROM contracts_over_limit)""")


def _line_pays(total: str, bands: Bands) -> str:
    return (
        f"CASE WHEN contract_no = '' THEN 0 ELSE {payable_sql(total, 'plan', 'scale', bands)} END"
    )


def _starts(connection: Connection, month: Month) -> None:
    """`starts`: from which day on a lines over their limit's services must be told apart: before it
    all fit into the month's sum; and what they came to (`base`)."""
    own = (
        f"l.service_month = {literal(str(month))} AND NOT l.contract_over_limit AND "
        "l.contract_no <> ''"
    )
    of_line = (
        "l.contract_no = {0}.contract_no AND l.care_form = {0}.care_form AND l.funding = "
        "{0}.funding AND l.unscaled = {0}.unscaled"
    )
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE day_sums AS
        SELECT contract_no, care_form, funding, unscaled, day, sum(payable) AS payable FROM (
            SELECT r.contract_no, r.care_form, r.funding, r.unscaled, r.day, r.claimed AS payable
            FROM day_totals r JOIN lines_over_limit l ON {of_line.format("r")} AND {own}
            UNION ALL
            SELECT j.contract_no, j.care_form, j.funding, j.unscaled, j.ended_on,
                -(j.returned + j.held + j.disallowed) FROM judged j
            JOIN lines_over_limit l ON {of_line.format("j")} AND {own} WHERE NOT j.earlier
            UNION ALL
            SELECT u.contract_no, u.care_form, u.funding, FALSE, {FIRST}, u.amount
            FROM (SELECT *, FALSE AS unscaled FROM capitation_amounts
                WHERE service_month = {literal(str(month))}) u JOIN lines_over_limit l
                ON {of_line.format("u")} AND {own})
        GROUP BY ALL""")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE starts AS
        WITH days AS (
            SELECT l.*, d.day, d.payable, l.used + sum(d.payable)
                OVER (PARTITION BY l.contract_no, l.care_form, l.funding, l.unscaled
                ORDER BY d.day) AS upto
            FROM lines_over_limit l JOIN day_sums d ON {of_line.format("d")} AND {own}),
        firsts AS (SELECT contract_no, care_form, funding, unscaled, min(day) AS day FROM days
            WHERE upto > plan GROUP BY ALL)
        SELECT l.*, coalesce(f.day, {FIRST}) AS first_day, CAST(coalesce(d.upto - d.payable,
            l.used) AS {_WIDE}) AS base
        FROM lines_over_limit l LEFT JOIN firsts f ON {of_line.format("f")} AND {own}
        LEFT JOIN days d ON d.contract_no = f.contract_no AND d.care_form = f.care_form
            AND d.funding = f.funding AND d.unscaled = f.unscaled
         AND d.day = f.day""")


def limit_services(connection: Connection, month: Month, bands: Bands) -> None:
    """`limited_services`: services of lines over their limit in the order of their ends, with what
    the line, December and the year let through."""
    _starts(connection, month)
    itemise_contracts_over_limit(connection)
    line = (
        "s.contract_no = {0}.contract_no AND s.care_form = {0}.care_form AND s.funding = "
        "{0}.funding AND s.service_month = {1}"
    )
    this = literal(str(month))
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE payable_rows AS
        SELECT *, row_number() OVER (ORDER BY ended_at, provider_bin, service_id, kind) AS seq
            FROM (
            SELECT r.provider_bin, r.contract_no, r.care_form, r.funding, {this} AS service_month,
                r.unscaled, r.service_id, r.ended_at, 'service' AS kind,
                   CAST(r.value - coalesce(j.returned + j.held + j.disallowed,
                       0) AS {_WIDE}) AS payable, s.plan, s.scale, s.base
            FROM itemised r JOIN starts s ON {line.format("r", this)} AND s.unscaled = r.unscaled
                AND r.ended_at >= s.first_day
            LEFT JOIN judged j ON j.provider_bin = r.provider_bin AND j.service_id = r.service_id
                AND NOT j.earlier
            UNION ALL
            SELECT j.provider_bin, j.contract_no, j.care_form, j.funding, j.service_month,
                j.unscaled, j.service_id, CAST(j.ended_on AS TIMESTAMP), 'released',
                   j.amount - j.disallowed, s.plan, s.scale, s.base
            FROM judged j JOIN starts s ON {line.format("j", "j.service_month")}
                AND s.unscaled = j.unscaled AND j.ended_on >= s.first_day
            WHERE j.earlier
            UNION ALL
            SELECT u.provider_bin, u.contract_no, u.care_form, u.funding, u.service_month, FALSE,
                u.kind, CAST({FIRST} AS TIMESTAMP), 'lump', u.amount,
                   s.plan, s.scale, s.base
            FROM capitation_amounts u JOIN starts s ON {line.format("u", "u.service_month")}
                AND NOT s.unscaled AND s.first_day = {FIRST})
        WHERE payable > 0""")
    connection.execute(
        _LIMITED.format(
            upto=(
                "base + sum(payable) OVER (PARTITION BY contract_no, care_form, funding, "
                f"service_month, unscaled {_IN_ORDER})"
            ),
            first=(
                f"CAST({_line_pays('upto', bands)} - {_line_pays('(upto - payable)', bands)} "
                f"AS {_WIDE})"
            ),
            december=(
                "coalesce(sum(b.first) OVER (PARTITION BY b.contract_no, b.service_month "
                f"{_IN_ORDER}) - b.first, 0)"
            ),
            year=(
                "coalesce(sum(b.second) OVER (PARTITION BY b.contract_no, "
                f"substr(b.service_month, 1, 4) {_IN_ORDER}) - b.second, 0)"
            ),
            above=_above_month(bands),
            wide=_WIDE,
        )
    )


def _above_month(bands: Bands) -> str:
    loaded = " OR ".join(
        f"(scale = {literal(scale)} AND service_month = {literal(of)})" for scale, of in bands
    )
    return f"CASE WHEN {loaded or 'FALSE'} THEN 'above_month' ELSE 'scale_not_loaded' END"


_IN_ORDER = "ORDER BY seq ROWS UNBOUNDED PRECEDING"
_LIMITED = """CREATE OR REPLACE TEMP TABLE limited_services AS
    WITH summed AS (SELECT *, {upto} AS upto FROM payable_rows),
    by_line AS (SELECT *, {first} AS first FROM summed),
    by_december AS (
        SELECT b.*, b.first AS second FROM by_line b WHERE b.contract_no NOT IN (SELECT contract_no
            FROM contracts_over_limit)
        UNION ALL
        SELECT b.*, CASE WHEN d.headroom IS NULL THEN b.first
            ELSE least(greatest(coalesce(d.headroom, 0) - {december}, 0), coalesce(b.first, 0)) END
        FROM by_line b LEFT JOIN december_headroom d ON d.contract_no = b.contract_no
            AND d.service_month = b.service_month
        WHERE b.contract_no IN (SELECT contract_no FROM contracts_over_limit)),
    by_year AS (
        SELECT b.*, b.second AS third FROM by_december b
            WHERE b.contract_no NOT IN (SELECT contract_no FROM contracts_over_limit)
        UNION ALL
        SELECT b.*, CASE WHEN y.headroom IS NULL THEN b.second
            ELSE least(greatest(coalesce(y.headroom, 0) - {year}, 0), coalesce(b.second, 0)) END
        FROM by_december b LEFT JOIN contract_headroom y ON y.contract_no = b.contract_no
            AND y.year = substr(b.service_month, 1, 4)
        WHERE b.contract_no IN (SELECT contract_no FROM contracts_over_limit))
    SELECT provider_bin, contract_no, care_form, funding, service_month, unscaled, service_id,
        CAST(ended_at AS DATE) AS ended_on, kind, payable,
           CAST(third AS {wide}) AS accepted, CAST(payable - third AS {wide}) AS beyond,
           CASE WHEN contract_no = '' THEN 'no_contract' WHEN first < payable
               AND scale IN ('outpatient', 'inpatient') THEN {above}
                WHEN first < payable THEN 'above_month' WHEN second < first THEN 'above_december'
                WHEN third < second THEN 'above_year' ELSE '' END AS reason
    FROM by_year"""
