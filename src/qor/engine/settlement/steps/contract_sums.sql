SELECT
    bin,
    contract_no,
    cast(sum(amount) AS DECIMAL(38, 2)) AS amount
FROM (SELECT
    *,
    row_number() OVER (
        PARTITION BY
            contract_no, bin, care_form, funding,
            coalesce(service_code, '*'), month
        ORDER BY valid_from DESC, line DESC
    ) AS nth
FROM contracts
WHERE valid_from <= $on_day)
WHERE nth = 1 AND amount IS NOT NULL
GROUP BY bin, contract_no
