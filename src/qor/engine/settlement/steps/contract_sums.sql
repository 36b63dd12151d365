SELECT
    bin,
    contract_no,
    cast(sum(amount) AS DECIMAL(38, 2)) AS amount
FROM contract_lines
WHERE amount IS NOT NULL AND year = $of_year
GROUP BY bin, contract_no
