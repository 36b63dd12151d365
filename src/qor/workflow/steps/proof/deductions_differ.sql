WITH of_part AS (
    SELECT
        provider_bin,
        contract_no,
        service_id,
        cast(sum(disallowed) AS DECIMAL(38, 2)) AS disallowed,
        cast(sum(sanction) AS DECIMAL(38, 2)) AS sanction
    FROM settled
    GROUP BY ALL
    HAVING sum(disallowed) <> 0 OR sum(sanction) <> 0
),

of_database AS (
    SELECT
        b.bin AS provider_bin,
        a.contract_no,
        d.service_id,
        cast(sum(d.disallowed) AS DECIMAL(38, 2)) / 100 AS disallowed,
        cast(sum(d.sanction) AS DECIMAL(38, 2)) / 100 AS sanction
    FROM acts_deduction AS d
    INNER JOIN acts_act AS a ON d.act_id = a.id
    INNER JOIN accounts_organisation AS b ON a.provider_id = b.id
    WHERE a.closing_id = $closing AND d.reason IN ('defect', 'short_death')
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
