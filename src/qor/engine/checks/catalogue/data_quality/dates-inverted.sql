SELECT
    c.provider_bin,
    c.service_id,
    cast(CASE WHEN c.ended_at < c.started_at THEN c.started_at ELSE c.ended_at END AS VARCHAR)
        AS seen,
    cast(CASE WHEN c.ended_at < c.started_at THEN c.ended_at ELSE c.registered_at END AS VARCHAR)
        AS expected
FROM cur AS c
WHERE c.care_form IN ($forms) AND (c.ended_at < c.started_at OR c.ended_at > c.registered_at)
