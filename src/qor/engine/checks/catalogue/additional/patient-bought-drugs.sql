SELECT
    c.provider_bin,
    c.service_id,
    a.answer AS seen,
    cast(min(a.answered_at) AS VARCHAR) AS expected
FROM cur AS c
INNER JOIN
    patient_answers AS a
    ON a.provider_bin = c.provider_bin AND a.service_id = c.service_id AND a.iin = c.iin
WHERE c.care_form IN ($forms) AND a.answer = 'bought_drugs'
GROUP BY c.provider_bin, c.service_id, a.answer
