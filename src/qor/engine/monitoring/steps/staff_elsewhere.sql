-- The register's rows of performers who are also known at another place.
SELECT *
FROM staff_of_register
WHERE
    EXISTS (
        SELECT 1
        FROM met AS q
        WHERE q.performer = $performer AND q.place <> coalesce(subcontract_bin, provider_bin)
    )
