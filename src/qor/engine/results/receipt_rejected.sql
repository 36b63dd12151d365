SELECT
    line,
    "column",
    value,
    reason
FROM rejected
WHERE receipt = $receipt AND (provider_bin IS NULL OR provider_bin = $provider)
ORDER BY line, "column"
LIMIT $most
