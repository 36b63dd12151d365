SELECT
    care_form,
    '' AS case_kind,
    code,
    valid_from,
    valid_to,
    cast(price AS DECIMAL(18, 4)) AS price,
    cast(NULL AS DECIMAL(18, 4)) AS other_price
FROM tariff_lines
UNION ALL
SELECT
    care_form,
    case_kind,
    code,
    valid_from,
    valid_to,
    cast(price AS DECIMAL(18, 4)),
    cast(other_price AS DECIMAL(18, 4))
FROM day_lines
