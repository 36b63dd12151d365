SELECT
    billed_code,
    ended_on
FROM cur
WHERE billed_code IS NOT NULL
GROUP BY ALL
