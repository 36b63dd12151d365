-- The norm of each provider, care form and day: the provider's own before the general one
-- (bin `*`), the first kind that there is.
SELECT
    provider_bin,
    care_form,
    ended_on,
    value
FROM (
    SELECT
        d.provider_bin,
        d.care_form,
        d.ended_on,
        m.value,
        row_number() OVER (
            PARTITION BY d.provider_bin, d.care_form, d.ended_on
            ORDER BY CASE WHEN m.bin = '*' THEN 1 ELSE 0 END, k.rank, m.valid_from
        ) AS nth
    FROM (SELECT DISTINCT
        provider_bin,
        care_form,
        ended_on
    FROM located) AS d
    INNER JOIN norm_kinds AS k ON k.care_form = d.care_form
    INNER JOIN norms
        AS m ON m.kind = k.kind AND (m.bin = d.provider_bin OR m.bin = '*')
    AND m.valid_from <= d.ended_on AND (m.valid_to IS NULL OR m.valid_to >= d.ended_on)
) AS n
WHERE nth = 1
