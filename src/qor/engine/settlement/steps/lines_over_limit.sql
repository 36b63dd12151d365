SELECT
    contract_no,
    care_form,
    funding,
    service_month,
    unscaled,
    scale,
    plan,
    used,
    contract_no IN (SELECT contract_no FROM contracts_over_limit) AS contract_over_limit
FROM
    accepted_lines
WHERE
    contract_no = '' OR accepted < payable
    OR contract_no IN (SELECT contract_no FROM contracts_over_limit)
