SELECT k.* FROM (
    SELECT DISTINCT
        contract_no,
        care_form,
        funding,
        $month AS service_month
    FROM contract_forms
    UNION
    SELECT DISTINCT
        contract_no,
        care_form,
        funding,
        service_month
    FROM waiting
    WHERE contract_no <> ''
) AS k
WHERE NOT EXISTS (
    SELECT 1
    FROM sums_held AS h
    WHERE
        h.contract_no = k.contract_no
        AND h.care_form = k.care_form AND h.funding = k.funding
        AND (h.service_month = k.service_month OR (
            h.service_month IS NULL
            AND h.year = substr(k.service_month, 1, 4)
        ))
)
