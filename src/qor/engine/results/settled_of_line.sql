SELECT *
FROM settled
WHERE
    provider_bin = $provider
    AND contract_no = $contract
    AND care_form = $form
    AND funding = $funding
    AND service_month = $month
    AND CASE
        WHEN $kind = '' THEN kind IN ('service', 'released') AND NOT unscaled
        WHEN $kind = 'unscaled' THEN kind IN ('service', 'released') AND unscaled
        ELSE kind = 'lump' AND service_id = $kind
    END
ORDER BY kind, service_id
