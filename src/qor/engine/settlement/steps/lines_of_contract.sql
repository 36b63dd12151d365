SELECT
    funding,
    month,
    amount,
    valid_from,
    valid_to
FROM contract_lines
WHERE
    contract_no = $contract AND bin = $provider
    AND year = $year
    AND EXISTS (
        SELECT 1
        FROM contract_lines
        WHERE
            contract_no = $contract AND bin = $provider
            AND (valid_to IS NULL OR valid_to >= $on_day)
    )
