WITH of_part AS (
    SELECT
        provider_bin,
        contract_no,
        care_form,
        funding,
        service_month,
        CASE
            WHEN kind = 'lump' THEN service_id
            WHEN unscaled THEN 'unscaled'
            ELSE ''
        END AS line_kind,
        cast(sum(returned) AS DECIMAL(38, 2)) AS returned,
        cast(sum(held) AS DECIMAL(38, 2)) AS held,
        cast(sum(disallowed) AS DECIMAL(38, 2)) AS disallowed,
        cast(sum(beyond) AS DECIMAL(38, 2)) AS beyond,
        cast(sum(sanction) AS DECIMAL(38, 2)) AS sanction,
        cast(
            sum(CASE WHEN kind = 'released' THEN amount ELSE 0 END) AS DECIMAL(38, 2)
        ) AS released
    FROM settled
    GROUP BY provider_bin, contract_no, care_form, funding, service_month, line_kind
    HAVING
        sum(returned) <> 0
        OR sum(held) <> 0
        OR sum(disallowed) <> 0
        OR sum(beyond) <> 0
        OR sum(sanction) <> 0
        OR sum(CASE WHEN kind = 'released' THEN amount ELSE 0 END) <> 0
),

of_database AS (
    SELECT
        b.bin AS provider_bin,
        a.contract_no,
        l.care_form,
        l.funding,
        l.service_month,
        l.kind AS line_kind,
        cast(l.returned AS DECIMAL(38, 2)) / 100 AS returned,
        cast(l.held AS DECIMAL(38, 2)) / 100 AS held,
        cast(l.disallowed AS DECIMAL(38, 2)) / 100 AS disallowed,
        cast(l.beyond AS DECIMAL(38, 2)) / 100 AS beyond,
        cast(l.sanction AS DECIMAL(38, 2)) / 100 AS sanction,
        cast(l.released AS DECIMAL(38, 2)) / 100 AS released
    FROM acts_actline AS l
    INNER JOIN acts_act AS a ON l.act_id = a.id
    INNER JOIN accounts_organisation AS b ON a.provider_id = b.id
    WHERE
        a.closing_id = $closing
        AND l.care_form <> ''
        AND NOT (
            l.returned = 0
            AND l.held = 0
            AND l.disallowed = 0
            AND l.beyond = 0
            AND l.sanction = 0
            AND l.released = 0
        )
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
    care_form AS what
FROM apart
ORDER BY ALL
