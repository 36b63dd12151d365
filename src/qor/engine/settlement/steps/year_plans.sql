SELECT
    contract_no,
    year,
    cast(sum(amount) AS DECIMAL(38, 2)) AS plan
FROM contract_lines
WHERE amount IS NOT NULL
GROUP BY ALL
