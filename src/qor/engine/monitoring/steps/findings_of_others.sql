-- What checks found of rows that the register does not hold.
SELECT raw_findings.rowid
FROM raw_findings
WHERE
    NOT EXISTS (
        SELECT 1
        FROM mine AS m
        WHERE
            m.provider_bin = raw_findings.provider_bin
            AND m.service_id = raw_findings.service_id
    )
