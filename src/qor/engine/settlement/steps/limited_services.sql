-- Services of lines over their limit in the order of their ends: what the line lets through, then
-- December's mean, then the year's sum.
WITH summed AS (
    SELECT
        *,
        base + sum(payable) OVER (
            PARTITION BY contract_no, care_form, funding, service_month, unscaled
            ORDER BY seq
            ROWS UNBOUNDED PRECEDING
        ) AS upto
    FROM payable_rows
),

by_line AS (
    SELECT
        *,
        cast($pays_upto - $pays_before AS DECIMAL(38, 2)) AS first
    FROM summed
),

of_december AS (
    SELECT
        b.*,
        d.headroom,
        coalesce(sum(b.first) OVER (
            PARTITION BY b.contract_no, b.service_month
            ORDER BY b.seq
            ROWS UNBOUNDED PRECEDING
        ) - b.first, 0) AS before
    FROM by_line AS b
    LEFT JOIN december_headroom AS d
        ON d.contract_no = b.contract_no AND d.service_month = b.service_month
    WHERE b.contract_no IN (SELECT contract_no FROM contracts_over_limit)
),

by_december AS (
    SELECT
        *,
        first AS second
    FROM by_line
    WHERE contract_no NOT IN (SELECT contract_no FROM contracts_over_limit)
    UNION ALL
    SELECT
        * EXCLUDE (headroom, before),
        CASE
            WHEN headroom IS NULL THEN first
            ELSE least(greatest(coalesce(headroom, 0) - coalesce(before, 0), 0), coalesce(first, 0))
        END
    FROM of_december
),

of_year AS (
    SELECT
        b.*,
        y.headroom,
        coalesce(sum(b.second) OVER (
            PARTITION BY b.contract_no, substr(b.service_month, 1, 4)
            ORDER BY b.seq
            ROWS UNBOUNDED PRECEDING
        ) - b.second, 0) AS before
    FROM by_december AS b
    LEFT JOIN contract_headroom AS y
        ON y.contract_no = b.contract_no AND y.year = substr(b.service_month, 1, 4)
    WHERE b.contract_no IN (SELECT contract_no FROM contracts_over_limit)
),

by_year AS (
    SELECT
        *,
        second AS third
    FROM by_december
    WHERE contract_no NOT IN (SELECT contract_no FROM contracts_over_limit)
    UNION ALL
    SELECT
        * EXCLUDE (headroom, before),
        CASE
            WHEN headroom IS NULL THEN second
            ELSE
                least(greatest(coalesce(headroom, 0) - coalesce(before, 0), 0), coalesce(second, 0))
        END
    FROM of_year
)

SELECT
    provider_bin,
    contract_no,
    care_form,
    funding,
    service_month,
    unscaled,
    service_id,
    cast(ended_at AS DATE) AS ended_on,
    kind,
    payable,
    cast(third AS DECIMAL(38, 2)) AS accepted,
    cast(payable - third AS DECIMAL(38, 2)) AS beyond,
    CASE
        WHEN contract_no = '' THEN 'no_contract'
        WHEN first < payable AND scale IN ('outpatient', 'inpatient') THEN $above_month
        WHEN first < payable THEN 'above_month'
        WHEN second < first THEN 'above_december'
        WHEN third < second THEN 'above_year'
        ELSE ''
    END AS reason
FROM by_year
