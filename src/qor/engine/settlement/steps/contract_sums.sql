SELECT
    bin,
    contract_no,
    cast(sum(amount) AS DECIMAL(38, 2)) AS amount
FROM (SELECT
    *,
    coalesce(month, cast(year(valid_from) AS VARCHAR)) AS period,
    row_number() OVER (
        PARTITION BY
            contract_no, bin, care_form, funding,
            coalesce(service_code, '*'), coalesce(month, cast(year(valid_from) AS VARCHAR))
        ORDER BY valid_from DESC, line DESC
    ) AS nth
FROM contracts
WHERE valid_from <= $on_day)
WHERE nth = 1 AND amount IS NOT NULL AND substr(period, 1, 4) = cast(year($on_day) AS VARCHAR)
GROUP BY bin, contract_no
