-- What some checks found of rows that they were not asked about.
SELECT raw_findings.rowid
FROM raw_findings
WHERE
    "check" IN ($checks)
    AND NOT EXISTS (
        SELECT 1
        FROM cur AS c
        WHERE
            c.provider_bin = raw_findings.provider_bin
            AND c.service_id = raw_findings.service_id
    )
