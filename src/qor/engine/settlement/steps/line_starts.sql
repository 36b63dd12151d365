SELECT
    c.*,
    CASE WHEN c.split THEN
        DATE '1900-01-01' ELSE coalesce(
        y.first_day,
        DATE '9999-12-31'
    ) END AS first_day
FROM (SELECT
    *,
    contract_no <> coalesce(CASE
        WHEN list_contains(list(contract_no)
            OVER line, named) AND named <> '' THEN named
        ELSE
            min(nullif(contract_no, ''))
                OVER line
    END, '') AS split
FROM contract_map WINDOW line AS (PARTITION BY provider_bin, care_form, funding)) AS c
LEFT JOIN itemised_from
    AS y ON y.contract_no = c.contract_no AND y.care_form = c.care_form
AND y.funding = c.funding
