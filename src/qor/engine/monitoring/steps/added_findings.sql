SELECT n.*
FROM findings AS n
ANTI JOIN stands_findings AS s
    ON s.provider_bin = n.provider_bin AND s.service_id = n.service_id AND s."check" = n."check"
