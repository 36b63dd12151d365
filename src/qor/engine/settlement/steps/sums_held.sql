SELECT DISTINCT
    contract_no,
    care_form,
    funding,
    month AS service_month,
    coalesce(substr(month, 1, 4), cast(year(valid_from) AS VARCHAR)) AS year
FROM
    contract_lines
WHERE
    amount IS NOT NULL
    AND contract_no NOT IN (SELECT contract_no FROM shared_numbers)
