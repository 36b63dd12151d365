-- What the month's sum, the year's sum and December's mean leave of each line that acts hold.
WITH spent AS (
    SELECT
        contract_no,
        care_form,
        funding,
        service_month,
        accepted
    FROM standing
    UNION ALL
    SELECT
        contract_no,
        care_form,
        funding,
        service_month,
        accepted
    FROM act_lines
),

months AS (
    SELECT
        contract_no,
        service_month,
        sum(accepted) AS accepted
    FROM spent
    GROUP BY ALL
),

years AS (
    SELECT
        contract_no,
        substr(service_month, 1, 4) AS year,
        sum(accepted) AS accepted
    FROM spent
    GROUP BY ALL
)

SELECT
    l.contract_no,
    l.care_form,
    l.funding,
    l.service_month,
    cast(p.plan - l.accepted AS DECIMAL(38, 2)) AS of_line,
    cast(y.plan - o.accepted AS DECIMAL(38, 2)) AS of_year,
    cast(c.cap - m.accepted AS DECIMAL(38, 2)) AS of_december
FROM (
    SELECT
        contract_no,
        care_form,
        funding,
        service_month,
        sum(accepted) AS accepted
    FROM spent
    WHERE contract_no <> ''
    GROUP BY ALL
) AS l
INNER JOIN months AS m
    ON m.contract_no = l.contract_no AND m.service_month = l.service_month
INNER JOIN years AS o
    ON o.contract_no = l.contract_no AND o.year = substr(l.service_month, 1, 4)
LEFT JOIN line_plans AS p
    ON
        p.contract_no = l.contract_no
        AND p.care_form = l.care_form
        AND p.funding = l.funding
        AND p.service_month = l.service_month
LEFT JOIN year_plans AS y
    ON y.contract_no = l.contract_no AND y.year = o.year
LEFT JOIN caps AS c
    ON c.contract_no = l.contract_no AND c.service_month = l.service_month
