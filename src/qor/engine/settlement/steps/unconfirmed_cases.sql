SELECT
    row_number() OVER (ORDER BY p.region, f.provider_bin, f.service_id) AS number,
    p.region,
    f.provider_bin,
    p.name_kk,
    p.name_ru,
    p.name_en,
    s.card_no,
    s.iin,
    cast(s.ended_at AS DATE) AS service_date,
    s.amount,
    f.service_id,
    f.found_on
FROM (
    SELECT
        provider_bin,
        service_id,
        min(found_on) AS found_on
    FROM unconfirmed_findings
    WHERE code IN ($codes)
    GROUP BY provider_bin, service_id
) AS f
JOIN services AS s ON s.provider_bin = f.provider_bin AND s.service_id = f.service_id
JOIN providers AS p ON p.bin = f.provider_bin
ORDER BY number
