-- Of each service with findings: whether it is held, and the largest deduction of those that hold
-- it (interpretation several_deductions).
SELECT
    provider_bin,
    service_id,
    bool_or(kind IN ('potential', 'review')) AS held,
    coalesce(
        max(proposed_deduction) FILTER (WHERE kind IN ('potential', 'review')),
        0
    ) AS at_stake
FROM findings
GROUP BY provider_bin, service_id
