WITH parts AS (
    SELECT
        g.provider_bin,
        m.contract_no,
        g.subcontract_bin,
        g.care_form,
        g.n,
        cast($worth AS DECIMAL(38, 2)) AS accepted
    FROM (SELECT
        * REPLACE (
            coalesce(
                contract_no, '') AS contract_no, coalesce(
                funding,
                ''
            ) AS funding
        ),
        coalesce(contract_no, '') AS named
    FROM raw_days
    WHERE subcontract_bin IS NOT NULL) AS g
    JOIN
        contract_map AS m
        ON
            m.provider_bin = g.provider_bin
            AND m.named = g.named
            AND m.care_form = g.care_form
            AND m.funding = g.funding
            AND m.day = g.day
    UNION ALL
    SELECT
        s.provider_bin,
        s.contract_no,
        r.subcontract_bin,
        s.care_form,
        0,
        -(s.returned + s.held + s.disallowed + s.beyond)
    FROM settled AS s
    JOIN itemised_rows AS r ON r.provider_bin = s.provider_bin AND r.service_id = s.service_id
    WHERE s.kind = 'service' AND r.subcontract_bin IS NOT NULL
    UNION ALL
    SELECT
        provider_bin,
        contract_no,
        subcontract_bin,
        care_form,
        1,
        accepted
    FROM co_released
),

summed AS (
    SELECT
        provider_bin,
        contract_no,
        subcontract_bin,
        care_form,
        cast(sum(n) AS BIGINT) AS services,
        cast(sum(accepted) AS DECIMAL(38, 2)) AS accepted
    FROM parts
    GROUP BY ALL
),

latest AS (
    SELECT
        *,
        rank() OVER (
            PARTITION BY
                bin, contract_no, subcontract_bin,
                care_form, co_contract_no
            ORDER BY valid_from DESC
        ) AS nth
    FROM
        co_executions
    WHERE
        valid_from <= $closed_on
        AND (valid_to IS NULL OR valid_to >= $month_first)
),

agreed AS (
    SELECT
        bin,
        contract_no,
        subcontract_bin,
        care_form,
        co_contract_no,
        max(share) AS share,
        sum(amount) AS most
    FROM latest
    WHERE nth = 1
    GROUP BY ALL
)

SELECT
    p.provider_bin,
    p.contract_no,
    p.subcontract_bin,
    p.care_form,
    coalesce(a.co_contract_no, '') AS co_contract_no,
    coalesce(a.share, 100) AS share,
    cast(a.most AS DECIMAL(38, 2)) AS most,
    p.services,
    p.accepted
FROM summed AS p LEFT JOIN agreed AS a
    ON
        a.bin = p.provider_bin AND a.contract_no = p.contract_no
        AND a.subcontract_bin = p.subcontract_bin
        AND a.care_form = p.care_form
QUALIFY row_number() OVER (
    PARTITION BY
        p.provider_bin, p.contract_no, p.subcontract_bin,
        p.care_form
    ORDER BY a.co_contract_no
) = 1
