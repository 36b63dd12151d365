WITH theirs AS (
    SELECT
        s.provider_bin,
        s.service_id,
        s.care_form,
        s.ended_at,
        coalesce(s.iin, s.card_no, s.service_id) AS person,
        r.amount
    FROM services AS s
    JOIN asked_patients AS p
        ON
            p.provider_bin = s.provider_bin AND p.care_form = s.care_form
            AND p.person = coalesce(s.iin, s.card_no, s.service_id)
    LEFT JOIN (SELECT
        provider_bin,
        service_id,
        amount
    FROM settled
    WHERE kind = 'service') AS r
        ON r.provider_bin = s.provider_bin AND r.service_id = s.service_id
),

firsts AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY provider_bin, care_form, person
            ORDER BY amount IS NOT NULL, ended_at, service_id
        ) AS nth,
        coalesce(max(amount) OVER (PARTITION BY provider_bin, care_form, person), 0) > 0 AS carried
    FROM theirs
)

SELECT
    f.provider_bin,
    f.service_id,
    n.value
FROM firsts AS f
JOIN paid_tariffs AS n ON n.bin = f.provider_bin AND n.care_form = f.care_form
WHERE f.nth = 1 AND f.amount IS NULL AND NOT f.carried
