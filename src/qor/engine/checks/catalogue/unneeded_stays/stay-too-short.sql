SELECT
    c.provider_bin,
    c.service_id,
    cast(date_diff('day', c.started_on, c.ended_on) AS VARCHAR) AS seen,
    cast(s.usual_days AS VARCHAR) AS expected
FROM cur AS c INNER JOIN rules_today AS s ON s.code = c.group_code AND s.usual_days IS NOT NULL
LEFT JOIN icd_limits AS l ON l.icd10 = c.icd10_main
WHERE
    c.care_form IN ($forms)
    AND c.setting = 'inpatient'
    AND c.outcome IN ('discharged', 'improved', 'unchanged', 'worse')
    AND date_diff('day', c.started_on, c.ended_on) * $short_stay_divisor < s.usual_days
    AND NOT (
        coalesce(l.outpatient_treatable, FALSE) AND coalesce(c.admission, 'planned') = 'planned'
        AND coalesce(array_length(c.operation_codes), 0) = 0
        AND date_diff('day', c.started_on, c.ended_on) <= $avoidable_stay_days
    )
    AND NOT EXISTS (
        SELECT 1
        FROM mispriced AS m
        WHERE
            m.provider_bin = c.provider_bin AND m.service_id = c.service_id
            AND (m.amount - $amount_tolerance) * s.usual_days
            <= m.expected_amount * CASE
                WHEN c.ended_on > c.started_on
                    THEN date_diff('day', c.started_on, c.ended_on)
                ELSE 1
            END
    )
