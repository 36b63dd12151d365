SELECT DISTINCT
    l.contract_no,
    l.care_form,
    l.funding,
    l.month AS service_month,
    coalesce(substr(l.month, 1, 4), cast(year(l.valid_from) AS VARCHAR)) AS year
FROM
    contract_lines AS l
ANTI JOIN
    shared_numbers AS s
    ON
        s.contract_no = l.contract_no
        AND s.year = coalesce(substr(l.month, 1, 4), cast(year(l.valid_from) AS VARCHAR))
WHERE
    l.amount IS NOT NULL
