WITH days AS (
    SELECT
        l.*,
        d.day,
        d.payable,
        l.used + sum(d.payable)
            OVER (
                PARTITION BY l.contract_no, l.care_form, l.funding, l.unscaled
                ORDER BY d.day
            ) AS upto
    FROM lines_over_limit AS l
    JOIN
        day_sums AS d
        ON
            l.contract_no = d.contract_no
            AND l.care_form = d.care_form
            AND l.funding = d.funding
            AND l.unscaled = d.unscaled
            AND l.service_month = $month
            AND NOT l.contract_over_limit
            AND l.contract_no <> ''
),

firsts AS (
    SELECT
        contract_no,
        care_form,
        funding,
        unscaled,
        min(day) AS day
    FROM days
    WHERE upto > plan
    GROUP BY ALL
)

SELECT
    l.*,
    coalesce(f.day, DATE '1900-01-01') AS first_day,
    cast(coalesce(
        d.upto - d.payable,
        l.used
    ) AS DECIMAL(38, 2
    )) AS base
FROM lines_over_limit AS l
LEFT JOIN
    firsts AS f
    ON
        l.contract_no = f.contract_no
        AND l.care_form = f.care_form
        AND l.funding = f.funding
        AND l.unscaled = f.unscaled
        AND l.service_month = $month
        AND NOT l.contract_over_limit
        AND l.contract_no <> ''
LEFT JOIN days
    AS d ON d.contract_no = f.contract_no AND d.care_form = f.care_form
AND d.funding = f.funding AND d.unscaled = f.unscaled
AND d.day = f.day
