SELECT contract_no FROM contract_lines
GROUP BY contract_no
HAVING count(DISTINCT bin) > 1
