WITH billed AS (
    SELECT
        e.i,
        e.iin,
        k.k,
        k.first,
        k.width,
        ((e.i * 2654435761 + k.k * 40503 + $back * 69069) % 4294967296) // 64 AS dice
    FROM everyone AS e, (VALUES $slots) AS k (k, first, width)
    WHERE e.died IS NULL AND (k.k + 1) * 100 <= $per_hundred + 99 - (e.i * 37) % 100
),

begun AS (
    SELECT
        b.i,
        b.iin,
        b.k,
        b.dice,
        $form AS form,
        cast(c.day AS TIMESTAMP) + to_minutes(cast(510 + b.dice % 397 AS INTEGER)) AS started_at
    FROM billed AS b
    INNER JOIN (VALUES $working_days) AS c (n, day) ON c.n = b.first + b.dice % b.width
),

ended AS (
    SELECT
        f.*,
        CASE
            WHEN f.form IN ('stay_group', 'stay_bed_day') THEN 'inpatient'
            WHEN f.form = 'ambulance' THEN 'call'
            ELSE 'visit'
        END AS setting,
        2 + f.dice % 2 AS nights,
        f.started_at + CASE
            WHEN f.form IN ('stay_group', 'stay_bed_day')
                THEN to_days(cast(2 + f.dice % 2 AS INTEGER))
            ELSE INTERVAL 20 MINUTE
        END AS ended_at
    FROM begun AS f
)

SELECT
    w.bin AS provider_bin,
    $month || '-' || s.i || '-' || s.k AS service_id,
    CASE WHEN s.form <> 'blood' THEN s.iin END AS iin,
    'C' || s.i AS card_no,
    'R-' || $month AS register_no,
    CASE WHEN s.form = 'blood' THEN 'none' ELSE 'iin' END AS identity_kind,
    s.form AS care_form,
    s.setting,
    CASE
        WHEN s.form IN ('outpatient', 'stay_group') AND s.dice % 3 > 0 THEN 'osms' ELSE 'tmkkk'
    END AS funding,
    CASE WHEN s.form <> 'stay_group' THEN g.code END AS service_code,
    CASE WHEN s.form = 'stay_group' THEN g.code END AS group_code,
    NULL AS weight,
    NULL AS operation_codes,
    CASE WHEN s.setting = 'inpatient' THEN s.nights END AS bed_days,
    CASE WHEN s.form <> 'blood' THEN d.icd10 END AS icd10_main,
    NULL AS icd10_other,
    NULL AS icd10_referral,
    NULL AS icd10_autopsy,
    s.started_at,
    s.ended_at,
    CASE WHEN s.form = 'ambulance' THEN 'emergency' ELSE 'planned' END AS admission,
    CASE WHEN s.setting = 'inpatient' THEN 'THERAPY' END AS bed_profile,
    CASE WHEN s.setting = 'inpatient' THEN 'improved' END AS outcome,
    1 AS quantity,
    g.price AS unit_price,
    w.factor AS coefficient,
    cast(
        round(CASE WHEN s.form = 'stay_bed_day' THEN s.nights ELSE 1 END * g.price * w.factor, 2)
        AS DECIMAL(18, 2)
    ) AS amount,
    'D' || lpad(cast(w.number AS VARCHAR), 4, '0') || '-'
    || lpad(cast(s.dice % 40 AS VARCHAR), 2, '0') AS performer_id,
    NULL AS referral_no,
    NULL AS referral_date,
    NULL AS referring_bin,
    NULL AS subcontract_bin,
    'K-' || w.number AS contract_no,
    s.ended_at + INTERVAL 3 HOUR AS registered_at,
    NULL AS sample_taken_at
FROM ended AS s
INNER JOIN places AS w ON w.care_form = s.form AND w.n = s.i % w.of_form
INNER JOIN goods AS g
    ON g.n = CASE s.form
        WHEN 'stay_group' THEN 100 + (s.i * 7 + s.k + 3 * $back) % $groups
        WHEN 'stay_bed_day' THEN 200
        ELSE (s.i * 5 + s.k + 3 * $back) % $codes
    END
INNER JOIN ills AS d ON d.n = (s.i * 7 + s.k + 3 * $back) % $ills
