-- The day hospital's lines: the printed price as it is, else a share of the round-the-clock
-- tariff; dialysis is paid by its sessions.
SELECT
    d.care_form,
    k.case_kind,
    d.code,
    CASE
        WHEN k.valid_from > d.valid_from THEN k.valid_from
        ELSE d.valid_from
    END AS valid_from,
    CASE WHEN k.valid_to < d.valid_to THEN k.valid_to ELSE d.valid_to END AS valid_to,
    CASE
        WHEN d.printed OR z.code IS NOT NULL OR k.share IS NULL THEN d.price
        WHEN p.expected IS NOT NULL THEN p.expected
        ELSE cast(d.price AS DECIMAL(38, 2)) * k.share
    END AS price,
    CASE WHEN NOT d.printed AND z.code IS NULL THEN p.other END AS other_price
FROM day_tariffs AS d
INNER JOIN day_shares AS k
    ON
        k.care_form = d.care_form AND k.valid_from <= d.valid_to
        AND k.valid_to >= d.valid_from
LEFT JOIN day_prices AS p ON p.price = d.price AND p.weight = d.weight AND p.share = k.share
LEFT JOIN (
    SELECT DISTINCT code FROM service_rules
    WHERE dialysis
) AS z
    ON z.code = d.code
