SELECT
    iin,
    performer_id,
    service_code,
    setting,
    operation_codes,
    started_at,
    ended_at,
    cast(started_at AS DATE) AS on_day
FROM fresh_rows
UNION ALL
SELECT
    iin,
    performer_id,
    service_code,
    setting,
    operation_codes,
    started_at,
    ended_at,
    cast(started_at AS DATE)
FROM left_rows
