SELECT
    c.provider_bin,
    c.service_id,
    cast(c.started_on AS VARCHAR) AS seen
FROM cur AS c
INNER JOIN calendar AS d ON d.day = c.started_on AND d.working_days = d.working_days_before
INNER JOIN
    providers AS p
    ON p.bin = coalesce(c.subcontract_bin, c.provider_bin) AND NOT p.works_on_closed_days
LEFT JOIN rules_today AS s ON s.code = c.service_code
WHERE
    c.care_form IN ($forms) AND c.care_form IN ('primary', 'outpatient') AND c.setting = 'visit'
    AND coalesce(c.admission, 'planned') = 'planned' AND NOT coalesce(s.dialysis, FALSE)
