SELECT
    c.provider_bin,
    c.service_id,
    c.unreadable AS seen
FROM cur AS c
WHERE c.care_form IN ($forms) AND c.unreadable IS NOT NULL
