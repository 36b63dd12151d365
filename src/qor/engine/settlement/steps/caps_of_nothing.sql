SELECT
    contract_no,
    $month AS service_month,
    cast(0 AS DECIMAL(38, 2)) AS cap
FROM contract_begins
WHERE first < $month_first AND contract_no NOT IN (SELECT contract_no FROM caps)
