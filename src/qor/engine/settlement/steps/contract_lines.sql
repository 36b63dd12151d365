SELECT * EXCLUDE (nth) FROM (
    SELECT
        *,
        coalesce(substr(month, 1, 4), cast(year(valid_from) AS VARCHAR)) AS year,
        row_number() OVER (PARTITION BY
            contract_no, bin, care_form, funding, coalesce(service_code, '*'),
            coalesce(month, cast(year(valid_from) AS VARCHAR))
        ORDER BY valid_from DESC, line DESC) AS nth
    FROM contracts
    WHERE valid_from <= $closed_on
)
WHERE nth = 1
