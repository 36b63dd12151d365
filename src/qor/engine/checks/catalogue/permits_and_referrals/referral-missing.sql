SELECT
    c.provider_bin,
    c.service_id,
    c.service_code AS seen
FROM cur AS c INNER JOIN rules_today AS s ON s.code = c.service_code AND s.needs_referral
WHERE
    c.care_form IN ($forms) AND c.referral_no IS NULL AND c.referral_date IS NULL
    AND coalesce(c.admission, 'planned') = 'planned' AND c.care_form <> 'ambulance'
