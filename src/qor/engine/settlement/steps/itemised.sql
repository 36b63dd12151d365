SELECT
    r.*,
    cast(coalesce(p.value, r.worth) AS DECIMAL(18, 2)) AS value
FROM itemised_rows
    AS r LEFT JOIN patients AS p ON p.provider_bin = r.provider_bin
AND p.service_id = r.service_id
