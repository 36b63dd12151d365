-- What stands of a service that was looked at again, and would not stand so now; evidence and
-- amount are told as they would be.
SELECT
    $month AS month,
    s.provider_bin,
    s.service_id,
    s."check",
    'withdrawn' AS change,
    s.proposed_deduction AS before,
    cast(NULL AS DECIMAL(18, 2)) AS after,
    $found_on AS found_on
FROM stands_findings AS s
INNER JOIN asked_again AS a
    ON a."check" = s."check" AND a.provider_bin = s.provider_bin AND a.service_id = s.service_id
ANTI JOIN findings AS n
    ON n."check" = s."check" AND n.provider_bin = s.provider_bin AND n.service_id = s.service_id
UNION ALL
SELECT
    $month,
    s.provider_bin,
    s.service_id,
    s."check",
    'changed',
    s.proposed_deduction,
    n.proposed_deduction,
    $found_on
FROM stands_findings AS s
INNER JOIN findings AS n
    ON n."check" = s."check" AND n.provider_bin = s.provider_bin AND n.service_id = s.service_id
WHERE
    n.evidence IS DISTINCT FROM s.evidence
    OR n.proposed_deduction IS DISTINCT FROM s.proposed_deduction
UNION ALL
SELECT
    $month,
    s.provider_bin,
    s.service_id,
    s.reason,
    'withdrawn',
    s.amount,
    NULL,
    $found_on
FROM stands_returns AS s
INNER JOIN asked_again AS a
    ON a."check" = s.reason AND a.provider_bin = s.provider_bin AND a.service_id = s.service_id
ANTI JOIN returns AS n
    ON n.reason = s.reason AND n.provider_bin = s.provider_bin AND n.service_id = s.service_id
