SELECT
    "check",
    count(*) AS n
FROM raw_findings
GROUP BY "check"
