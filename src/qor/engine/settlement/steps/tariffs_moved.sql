-- Complex tariffs that are not what a closing paid by, or not what was recalculated since.
SELECT
    n.service_month,
    n.bin,
    n.care_form,
    n.value
FROM tariffs_now AS n
LEFT JOIN tariffs_then AS t
    ON t.service_month = n.service_month AND t.bin = n.bin AND t.care_form = n.care_form
WHERE
    n.value <> coalesce(t.value, 0)
    OR EXISTS (
        SELECT 1
        FROM settled_before AS r
        WHERE
            r.kind = 'moved'
            AND r.provider_bin = n.bin
            AND r.care_form = n.care_form
            AND r.service_month = n.service_month
    )
