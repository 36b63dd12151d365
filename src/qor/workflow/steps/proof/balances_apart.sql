WITH moved AS (
    SELECT
        $key AS key,
        debit AS account,
        times * coalesce(amount, 0) AS change
    FROM postings_apart
    UNION ALL
    SELECT
        $key AS key,
        credit AS account,
        -times * coalesce(amount, 0) AS change
    FROM postings_apart
),

changed AS (
    SELECT
        cast(key AS VARCHAR) AS key,
        account
    FROM moved
    GROUP BY ALL
    HAVING sum(change) <> 0
)

SELECT DISTINCT key
FROM changed
ORDER BY key
