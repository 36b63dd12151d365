-- The old rows of the slice that a new row of the same key replaced.
SELECT slice.rowid
FROM slice
WHERE
    NOT slice.fresh AND EXISTS (
        SELECT 1
        FROM fresh_rows AS f
        WHERE f.provider_bin = slice.provider_bin AND f.service_id = slice.service_id
    )
