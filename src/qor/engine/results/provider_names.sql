SELECT
    bin,
    region,
    name_kk,
    name_ru,
    name_en
FROM providers
ORDER BY bin
