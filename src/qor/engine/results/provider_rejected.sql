SELECT
    file,
    line,
    "column" AS column_name,
    reason
FROM rejected
WHERE provider_bin = $provider
ORDER BY file DESC, line ASC
LIMIT $most
