SELECT DISTINCT service_id
FROM services
WHERE provider_bin = $provider
