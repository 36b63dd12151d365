SELECT
    contract_no,
    care_form,
    funding
FROM sums_held
WHERE service_month = $month OR (service_month IS NULL AND year = $year)
