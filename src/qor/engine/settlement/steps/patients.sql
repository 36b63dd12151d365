SELECT
    provider_bin,
    named,
    care_form,
    funding,
    service_id,
    day,
    value
FROM (
    SELECT
        r.provider_bin,
        r.named,
        r.care_form,
        r.funding,
        r.service_id,
        r.day,
        coalesce(n.value, 0) AS value,
        row_number() OVER (
            PARTITION BY r.provider_bin, r.care_form, r.person
            ORDER BY
                t.service_id IS NOT NULL OR coalesce(m.contract_no, '') = '',
                coalesce(v.open, FALSE),
                r.ended_at, r.service_id
        ) AS nth
    FROM (SELECT
        provider_bin,
        named,
        care_form,
        funding,
        service_id,
        ended_at,
        cast(ended_at AS DATE) AS day,
        coalesce(iin, card_no, service_id) AS person
    FROM billed_rows
    WHERE care_form IN ($complex_forms)) AS r
    LEFT JOIN tariffs_of AS n ON n.bin = r.provider_bin AND n.care_form = r.care_form
    LEFT JOIN contract_map AS m
        ON
            m.provider_bin = r.provider_bin AND m.named = r.named
            AND m.care_form = r.care_form AND m.funding = r.funding AND m.day = r.day
    LEFT JOIN turned_back AS t
        ON
            t.provider_bin = r.provider_bin
            AND t.service_id = r.service_id
    LEFT JOIN verdicts AS v ON v.provider_bin = r.provider_bin AND v.service_id = r.service_id
)
WHERE nth = 1
