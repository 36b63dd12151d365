WITH numbered AS (
    SELECT
        i,
        $births_from + cast((i * 7919) % $birth_days AS INTEGER) AS born,
        (i // 3 + i) % 2 = 0 AS female,
        i // $birth_days AS serial
    FROM range($people) AS r (i)
)

SELECT
    p.i,
    $iin AS iin,
    p.born,
    CASE WHEN p.female THEN 'f' ELSE 'm' END AS sex,
    CASE WHEN p.i % 97 = 0 THEN DATE '2025-09-15' END AS died,
    h.bin AS home,
    h.region
FROM numbered AS p
INNER JOIN homes AS h ON h.n = p.i % $homes
