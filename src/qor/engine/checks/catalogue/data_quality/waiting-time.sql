SELECT
    c.provider_bin,
    c.service_id,
    cast(c.started_on AS VARCHAR) AS seen,
    cast(c.referral_date AS VARCHAR) AS expected
FROM cur AS c
INNER JOIN calendar AS s ON s.day = c.started_on
LEFT JOIN calendar AS r ON r.day = c.referral_date
WHERE
    c.care_form IN ($forms)
    AND c.referral_date IS NOT NULL
    AND coalesce(c.admission, 'planned') = 'planned'
    AND c.setting IN ('visit', 'home_visit', 'remote')
    AND (r.day IS NOT NULL OR c.referral_date < (SELECT min(day) FROM calendar))
    AND s.working_days - coalesce(r.working_days, 0) > $waiting_working_days
