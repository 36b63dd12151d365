-- The rows around the register; a row of the lake with the register's key is the older one.
SELECT DISTINCT
    $columns,
    cast(NULL AS VARCHAR) AS unreadable
FROM around AS a
WHERE
    NOT EXISTS (
        SELECT 1
        FROM mine AS m
        WHERE m.provider_bin = a.provider_bin AND m.service_id = a.service_id
    )
