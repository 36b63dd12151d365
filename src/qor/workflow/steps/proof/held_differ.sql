WITH of_part AS (
    SELECT
        provider_bin,
        contract_no,
        service_id,
        care_form,
        funding,
        service_month,
        cast(ended_on AS VARCHAR) AS ended_on,
        cast(amount AS DECIMAL(38, 2)) AS amount
    FROM settled
    WHERE waits
),

of_database AS (
    SELECT
        b.bin AS provider_bin,
        a.contract_no,
        h.service_id,
        h.care_form,
        h.funding,
        h.service_month,
        h.ended_on,
        cast(h.amount AS DECIMAL(38, 2)) / 100 AS amount
    FROM acts_heldservice AS h
    INNER JOIN acts_act AS a ON h.held_by_id = a.id
    INNER JOIN accounts_organisation AS b ON a.provider_id = b.id
    WHERE a.closing_id = $closing AND h.reopens_id IS NULL
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
