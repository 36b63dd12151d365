SELECT n.*
FROM returns AS n
ANTI JOIN stands_returns AS s
    ON s.provider_bin = n.provider_bin AND s.service_id = n.service_id AND s.reason = n.reason
