"""The draft act of a month: for each provider received = returned at intake + held + payable.
Nothing is deducted here.

Until people decide, a service with an open potential finding or review is held whole (291/2020:23;
interpretation payment_during_dispute).
"""

from __future__ import annotations

from qor.engine.storage.duck import Connection, literal, one, pattern_free
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month

COLUMNS = (
    "month, provider_bin, care_form, funding, rows_received, rows_returned, rows_held, "
    "rows_payable, "
    "received, returned, held, payable, at_stake"
)


class ActDoesNotBalance(AssertionError):
    """A sum does not close: a broken assumption, never a message to live with."""


def draft_acts(connection: Connection, lake: Lake, month: Month) -> None:
    """Make the table `acts`, a line for each provider, care form and funding, from
    `month_services`, `findings` and `returns`.

    Amounts in tenge. `at_stake` is the largest deduction of each held service, if all were
    confirmed (interpretation several_deductions). Rows rejected at intake stand in lines without a
    care form. ActDoesNotBalance if any sum fails to close.
    """
    away = turned_away(lake, month)
    connection.execute("""CREATE OR REPLACE TEMP TABLE stakes AS SELECT provider_bin, service_id,
            bool_or(kind IN ('potential', 'review')) AS held,
                coalesce(max(proposed_deduction) FILTER (WHERE kind IN ('potential', 'review')),
                0) AS at_stake
        FROM findings GROUP BY provider_bin, service_id""")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE acts AS SELECT {COLUMNS} FROM "
        f"({_LINES.format(month=literal(str(month)), turned_away=away)})"
    )
    _assert_balance(connection)


def turned_away(lake: Lake, month: Month) -> str:
    """SQL: the rejected rows that count in the month's acts, each once.

    Of several rejections of one key the latest; none whose key the lake holds by now, or held
    already (a refused change is no second service), but for a second row of a key in one file,
    which was handed in beside the first.
    """
    numbers = lake.numbers("rejected")
    parts = lake.parts("rejected")
    paths = lake.files_of(parts)
    if not parts:
        return _NO_REJECTED
    order = ", ".join(
        f"({literal(path)}, {numbers[part.path]})" for path, part in zip(paths, parts, strict=True)
    )
    return f"""SELECT * EXCLUDE (nth) FROM (
        SELECT r.*, row_number() OVER (PARTITION BY r.provider_bin, r.row_key,
            r.reason = 'second_of_key',
                CASE WHEN r.provider_bin IS NULL OR r.row_key IS NULL
                    THEN r.receipt || '/' || r.line END ORDER BY o.number DESC, r.line DESC) AS nth
        FROM read_parquet([{", ".join(map(pattern_free, paths))}], filename = true) r
        JOIN (VALUES {order}) o(filename, number) ON o.filename = r.filename
        WHERE r."table" = 'services' AND r.month = {literal(str(month))}
          AND (r.reason = 'second_of_key' OR NOT EXISTS (SELECT 1 FROM month_services s
               WHERE s.provider_bin = r.provider_bin AND s.service_id = r.row_key)))
                   WHERE nth = 1"""


def _assert_balance(connection: Connection) -> None:
    wrong = one(
        connection, "SELECT count(*) AS n FROM acts WHERE received <> returned + held + payable"
    )["n"]
    total = one(
        connection, "SELECT coalesce(sum(received), 0) AS act FROM acts WHERE care_form IS NOT NULL"
    )["act"]
    billed = one(connection, "SELECT coalesce(sum(amount), 0) AS billed FROM month_services")[
        "billed"
    ]
    if wrong or total != billed:
        raise ActDoesNotBalance(f"{wrong} lines do not balance; lines {total}, services {billed}")


_NO_REJECTED = """SELECT NULL AS provider_bin, NULL AS month, CAST(NULL AS DECIMAL(18,2)) AS amount,
    NULL AS "table" WHERE FALSE"""

_LINES = """
    SELECT {month} AS month, s.provider_bin, s.care_form, s.funding,
           count(*) AS rows_received, count(*) FILTER (WHERE t.returned) AS rows_returned,
           count(*) FILTER (WHERE t.returned IS NULL AND k.held) AS rows_held,
           count(*) FILTER (WHERE t.returned IS NULL AND k.held IS NOT TRUE) AS rows_payable,
           CAST(sum(s.amount) AS DECIMAL(38,2)) AS received,
           CAST(sum(CASE WHEN t.returned THEN s.amount ELSE 0 END) AS DECIMAL(38,2)) AS returned,
           CAST(sum(CASE WHEN t.returned IS NULL AND k.held THEN s.amount
               ELSE 0 END) AS DECIMAL(38,2)) AS held,
           CAST(sum(CASE WHEN t.returned IS NULL AND k.held IS NOT TRUE THEN s.amount
               ELSE 0 END) AS DECIMAL(38,2)) AS payable,
           CAST(sum(CASE WHEN t.returned IS NULL AND k.held THEN k.at_stake
               ELSE 0 END) AS DECIMAL(38,2)) AS at_stake
    FROM month_services s
    LEFT JOIN stakes k ON k.provider_bin = s.provider_bin AND k.service_id = s.service_id
    LEFT JOIN (SELECT DISTINCT provider_bin, service_id, TRUE AS returned FROM returns) t
      ON t.provider_bin = s.provider_bin AND t.service_id = s.service_id
    GROUP BY s.provider_bin, s.care_form, s.funding
    UNION ALL
    SELECT {month}, coalesce(provider_bin, ''), NULL, NULL, count(*), count(*), 0, 0,
           CAST(coalesce(sum(amount), 0) AS DECIMAL(38,2)), CAST(coalesce(sum(amount),
               0) AS DECIMAL(38,2)), 0, 0, 0
    FROM ({turned_away}) WHERE "table" = 'services' AND month = {month}
        GROUP BY coalesce(provider_bin, '')"""
