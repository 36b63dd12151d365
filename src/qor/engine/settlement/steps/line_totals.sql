WITH now AS (
    SELECT
        contract_no,
        care_form,
        funding,
        $month AS service_month,
        unscaled,
        claimed AS payable
    FROM totals
    UNION ALL
    SELECT
        contract_no,
        care_form,
        funding,
        service_month,
        FALSE,
        amount
    FROM capitation_amounts
    UNION ALL
    SELECT
        contract_no,
        care_form,
        funding,
        service_month,
        unscaled,
        CASE WHEN earlier THEN amount ELSE 0 END - returned - held - disallowed
    FROM judged
)

SELECT
    n.contract_no,
    n.care_form,
    n.funding,
    n.service_month,
    n.unscaled,
    coalesce(
        w.scale,
        ''
    ) AS scale,
    cast(n.payable AS DECIMAL(38, 2)) AS payable,
    CASE WHEN n.unscaled THEN NULL ELSE p.plan END AS plan,
    cast(coalesce(
        s.used, 0) + coalesce(x.payable, 0) + coalesce(
        t.used,
        0
    ) AS DECIMAL(38, 2
    )) AS used
FROM (
    SELECT
        contract_no,
        care_form,
        funding,
        service_month,
        unscaled,
        sum(payable) AS payable
    FROM now
    GROUP BY ALL
) AS n
LEFT JOIN ways AS w ON w.care_form = n.care_form
LEFT JOIN line_plans AS p
    ON
        p.contract_no = n.contract_no AND p.care_form = n.care_form
        AND p.funding = n.funding AND p.service_month = n.service_month
LEFT JOIN
    standing AS s
    ON
        s.contract_no = n.contract_no
        AND s.care_form = n.care_form
        AND s.funding = n.funding
        AND s.service_month = n.service_month
        AND s.unscaled = n.unscaled
LEFT JOIN (
    SELECT
        contract_no,
        care_form,
        funding,
        service_month,
        sum(payable) AS payable
    FROM now
    WHERE unscaled
    GROUP BY ALL
) AS x
    ON
        x.contract_no = n.contract_no
        AND x.care_form = n.care_form
        AND x.funding = n.funding
        AND x.service_month = n.service_month
        AND NOT n.unscaled
        AND $counted
LEFT JOIN
    standing
        AS t
    ON
        t.contract_no = n.contract_no
        AND t.care_form = n.care_form
        AND t.funding = n.funding
        AND t.service_month = n.service_month
        AND t.unscaled
        AND NOT n.unscaled
        AND $counted
