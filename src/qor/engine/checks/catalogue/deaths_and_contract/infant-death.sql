SELECT
    d.provider_bin,
    d.service_id,
    d.cause AS seen,
    cast(d.died_on AS VARCHAR) AS expected
FROM (
    SELECT
        i.provider_bin,
        i.service_id,
        i.care_form,
        i.cause,
        i.died_on,
        i.in_cur,
        row_number()
            OVER (
                PARTITION BY i.child
                ORDER BY i.started_at DESC, i.provider_bin ASC, i.service_id ASC
            )
            AS last,
        max(CASE WHEN i.complication THEN 1 ELSE 0 END)
            OVER (PARTITION BY i.child)
            AS any_complication
    FROM infants AS i
    WHERE
        i.started_on <= i.died_on
        AND (i.birth_date IS NULL OR full_years(i.birth_date, i.died_on) < $infant_age_years)
) AS d
WHERE
    d.last = 1 AND d.in_cur AND d.care_form IN ($forms)
    AND (d.any_complication = 1 OR left(coalesce(d.cause, ''), 3) NOT IN ($accidents))
