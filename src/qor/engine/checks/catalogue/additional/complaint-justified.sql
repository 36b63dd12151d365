SELECT
    c.provider_bin,
    c.service_id,
    min(a.complaint_id) AS seen,
    cast(min(a.decided_on) AS VARCHAR) AS expected
FROM cur AS c
INNER JOIN complaints AS a ON a.provider_bin = c.provider_bin AND a.service_id = c.service_id
WHERE c.care_form IN ($forms) AND a.justified
GROUP BY c.provider_bin, c.service_id
