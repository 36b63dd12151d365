WITH back AS (
    SELECT service_id
    FROM returns
    WHERE provider_bin = $provider
)

SELECT
    service_id,
    amount,
    care_form,
    setting,
    service_id IN (SELECT b.service_id FROM back AS b) AS returned
FROM services
WHERE provider_bin = $provider
ORDER BY service_id
