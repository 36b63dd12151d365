SELECT *
FROM settled
ORDER BY provider_bin, contract_no, service_id, kind
