SELECT
    k.provider_bin,
    k.service_id,
    k.seen,
    k.expected
FROM (
    SELECT
        c.provider_bin,
        c.service_id,
        c.service_code AS seen,
        l.code AS expected,
        row_number()
            OVER (PARTITION BY c.provider_bin, c.service_id ORDER BY t.price, l.code)
            AS nth
    FROM cur AS c
    INNER JOIN rules_today AS s ON s.code = c.service_code AND s.alternative_group IS NOT NULL
    INNER JOIN
        serving AS l
        ON
            l.alternative_group = s.alternative_group
            AND l.icd10 = c.icd10_main
            AND l.code <> c.service_code
    INNER JOIN
        tariff_lines AS o
        ON
            o.care_form = c.care_form
            AND o.code = c.service_code
            AND c.ended_on BETWEEN o.valid_from AND o.valid_to
    INNER JOIN
        tariff_lines AS t
        ON
            t.care_form = c.care_form
            AND t.code = l.code
            AND c.ended_on BETWEEN t.valid_from AND t.valid_to
    WHERE c.care_form IN ($forms) AND t.price < o.price
) AS k
WHERE k.nth = 1
