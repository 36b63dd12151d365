SELECT
    c.contract_no,
    c.year,
    y.plan - coalesce(s.accepted, 0) AS headroom
FROM (SELECT DISTINCT
    contract_no,
    substr(service_month, 1, 4) AS year
FROM line_totals) AS c
LEFT JOIN year_plans AS y ON y.contract_no = c.contract_no AND y.year = c.year
LEFT JOIN (
    SELECT
        contract_no,
        substr(service_month, 1, 4) AS year,
        sum(accepted) AS accepted
    FROM standing
    GROUP BY ALL
) AS s
    ON s.contract_no = c.contract_no AND s.year = c.year
