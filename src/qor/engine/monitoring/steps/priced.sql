-- Findings with what is at stake; a cell with two halves takes the percentage where the provider
-- has no norm (interpretation norm_or_percent).
SELECT
    f.*,
    r.code,
    r.kind,
    CASE
        WHEN r.note <> '' THEN NULL
        WHEN
            r.norms IS NOT NULL AND n.value IS NOT NULL
            THEN cast(round(cast(r.norms AS DECIMAL(38, 4)) * n.value, 2) AS DECIMAL(18, 2))
        WHEN
            r.share IS NOT NULL
            THEN cast(round(cast(r.share AS DECIMAL(38, 4)) * f.amount, 2) AS DECIMAL(18, 2))
    END AS proposed_deduction,
    CASE
        WHEN r.note <> '' THEN r.note
        WHEN r.norms IS NOT NULL AND n.value IS NULL AND r.share IS NULL THEN 'norm_missing' ELSE ''
    END AS stake_note
FROM located AS f
INNER JOIN rates AS r ON r."check" = f."check" AND r.care_form = f.care_form
LEFT JOIN
    norms_of_the_day AS n
    ON n.provider_bin = f.provider_bin AND n.care_form = f.care_form AND n.ended_on = f.ended_on
