SELECT *
FROM settled
WHERE
    provider_bin = $provider
    AND contract_no = $contract
    AND care_form = $form
    AND funding = $funding
    AND service_month = $month
    AND CASE
        WHEN $kind = '' THEN kind <> 'lump' AND NOT unscaled
        WHEN $kind = 'unscaled' THEN kind <> 'lump' AND unscaled
        ELSE kind = 'lump' AND service_id = $kind
    END
ORDER BY kind, service_id
