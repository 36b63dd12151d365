SELECT
    f.provider_bin,
    f.service_id,
    f."check",
    f.care_form,
    cast(s.ended_at AS DATE) AS service_ended_on,
    CASE WHEN $by_end THEN cast(s.ended_at AS DATE) ELSE f.found_on END AS ended_on
FROM findings AS f
LEFT JOIN services AS s ON f.provider_bin = s.provider_bin AND f.service_id = s.service_id
