SELECT
    provider_bin,
    service_id,
    "check",
    code,
    proposed_deduction
FROM $findings
UNION ALL
SELECT
    provider_bin,
    service_id,
    reason,
    NULL,
    amount
FROM $returns
