SELECT DISTINCT contract_no
FROM contracts
WHERE bin = $provider AND valid_from < $year_first
