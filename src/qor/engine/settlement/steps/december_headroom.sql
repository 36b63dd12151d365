SELECT
    c.contract_no,
    c.service_month,
    c.cap - coalesce(s.accepted, 0) AS headroom
FROM caps AS c
LEFT JOIN (
    SELECT
        contract_no,
        service_month,
        sum(accepted) AS accepted
    FROM standing
    GROUP BY ALL
) AS s
    ON s.contract_no = c.contract_no AND s.service_month = c.service_month
