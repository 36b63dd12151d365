SELECT
    bin,
    care_form,
    list(DISTINCT contract_no ORDER BY contract_no) AS contracts
FROM contracts
WHERE
    funding = $funding AND care_form IN ($forms) AND valid_from <= $month_last
    AND (valid_to IS NULL OR valid_to >= $month_first)
GROUP BY ALL
ORDER BY ALL
