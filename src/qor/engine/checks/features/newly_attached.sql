SELECT
    c.provider_bin,
    c.service_id,
    c.care_form,
    c.iin,
    c.started_at,
    c.registered_at,
    p.attached_since,
    $days AS in_cur
FROM month_rows AS c INNER JOIN moved AS p
    ON
        p.iin = c.iin AND p.attached_bin = c.provider_bin
        AND p.attached_since <= c.started_on
WHERE c.care_form = 'primary'
