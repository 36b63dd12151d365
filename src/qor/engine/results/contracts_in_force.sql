SELECT contract_no
FROM contracts
WHERE
    care_form IN ($care_forms)
    AND valid_from <= $last
    AND (valid_to IS NULL OR valid_to >= $first)
