SELECT
    iin,
    started_at
FROM month_rows
WHERE iin IS NOT NULL
GROUP BY iin, started_at
HAVING count(*) > 1
UNION
SELECT
    m.iin,
    m.started_at
FROM month_rows AS m INNER JOIN past_services AS p
    ON
        p.iin = m.iin
        AND p.started_at = m.started_at
WHERE m.started_at < (SELECT first FROM run_days)
