SELECT DISTINCT
    bin,
    contract_no,
    care_form,
    funding,
    valid_from,
    valid_to
FROM contracts
WHERE valid_from <= $month_last AND (
    valid_to IS NULL
    OR valid_to >= $month_first
)
