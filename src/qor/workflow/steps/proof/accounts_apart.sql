WITH moved AS (
    SELECT
        debit AS account,
        times * amount AS change
    FROM postings_apart
    UNION ALL
    SELECT
        credit AS account,
        -times * amount AS change
    FROM postings_apart
)

SELECT account
FROM moved
GROUP BY account
HAVING sum(change) IS DISTINCT FROM 0
ORDER BY account
