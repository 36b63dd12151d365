WITH of_part AS (
    SELECT
        provider_bin,
        contract_no,
        funding,
        cast(sum(accepted) AS DECIMAL(38, 2)) AS accepted
    FROM settled
    WHERE kind IN ('moved', 'moved_sum', 'never_served')
    GROUP BY ALL
    HAVING sum(accepted) <> 0
),

of_database AS (
    SELECT
        b.bin AS provider_bin,
        o.contract_no,
        o.funding,
        cast(
            sum(CASE WHEN o.pays = 1 THEN o.amount ELSE -o.amount END) AS DECIMAL(38, 2)
        ) / 100 AS accepted
    FROM acts_othersum AS o
    INNER JOIN accounts_organisation AS b ON o.provider_id = b.id
    WHERE o.closing_id = $closing AND o.ground = 'recalculation'
    GROUP BY ALL
    HAVING sum(CASE WHEN o.pays = 1 THEN o.amount ELSE -o.amount END) <> 0
),

apart AS (
    (
        SELECT *
        FROM of_part
        EXCEPT ALL
        SELECT *
        FROM of_database
    )
    UNION ALL
    (
        SELECT *
        FROM of_database
        EXCEPT ALL
        SELECT *
        FROM of_part
    )
)

SELECT DISTINCT
    provider_bin,
    contract_no,
    funding AS what
FROM apart
ORDER BY ALL
