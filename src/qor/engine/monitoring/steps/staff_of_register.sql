-- The register's rows of performers on any staff list; a placeholder is nobody whose day could be
-- looked at.
SELECT
    performer_id,
    provider_bin,
    subcontract_bin,
    started_at,
    ended_at
FROM mine
WHERE performer_id IN (SELECT performer_id FROM staff)
