SELECT
    f.provider_bin,
    f.service_id,
    f.code,
    f.found_on
FROM findings AS f
ANTI JOIN rejected_findings AS r
    ON r.bin = f.provider_bin AND r.id = f.service_id AND r.slug = f."check"
