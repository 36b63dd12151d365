SELECT
    "check" AS slug,
    service_id,
    evidence.seen AS seen,
    evidence.expected AS expected
FROM findings
UNION ALL
SELECT
    reason AS slug,
    service_id,
    seen,
    expected
FROM returns
ORDER BY slug, service_id
