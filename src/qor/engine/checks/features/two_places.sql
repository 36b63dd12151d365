SELECT
    c.provider_bin,
    c.service_id,
    c.iin,
    c.service_code,
    c.care_form,
    c.performer_id,
    g.on_day,
    c.started_at,
    c.ended_at,
    c.registered_at,
    coalesce(c.subcontract_bin, c.provider_bin) AS place,
    $days AS in_cur
FROM month_rows AS c
INNER JOIN performer_two_sites AS g
    ON
        g.performer_id = c.performer_id AND (
            g.on_day = c.started_on
            OR g.on_day = c.ended_on
        )
LEFT JOIN rules_today AS s ON s.code = c.service_code
WHERE
    coalesce(setting, 'visit') NOT IN ('inpatient', 'day_hospital')
    AND coalesce(c.setting, 'visit') <> 'remote'
    AND NOT coalesce(s.remote_reading, FALSE)
