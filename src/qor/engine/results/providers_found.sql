SELECT DISTINCT provider_bin
FROM findings
