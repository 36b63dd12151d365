SELECT count(*) AS n
FROM contract_map
WHERE not_named AND contract_no = ''
