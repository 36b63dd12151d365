-- Of each patient the service that carries the complex tariff, as at the closing: one that was
-- billed with it, else the first that was neither returned nor waited then. A patient all of whose
-- services went back, or were of no contract, has none.
WITH theirs AS (
    SELECT
        s.service_month,
        s.provider_bin,
        s.service_id,
        s.care_form,
        s.ended_at,
        coalesce(s.iin, s.card_no, s.service_id) AS person,
        m.value,
        coalesce(r.amount, 0) > 0 AS carries,
        coalesce(r.waits, FALSE) AS waits,
        b.service_id IS NOT NULL
        OR coalesce(r.reason = 'contract_not_named' OR r.contract_no = '', FALSE) AS returned
    FROM late_services AS s
    INNER JOIN tariffs_moved AS m
        ON
            m.service_month = s.service_month
            AND m.bin = s.provider_bin
            AND m.care_form = s.care_form
    LEFT JOIN settled_before AS r
        ON
            r.kind = 'service'
            AND r.service_month = s.service_month
            AND r.provider_bin = s.provider_bin
            AND r.service_id = s.service_id
    LEFT JOIN late_returns AS b
        ON b.provider_bin = s.provider_bin AND b.service_id = s.service_id
),

firsts AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY service_month, provider_bin, care_form, person
            ORDER BY carries DESC, returned, waits, ended_at, service_id
        ) AS nth
    FROM theirs
)

SELECT
    service_month,
    provider_bin,
    service_id,
    value
FROM firsts
WHERE nth = 1 AND NOT returned
