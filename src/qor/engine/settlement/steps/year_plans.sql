SELECT
    contract_no,
    coalesce(
        substr(month, 1, 4), cast(year(valid_from) AS VARCHAR)) AS
    year,
    cast(sum(amount) AS DECIMAL(38, 2)) AS plan
FROM contract_lines
WHERE amount IS NOT NULL
GROUP BY ALL
