SELECT DISTINCT
    l.contract_no,
    l.care_form,
    l.funding,
    l.month AS service_month,
    l.year
FROM
    contract_lines AS l
ANTI JOIN shared_numbers AS s ON s.contract_no = l.contract_no AND s.year = l.year
WHERE
    l.amount IS NOT NULL
