SELECT
    * EXCLUDE (evidence),
    evidence.seen AS seen,
    evidence.expected AS expected,
    evidence.other_provider_bin AS other_provider_bin,
    evidence.other_service_id AS other_service_id
FROM findings
WHERE ($provider = '' OR provider_bin = $provider) AND ($slug = '' OR "check" = $slug)
ORDER BY provider_bin, service_id, "check"
