SELECT DISTINCT funding
FROM contracts
WHERE contract_no = $contract AND bin = $provider AND valid_from <= $on_day
