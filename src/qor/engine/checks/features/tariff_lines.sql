-- The tariff of each code in each form of care that has a price per service; on each day its own
-- line before the general one.
WITH source AS NOT MATERIALIZED (
    SELECT * FROM offered
    WHERE $which
)

SELECT
    l.care_form,
    l.code,
    l.valid_from,
    l.valid_to,
    l.price,
    l.weight,
    l.printed
FROM (
    SELECT
        s.care_form,
        s.code,
        s.first AS valid_from,
        s.last AS valid_to,
        o.price,
        o.weight,
        o.printed,
        row_number() OVER (
            PARTITION BY s.care_form, s.kind, s.code, s.first
            ORDER BY
                CASE WHEN o.printed THEN 0 ELSE 1 END, CASE WHEN o.own THEN 0 ELSE 1 END, o.price
        ) AS nth
    FROM (
        SELECT
            d.care_form,
            d.kind,
            d.code,
            d.day AS first,
            coalesce(
                lead(d.day) OVER (PARTITION BY d.care_form, d.kind, d.code ORDER BY d.day) - 1,
                DATE '9999-12-31'
            ) AS last
        FROM (
            SELECT
                care_form,
                kind,
                code,
                valid_from AS day
            FROM source
            UNION
            SELECT
                care_form,
                kind,
                code,
                valid_to + 1
            FROM source
            WHERE valid_to < DATE '9999-12-31'
        ) AS d
    ) AS s
    INNER JOIN
        source
            AS o
        ON
            o.care_form = s.care_form AND o.kind = s.kind AND o.code = s.code
            AND o.valid_from <= s.first AND o.valid_to >= s.last
) AS l
WHERE l.nth = 1
