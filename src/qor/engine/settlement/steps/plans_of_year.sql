SELECT
    contract_no,
    bin,
    care_form,
    funding,
    month,
    sum(amount) AS amount,
    min(valid_from) AS since
FROM contract_lines
WHERE
    amount IS NOT NULL
    AND (month LIKE $months OR (month IS NULL AND year(valid_from) = $year))
GROUP BY ALL
