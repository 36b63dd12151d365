SELECT
    *,
    reason AS "check"
FROM returns
WHERE ($provider = '' OR provider_bin = $provider) AND reason = $slug
ORDER BY provider_bin, service_id
