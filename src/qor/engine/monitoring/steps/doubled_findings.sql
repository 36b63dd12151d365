-- Services that one check found twice: there must be none.
SELECT
    "check",
    provider_bin,
    service_id
FROM raw_findings
GROUP BY "check", provider_bin, service_id
HAVING count(*) > 1
