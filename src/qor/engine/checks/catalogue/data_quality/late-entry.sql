SELECT
    c.provider_bin,
    c.service_id,
    cast(c.registered_on AS VARCHAR) AS seen,
    cast(c.ended_on AS VARCHAR) AS expected
FROM cur AS c
LEFT JOIN calendar AS e ON e.day = c.ended_on
LEFT JOIN calendar AS r ON r.day = c.registered_on
WHERE
    c.care_form IN ($forms)
    AND (
        (
            c.care_form IN ('primary', 'outpatient')
            AND r.working_days_before - e.working_days >= $entry_working_days
        )
        OR (
            c.care_form = 'ambulance'
            AND date_diff('day', c.ended_on, c.registered_on) > $ambulance_entry_days
        )
    )
