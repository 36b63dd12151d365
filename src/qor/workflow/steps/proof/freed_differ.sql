WITH of_part AS (
    SELECT
        provider_bin,
        contract_no,
        service_id,
        cast(sum(amount) AS DECIMAL(38, 2)) AS amount
    FROM settled
    WHERE kind = 'released'
    GROUP BY ALL
),

of_database AS (
    SELECT
        b.bin AS provider_bin,
        a.contract_no,
        h.service_id,
        cast(sum(h.amount) AS DECIMAL(38, 2)) / 100 AS amount
    FROM acts_heldservice AS h
    INNER JOIN acts_act AS a ON h.released_by_id = a.id
    INNER JOIN accounts_organisation AS b ON a.provider_id = b.id
    WHERE a.closing_id = $closing
    GROUP BY ALL
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
    service_id AS what
FROM apart
ORDER BY ALL
