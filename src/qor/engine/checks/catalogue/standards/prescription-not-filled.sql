SELECT
    c.provider_bin,
    c.service_id,
    min(p.prescription_id) AS seen,
    cast(min(p.prescribed_on) AS VARCHAR) AS expected
FROM cur AS c
INNER JOIN written AS p ON p.prescriber_bin = c.provider_bin AND p.service_id = c.service_id
WHERE
    c.care_form IN ($forms)
    AND date_diff('day', p.prescribed_on, coalesce(p.dispensed_on, $found_on))
    > $prescription_fill_days
GROUP BY c.provider_bin, c.service_id
