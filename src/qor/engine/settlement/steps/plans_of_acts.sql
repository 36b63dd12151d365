SELECT
    contract_no,
    year,
    plan
FROM year_plans
WHERE contract_no IN (SELECT l.contract_no FROM act_lines AS l)
