SELECT
    c.contract_no,
    c.service_month,
    c.cap,
    f.first
FROM caps AS c
LEFT JOIN contract_begins AS f ON f.contract_no = c.contract_no
ORDER BY ALL
