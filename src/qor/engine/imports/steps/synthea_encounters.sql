SELECT
    id,
    start,
    stop,
    patient,
    organization,
    provider,
    encounterclass,
    code,
    total_claim_cost,
    reasoncode
FROM s_encounters
ORDER BY start, id
