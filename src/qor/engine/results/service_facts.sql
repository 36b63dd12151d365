SELECT
    iin,
    card_no,
    setting,
    service_code,
    group_code,
    icd10_main,
    started_at,
    ended_at,
    outcome,
    quantity,
    unit_price,
    amount,
    performer_id,
    referral_no,
    referral_date,
    registered_at
FROM services
WHERE provider_bin = $provider AND service_id = $service
