WITH parts AS (
    SELECT
        provider_bin,
        contract_no,
        care_form,
        funding,
        $month AS service_month,
        CASE
            WHEN unscaled THEN 'unscaled'
            ELSE ''
        END AS kind,
        n,
        claimed,
        0 AS released,
        0 AS returned,
        0 AS held,
        0 AS disallowed,
        0 AS beyond,
        0 AS sanction
    FROM totals
    UNION ALL
    SELECT
        provider_bin,
        contract_no,
        care_form,
        funding,
        service_month,
        CASE
            WHEN kind = 'lump' THEN service_id WHEN unscaled THEN 'unscaled'
            ELSE ''
        END,
        CASE WHEN kind = 'released' THEN 1 ELSE 0
        END,
        CASE
            WHEN kind = 'lump' THEN amount ELSE 0
        END,
        CASE
            WHEN kind = 'released'
                THEN amount
            ELSE 0
        END,
        returned,
        held,
        disallowed,
        beyond,
        sanction
    FROM settled
    UNION ALL
    SELECT
        provider_bin,
        '',
        '',
        '',
        $month,
        '',
        1,
        coalesce(amount, 0),
        0,
        coalesce(amount, 0),
        0,
        0,
        0,
        0
    FROM (
        $turned_away
    )
    WHERE
        "table" = 'services'
        AND month = $month AND length(provider_bin) = 12
)

SELECT
    provider_bin,
    contract_no,
    care_form,
    funding,
    service_month,
    kind,
    cast(sum(n) AS BIGINT) AS services,
    cast(sum(claimed) AS DECIMAL(38, 2)) AS claimed,
    cast(sum(released) AS DECIMAL(38, 2)) AS released,
    cast(sum(returned) AS DECIMAL(38, 2)) AS returned,
    cast(sum(held) AS DECIMAL(38, 2)) AS held,
    cast(sum(disallowed) AS DECIMAL(38, 2)) AS disallowed,
    cast(sum(beyond) AS DECIMAL(38, 2)) AS beyond,
    cast(sum(sanction) AS DECIMAL(38, 2)) AS sanction,
    cast(sum(claimed + released - returned - held - disallowed - beyond) AS DECIMAL(38, 2))
        AS
        accepted
FROM parts
GROUP BY ALL
