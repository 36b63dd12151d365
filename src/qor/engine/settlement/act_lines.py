"""The lines of a month's acts: what of the services is returned, held, disallowed, beyond the contract and accepted; each sum closes.

Only services that are not simply paid in full are written one by one (the table `settled`); the rest of a line is the month's rows without them.
For each service claimed = returned + held + disallowed + beyond + accepted; what a deduction takes above its worth is a sanction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qor.engine.checks.features import source
from qor.engine.duck import Connection, literal, one, parquet
from qor.engine.lake import Lake
from qor.engine.settlement.draft_act import turned_away
from qor.engine.settlement.interest import FIRST, MAPPED, return_not_named, sum_days, take_bound, take_interest
from qor.engine.settlement.limits import bands_of, payable_sql, prepare_contracts
from qor.engine.settlement.values import make_lumps, prepare_values
from qor.law.figures import figure
from qor.law.months import Month
from qor.law.scales import Band

_MONEY, _WIDE = "DECIMAL(18,2)", "DECIMAL(38,2)"
# What the workflow tells: decisions on services, services held in earlier acts, sums of earlier acts, December's means.
VERDICTS = "provider_bin VARCHAR, service_id VARCHAR, open BOOLEAN, spared BOOLEAN, stake DECIMAL(18,2)"
WAITING = """provider_bin VARCHAR, service_id VARCHAR, contract_no VARCHAR, care_form VARCHAR, funding VARCHAR, service_month VARCHAR,
    ended_on DATE, amount DECIMAL(18,2), short_death BOOLEAN"""
STANDING = """contract_no VARCHAR, care_form VARCHAR, funding VARCHAR, service_month VARCHAR, used DECIMAL(38,2), accepted DECIMAL(38,2)"""
CAPS = "contract_no VARCHAR, service_month VARCHAR, cap DECIMAL(38,2)"


@dataclass(frozen=True, slots=True)
class Told:
    """Files (CSV, without a header) of what the workflow knows, in the columns above."""

    verdicts: Path
    waiting: Path
    standing: Path
    caps: Path


def make_act_lines(connection: Connection, lake: Lake, month: Month, closed_on: date, told: Told, folder: Path) -> None:
    """Make `act_lines` (a line for each contract, care form, funding and month of service) and `settled` (services that are not paid in full).

    Sums in tenge. Sources: 291/2020:4, 291/2020:13, 291/2020:16, 291/2020:23, 291/2020:24, 291/2020:27, 291/2020:61, 291/2020:76, 291/2020:81.
    """
    _read_told(connection, told)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE turned_back AS SELECT provider_bin, service_id, min(reason) AS reason FROM ({_returns(lake, month)}) GROUP BY ALL"
    )
    prepare_contracts(connection, lake, month, closed_on)
    prepare_values(connection, lake, month, folder)
    make_lumps(connection, lake, month)
    sum_days(connection)
    return_not_named(connection)
    take_interest(connection, month)
    _totals(connection)
    _judged(connection, lake, month)
    bands = bands_of(connection, lake, month)
    _uses(connection, month, bands)
    _cut(connection, month, bands)
    _settled(connection, month)
    _lines(connection, lake, month)


def _read_told(connection: Connection, told: Told) -> None:
    """The workflow's files as tables; an empty contract or funding is an empty text, not an unknown one."""
    texts = {"waiting": "contract_no, funding", "standing": "contract_no, funding"}
    for name, columns, path in (
        ("verdicts", VERDICTS, told.verdicts),
        ("waiting", WAITING, told.waiting),
        ("standing", STANDING, told.standing),
        ("caps", CAPS, told.caps),
    ):
        kept = f", FORCE_NOT_NULL ({texts[name]})" if name in texts else ""
        how = f"FORMAT csv, HEADER false, AUTO_DETECT false, DELIMITER ',', QUOTE '\"'{kept}"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
        connection.execute(f"COPY {name} FROM {literal(path)} ({how})")


def _returns(lake: Lake, month: Month) -> str:
    paths = lake.paths("returns", [month])
    if not paths:
        return """SELECT CAST(NULL AS VARCHAR) AS provider_bin, CAST(NULL AS VARCHAR) AS service_id, CAST(NULL AS VARCHAR) AS reason
            WHERE FALSE"""
    return f"SELECT provider_bin, service_id, reason FROM {parquet(paths)}"


def _totals(connection: Connection) -> None:
    """`totals`: services and their worth by contract, care form and funding; `day_totals`: the same by day."""
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE day_totals AS
        SELECT g.provider_bin, m.contract_no, g.care_form, g.funding, g.day, sum(g.n) AS n, CAST(sum(g.claimed) AS {_WIDE}) AS claimed
        FROM (SELECT * FROM grouped_days UNION ALL SELECT provider_bin, named, care_form, funding, day, 0, value FROM patients) g
        JOIN contract_map m ON {MAPPED.format(row="g")} GROUP BY ALL""")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE totals AS SELECT provider_bin, contract_no, care_form, funding, sum(n) AS n,
        CAST(sum(claimed) AS {_WIDE}) AS claimed FROM day_totals GROUP BY ALL""")


def _judged(connection: Connection, lake: Lake, month: Month) -> None:
    """`judged`: services with a decision, a dispute or a return, and those of earlier acts that are free now; split into what becomes of them.

    A non-preventable death within three days is worth half, newborns excepted (291/2020:81); a deduction takes at most what is left, the rest is a
    sanction.
    """
    short, newborn = figure("short_stay_days", month.first).whole, figure("newborn_days", month.first).whole
    share = figure("short_death_share", month.first).value / 100
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE short_deaths AS
        SELECT r.provider_bin, r.service_id FROM month_rows r LEFT JOIN ({source(lake, "people")}) q ON q.iin = r.iin
        WHERE r.outcome = 'died' AND r.care_form = 'stay_group' AND r.ended_at - r.started_at <= to_days({short})
          AND r.identity_kind IS DISTINCT FROM 'newborn' AND coalesce(date_diff('day', q.birth_date, CAST(r.started_at AS DATE)) >= {newborn}, TRUE)""")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE judged AS
        WITH found AS (
            SELECT r.provider_bin, r.contract_no, r.care_form, r.funding, {literal(str(month))} AS service_month, r.service_id,
                   CAST(r.ended_at AS DATE) AS ended_on, FALSE AS earlier, r.value AS amount, t.reason AS back, coalesce(v.open, FALSE) AS open,
                   coalesce(v.stake, 0) AS stake, d.service_id IS NOT NULL AS short_death, coalesce(v.spared, FALSE) AS spared
            FROM interest r
            LEFT JOIN turned_back t ON t.provider_bin = r.provider_bin AND t.service_id = r.service_id
            LEFT JOIN verdicts v ON v.provider_bin = r.provider_bin AND v.service_id = r.service_id
            LEFT JOIN short_deaths d ON d.provider_bin = r.provider_bin AND d.service_id = r.service_id
            WHERE v.service_id IS NOT NULL OR t.service_id IS NOT NULL
            UNION ALL
            SELECT w.provider_bin, w.contract_no, w.care_form, w.funding, w.service_month, w.service_id, w.ended_on, TRUE, w.amount, NULL, FALSE,
                   coalesce(v.stake, 0), w.short_death, coalesce(v.spared, FALSE)
            FROM waiting w LEFT JOIN verdicts v ON v.provider_bin = w.provider_bin AND v.service_id = w.service_id WHERE NOT coalesce(v.open, FALSE)),
        halved AS (SELECT *, CASE WHEN short_death AND spared THEN CAST(amount - round(amount * {share}, 2) AS {_MONEY}) ELSE 0 END AS spared_half FROM found)
        SELECT provider_bin, contract_no, care_form, funding, service_month, service_id, ended_on, earlier, amount, short_death,
               CASE WHEN back IS NOT NULL THEN amount ELSE 0 END AS returned,
               CASE WHEN back IS NULL AND open THEN amount ELSE 0 END AS held, back IS NULL AND open AS waits,
               CASE WHEN back IS NULL AND NOT open THEN least(spared_half + stake, amount) ELSE 0 END AS disallowed,
               CASE WHEN back IS NULL AND NOT open THEN greatest(spared_half + stake - amount, 0) ELSE 0 END AS sanction,
               CASE WHEN back IS NULL AND NOT open THEN stake ELSE 0 END AS stake,
               CASE WHEN back IS NULL AND NOT open THEN spared_half ELSE 0 END AS spared_half,
               coalesce(back, CASE WHEN open THEN 'monitoring' WHEN stake > 0 THEN 'defect' WHEN spared_half > 0 THEN 'short_death' ELSE '' END) AS reason
        FROM halved""")


def _uses(connection: Connection, month: Month, bands: dict[str, tuple[Band, ...]]) -> None:
    """`tight`: the lines whose month's sum is passed, and all of contracts (`bound`) whose year or December is: there services are told apart."""
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE uses AS
        WITH now AS (
            SELECT contract_no, care_form, funding, {literal(str(month))} AS service_month, claimed AS payable FROM totals
            UNION ALL SELECT contract_no, care_form, funding, {literal(str(month))}, amount FROM lumps
            UNION ALL SELECT contract_no, care_form, funding, service_month,
                             CASE WHEN earlier THEN amount ELSE 0 END - returned - held - disallowed FROM judged)
        SELECT n.contract_no, n.care_form, n.funding, n.service_month, coalesce(w.scale, '') AS scale, CAST(n.payable AS {_WIDE}) AS payable,
               p.plan, coalesce(s.used, 0) AS used
        FROM (SELECT contract_no, care_form, funding, service_month, sum(payable) AS payable FROM now GROUP BY ALL) n
        LEFT JOIN ways w ON w.care_form = n.care_form
        LEFT JOIN line_plans p ON p.contract_no = n.contract_no AND p.care_form = n.care_form AND p.funding = n.funding AND p.service_month = n.service_month
        LEFT JOIN standing s ON s.contract_no = n.contract_no AND s.care_form = n.care_form AND s.funding = n.funding AND s.service_month = n.service_month""")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE accepted_lines AS
        SELECT *, {_line_pays("used + payable", bands)} - {_line_pays("used", bands)} AS accepted FROM uses""")
    connection.execute("""CREATE OR REPLACE TEMP TABLE rooms AS
        SELECT c.contract_no, c.year, y.plan - coalesce(s.accepted, 0) AS room
        FROM (SELECT DISTINCT contract_no, substr(service_month, 1, 4) AS year FROM uses) c
        LEFT JOIN year_plans y ON y.contract_no = c.contract_no AND y.year = c.year
        LEFT JOIN (SELECT contract_no, substr(service_month, 1, 4) AS year, sum(accepted) AS accepted FROM standing GROUP BY ALL) s
          ON s.contract_no = c.contract_no AND s.year = c.year""")
    connection.execute("""CREATE OR REPLACE TEMP TABLE december_rooms AS
        SELECT c.contract_no, c.service_month, c.cap - coalesce(s.accepted, 0) AS room FROM caps c
        LEFT JOIN (SELECT contract_no, service_month, sum(accepted) AS accepted FROM standing GROUP BY ALL) s
          ON s.contract_no = c.contract_no AND s.service_month = c.service_month""")
    connection.execute("""CREATE OR REPLACE TEMP TABLE bound AS
        SELECT a.contract_no FROM (SELECT contract_no, substr(service_month, 1, 4) AS year, sum(accepted) AS accepted FROM accepted_lines GROUP BY ALL) a
              JOIN rooms r ON r.contract_no = a.contract_no AND r.year = a.year WHERE a.accepted > r.room
        UNION SELECT a.contract_no FROM (SELECT contract_no, service_month, sum(accepted) AS accepted FROM accepted_lines GROUP BY ALL) a
              JOIN december_rooms r ON r.contract_no = a.contract_no AND r.service_month = a.service_month WHERE a.accepted > r.room""")
    connection.execute("""CREATE OR REPLACE TEMP TABLE tight AS
        SELECT contract_no, care_form, funding, service_month, scale, plan, used, contract_no IN (SELECT contract_no FROM bound) AS bound
        FROM accepted_lines WHERE contract_no = '' OR accepted < payable OR contract_no IN (SELECT contract_no FROM bound)""")


def _line_pays(total: str, bands: dict[str, tuple[Band, ...]]) -> str:
    return f"CASE WHEN contract_no = '' THEN 0 ELSE {payable_sql(total, 'plan', 'scale', bands)} END"


def _starts(connection: Connection, month: Month) -> None:
    """`starts`: from which day on a tight line's services must be told apart: before it all fit into the month's sum; and what they came to (`base`)."""
    own = f"l.service_month = {literal(str(month))} AND NOT l.bound AND l.contract_no <> ''"
    of_line = "l.contract_no = {0}.contract_no AND l.care_form = {1}.care_form AND l.funding = {1}.funding"
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE day_sums AS
        SELECT contract_no, care_form, funding, day, sum(payable) AS payable FROM (
            SELECT r.contract_no, r.care_form, r.funding, r.day, r.claimed AS payable
            FROM day_totals r JOIN tight l ON {of_line.format("r", "r")} AND {own}
            UNION ALL
            SELECT j.contract_no, j.care_form, j.funding, j.ended_on, -(j.returned + j.held + j.disallowed) FROM judged j
            JOIN tight l ON {of_line.format("j", "j")} AND {own} WHERE NOT j.earlier
            UNION ALL
            SELECT u.contract_no, u.care_form, u.funding, {FIRST}, u.amount FROM lumps u JOIN tight l ON {of_line.format("u", "u")} AND {own})
        GROUP BY ALL""")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE starts AS
        WITH days AS (
            SELECT l.*, d.day, d.payable, l.used + sum(d.payable) OVER (PARTITION BY l.contract_no, l.care_form, l.funding ORDER BY d.day) AS upto
            FROM tight l JOIN day_sums d ON {of_line.format("d", "d")} AND {own}),
        firsts AS (SELECT contract_no, care_form, funding, min(day) AS day FROM days WHERE upto > plan GROUP BY ALL)
        SELECT l.*, coalesce(f.day, {FIRST}) AS first_day, CAST(coalesce(d.upto - d.payable, l.used) AS {_WIDE}) AS base
        FROM tight l LEFT JOIN firsts f ON {of_line.format("f", "f")} AND {own}
        LEFT JOIN days d ON d.contract_no = f.contract_no AND d.care_form = f.care_form AND d.funding = f.funding AND d.day = f.day""")


def _cut(connection: Connection, month: Month, bands: dict[str, tuple[Band, ...]]) -> None:
    """`cut`: services of tight lines in the order of their ends, with what the line, December and the year let through."""
    _starts(connection, month)
    take_bound(connection)
    line = "s.contract_no = {0}.contract_no AND s.care_form = {1}.care_form AND s.funding = {1}.funding AND s.service_month = {2}"
    this = literal(str(month))
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE payable_rows AS
        SELECT *, row_number() OVER (ORDER BY ended_at, provider_bin, service_id, kind) AS seq FROM (
            SELECT r.provider_bin, r.contract_no, r.care_form, r.funding, {this} AS service_month, r.service_id, r.ended_at, 'service' AS kind,
                   CAST(r.value - coalesce(j.returned + j.held + j.disallowed, 0) AS {_WIDE}) AS payable, s.plan, s.scale, s.base
            FROM interest r JOIN starts s ON {line.format("r", "r", this)} AND r.ended_at >= s.first_day
            LEFT JOIN judged j ON j.provider_bin = r.provider_bin AND j.service_id = r.service_id AND NOT j.earlier
            UNION ALL
            SELECT j.provider_bin, j.contract_no, j.care_form, j.funding, j.service_month, j.service_id, CAST(j.ended_on AS TIMESTAMP), 'released',
                   j.amount - j.disallowed, s.plan, s.scale, s.base
            FROM judged j JOIN starts s ON {line.format("j", "j", "j.service_month")} AND j.ended_on >= s.first_day WHERE j.earlier
            UNION ALL
            SELECT u.provider_bin, u.contract_no, u.care_form, u.funding, {this}, u.reason, CAST({FIRST} AS TIMESTAMP), 'lump', u.amount,
                   s.plan, s.scale, s.base
            FROM lumps u JOIN starts s ON {line.format("u", "u", this)} AND s.first_day = {FIRST})
        WHERE payable > 0""")
    connection.execute(_CUT.format(
        upto=f"base + sum(payable) OVER (PARTITION BY contract_no, care_form, funding, service_month {_IN_ORDER})",
        first=f"CAST({_line_pays('upto', bands)} - {_line_pays('(upto - payable)', bands)} AS {_WIDE})",
        december=f"sum(b.first) OVER (PARTITION BY b.contract_no, b.service_month {_IN_ORDER}) - b.first",
        year=f"sum(b.second) OVER (PARTITION BY b.contract_no, substr(b.service_month, 1, 4) {_IN_ORDER}) - b.second",
        above=_above_month(bands), wide=_WIDE,
    ))  # fmt: skip


def _above_month(bands: dict[str, tuple[Band, ...]]) -> str:
    loaded = ", ".join(literal(scale) for scale in bands) or "NULL"
    return f"CASE WHEN coalesce(scale IN ({loaded}), FALSE) THEN 'above_month' ELSE 'scale_not_loaded' END"


def _settled(connection: Connection, month: Month) -> None:
    """`settled`: what became of each service that is not simply paid in full, of earlier ones set free, and of the sums paid per capita."""
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE settled AS
        SELECT {literal(str(month))} AS act_month, j.provider_bin, j.contract_no, j.care_form, j.funding, j.service_month, j.service_id, j.ended_on,
               CASE WHEN j.earlier THEN 'released' ELSE 'service' END AS kind, j.amount,
               CAST(j.returned AS {_MONEY}) AS returned, CAST(j.held AS {_MONEY}) AS held,
               CAST(j.disallowed AS {_MONEY}) AS disallowed, CAST(coalesce(c.beyond, 0) AS {_MONEY}) AS beyond,
               CAST(j.amount - j.returned - j.held - j.disallowed - coalesce(c.beyond, 0) AS {_MONEY}) AS accepted, CAST(j.sanction AS {_MONEY}) AS sanction,
               CAST(j.stake AS {_MONEY}) AS stake, CAST(j.spared_half AS {_MONEY}) AS spared_half, j.waits, j.short_death,
               coalesce(nullif(j.reason, ''), c.reason, '') AS reason
        FROM judged j LEFT JOIN cut c ON c.provider_bin = j.provider_bin AND c.service_id = j.service_id AND c.kind <> 'lump'
         AND (c.kind = 'released') = j.earlier
        UNION ALL
        SELECT {literal(str(month))}, c.provider_bin, c.contract_no, c.care_form, c.funding, c.service_month, c.service_id, c.ended_on, 'service', c.payable,
               0, 0, 0, c.beyond, c.accepted, 0, 0, 0, FALSE, FALSE, c.reason
        FROM cut c WHERE c.kind = 'service' AND c.beyond > 0
          AND NOT EXISTS (SELECT 1 FROM judged j WHERE NOT j.earlier AND j.provider_bin = c.provider_bin AND j.service_id = c.service_id)
        UNION ALL
        SELECT {literal(str(month))}, l.provider_bin, l.contract_no, l.care_form, l.funding, {literal(str(month))}, l.reason, NULL, 'lump', l.amount,
               0, 0, 0, coalesce(c.beyond, 0), l.amount - coalesce(c.beyond, 0), 0, 0, 0, FALSE, FALSE, l.reason
        FROM lumps l LEFT JOIN cut c ON c.kind = 'lump' AND c.provider_bin = l.provider_bin AND c.contract_no = l.contract_no
         AND c.care_form = l.care_form AND c.funding = l.funding AND c.service_id = l.reason""")


def _lines(connection: Connection, lake: Lake, month: Month) -> None:
    """`act_lines`: the sums of each line; rows that could not be read stand in a line without care form, claimed and returned."""
    connection.execute("CREATE OR REPLACE TEMP VIEW month_services AS SELECT provider_bin, service_id FROM month_rows")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE act_lines AS
        WITH parts AS (
            SELECT provider_bin, contract_no, care_form, funding, {literal(str(month))} AS service_month, n, claimed, 0 AS released, 0 AS returned,
                   0 AS held, 0 AS disallowed, 0 AS beyond, 0 AS sanction FROM totals
            UNION ALL
            SELECT provider_bin, contract_no, care_form, funding, service_month, CASE WHEN kind = 'released' THEN 1 ELSE 0 END,
                   CASE WHEN kind = 'lump' THEN amount ELSE 0 END, CASE WHEN kind = 'released' THEN amount ELSE 0 END,
                   returned, held, disallowed, beyond, sanction
            FROM settled
            UNION ALL
            SELECT provider_bin, '', '', '', {literal(str(month))}, 1, coalesce(amount, 0), 0, coalesce(amount, 0), 0, 0, 0, 0
            FROM ({turned_away(lake, month)}) WHERE "table" = 'services' AND month = {literal(str(month))} AND provider_bin IS NOT NULL)
        SELECT provider_bin, contract_no, care_form, funding, service_month, CAST(sum(n) AS BIGINT) AS services,
               {", ".join(f"CAST(sum({c}) AS {_WIDE}) AS {c}" for c in ("claimed", "released", "returned", "held", "disallowed", "beyond", "sanction"))},
               CAST(sum(claimed + released - returned - held - disallowed - beyond) AS {_WIDE}) AS accepted
        FROM parts GROUP BY ALL""")
    _assert_closed(connection)


def _assert_closed(connection: Connection) -> None:
    wrong = one(
        connection, "SELECT count(*) AS n FROM act_lines WHERE accepted < 0 OR held < 0 OR disallowed < 0 OR beyond < 0"
    )["n"]
    apart = one(
        connection,
        """SELECT count(*) AS n
        FROM (SELECT contract_no, care_form, funding, service_month, sum(accepted) AS a FROM act_lines WHERE care_form <> '' GROUP BY ALL) l
        JOIN accepted_lines k USING (contract_no, care_form, funding, service_month)
        WHERE l.a <> k.accepted AND l.contract_no NOT IN (SELECT contract_no FROM bound)""",
    )["n"]
    if wrong or apart:
        raise LinesDoNotClose(f"{wrong} lines below zero, {apart} lines apart from their services")


_IN_ORDER = "ORDER BY seq ROWS UNBOUNDED PRECEDING"
_CUT = """CREATE OR REPLACE TEMP TABLE cut AS
    WITH summed AS (SELECT *, {upto} AS upto FROM payable_rows),
    by_line AS (SELECT *, {first} AS first FROM summed),
    by_december AS (
        SELECT b.*, b.first AS second FROM by_line b WHERE b.contract_no NOT IN (SELECT contract_no FROM bound)
        UNION ALL
        SELECT b.*, CASE WHEN d.room IS NULL THEN b.first ELSE least(greatest(d.room - ({december}), 0), b.first) END
        FROM by_line b LEFT JOIN december_rooms d ON d.contract_no = b.contract_no AND d.service_month = b.service_month
        WHERE b.contract_no IN (SELECT contract_no FROM bound)),
    by_year AS (
        SELECT b.*, b.second AS third FROM by_december b WHERE b.contract_no NOT IN (SELECT contract_no FROM bound)
        UNION ALL
        SELECT b.*, CASE WHEN y.room IS NULL THEN b.second ELSE least(greatest(y.room - ({year}), 0), b.second) END
        FROM by_december b LEFT JOIN rooms y ON y.contract_no = b.contract_no AND y.year = substr(b.service_month, 1, 4)
        WHERE b.contract_no IN (SELECT contract_no FROM bound))
    SELECT provider_bin, contract_no, care_form, funding, service_month, service_id, CAST(ended_at AS DATE) AS ended_on, kind, payable,
           CAST(third AS {wide}) AS accepted, CAST(payable - third AS {wide}) AS beyond,
           CASE WHEN contract_no = '' THEN 'no_contract' WHEN first < payable AND scale IN ('outpatient', 'inpatient') THEN {above}
                WHEN first < payable THEN 'above_month' WHEN second < first THEN 'above_december'
                WHEN third < second THEN 'above_year' ELSE '' END AS reason
    FROM by_year"""


class LinesDoNotClose(AssertionError):
    """A line's sums do not close: a broken assumption, never a message to live with."""
