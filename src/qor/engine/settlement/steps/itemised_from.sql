WITH days AS (
    SELECT
        m.contract_no,
        g.care_form,
        g.funding,
        g.day,
        g.unscaled,
        g.claimed
    FROM (
        SELECT
            provider_bin,
            named,
            care_form,
            funding,
            day,
            unscaled,
            claimed
        FROM grouped_days
        UNION ALL
        SELECT
            provider_bin,
            named,
            care_form,
            funding,
            day,
            FALSE,
            value
        FROM patients
    ) AS g
    INNER JOIN
        contract_map AS m
        ON
            m.provider_bin = g.provider_bin
            AND m.named = g.named
            AND m.care_form = g.care_form
            AND m.funding = g.funding
            AND m.day = g.day
    UNION ALL
    SELECT
        contract_no,
        care_form,
        funding,
        DATE '1900-01-01',
        FALSE,
        amount
    FROM capitation_amounts
    WHERE service_month = $month
),

summed AS (
    SELECT
        d.*,
        sum(CASE WHEN d.unscaled AND NOT $counted THEN 0 ELSE d.claimed END)
            OVER (
                PARTITION BY d.contract_no, d.care_form, d.funding
                ORDER BY d.day
            ) AS upto
    FROM (
        SELECT
            contract_no,
            care_form,
            funding,
            day,
            unscaled,
            sum(claimed) AS claimed
        FROM days
        GROUP BY ALL
    ) AS d
)

SELECT
    s.contract_no,
    s.care_form,
    s.funding,
    min(CASE
        WHEN s.contract_no = '' OR q.contract_no IS NOT NULL OR $counted
            THEN DATE '1900-01-01'
        ELSE s.day
    END) AS first_day
FROM summed AS s
LEFT JOIN line_plans AS p
    ON
        p.contract_no = s.contract_no AND p.care_form = s.care_form
        AND p.funding = s.funding AND p.service_month = $month
LEFT JOIN (
    SELECT
        contract_no,
        care_form,
        funding,
        sum(used) AS used
    FROM standing
    WHERE service_month = $month AND (NOT unscaled OR $counted)
    GROUP BY ALL
) AS u
    ON u.contract_no = s.contract_no AND u.care_form = s.care_form AND u.funding = s.funding
LEFT JOIN sums_missing AS q
    ON
        q.contract_no = s.contract_no AND q.care_form = s.care_form
        AND q.funding = s.funding AND q.service_month = $month
LEFT JOIN ways AS w ON w.care_form = s.care_form
WHERE
    s.contract_no = '' OR q.contract_no IS NOT NULL
    OR (
        p.plan IS NOT NULL AND w.scale <> $excepted
        AND coalesce(u.used, 0) + s.upto > p.plan
    )
GROUP BY ALL
