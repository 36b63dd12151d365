SELECT
    a.provider_bin,
    a.service_id,
    cast(a.attached_since AS VARCHAR) AS seen
FROM (SELECT
    c.provider_bin,
    c.service_id,
    c.in_cur,
    c.care_form,
    c.attached_since,
    row_number()
        OVER (PARTITION BY c.iin ORDER BY c.started_at, c.registered_at, c.service_id)
        AS nth
FROM newly_attached AS c) AS a
WHERE a.nth = 1 AND a.in_cur AND a.care_form IN ($forms)
