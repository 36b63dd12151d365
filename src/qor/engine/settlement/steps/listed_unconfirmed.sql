SELECT
    number,
    region,
    provider_bin,
    CASE $language
        WHEN 'kk' THEN name_kk
        WHEN 'ru' THEN name_ru
        ELSE name_en
    END AS name,
    card_no,
    CASE
        WHEN $with_iin THEN iin
        WHEN iin IS NOT NULL THEN left(iin, 2) || '••••••••' || substr(iin, 11, 2)
    END AS iin,
    service_date,
    amount,
    service_id,
    found_on
FROM unconfirmed_cases
WHERE $provider = '' OR provider_bin = $provider
ORDER BY number
