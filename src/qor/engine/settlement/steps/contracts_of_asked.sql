SELECT
    r.provider_bin,
    r.service_id,
    m.contract_no
FROM asked_days AS r
JOIN contract_map AS m
    ON
        m.provider_bin = r.provider_bin AND m.named = r.named AND m.care_form = r.care_form
        AND m.funding = r.funding AND m.day = r.day
