SELECT
    c.provider_bin,
    c.service_id,
    min(a.receipt_no) AS seen,
    cast(min(a.sold_on) AS VARCHAR) AS expected
FROM cur AS c INNER JOIN paid_services AS a
    ON
        a.provider_bin = c.provider_bin AND a.iin = c.iin AND a.service_code = c.service_code
        AND a.sold_on = c.started_on
WHERE
    c.care_form IN (
        $forms) AND NOT EXISTS (
        SELECT 1 FROM unknown_persons AS b
        WHERE b.iin = c.iin AND NOT b.valid
    )
GROUP BY c.provider_bin, c.service_id
