-- Each measure is averaged over a subject's services; NULL rows do not count. The kind of a subject
-- is the care form of the largest amount.
SELECT
    m.*,
    p.region,
    f.care_form
FROM (
    SELECT
        $subject,
        count(*) AS services,
        avg(cast(amount AS DOUBLE)) AS cost,
        avg(
            CASE WHEN setting = 'inpatient' THEN date_diff('day', started_on, ended_on) END
        ) AS length_of_stay,
        avg(cast(weight_of_group AS DOUBLE)) AS group_weight,
        avg(
            CASE WHEN iin IS NULL THEN NULL WHEN nth_of_person > 1 THEN 1.0 ELSE 0.0 END
        ) AS repeats,
        avg(
            CASE
                WHEN $outpatient AND coalesce(admission, 'planned') = 'planned'
                    THEN CASE WHEN day_off THEN 1.0 ELSE 0.0 END
            END
        ) AS days_off,
        avg(CASE WHEN registered_late THEN 1.0 ELSE 0.0 END) AS end_of_month,
        avg(CASE WHEN amount % 1000 = 0 THEN 1.0 ELSE 0.0 END) AS round_figures,
        avg(CASE WHEN icd10_main = usual_icd THEN 1.0 ELSE 0.0 END) AS one_diagnosis,
        avg(CASE WHEN seen_elsewhere THEN 1.0 ELSE 0.0 END) AS shared_patients,
        cast(count(*) AS DOUBLE) / count(DISTINCT started_on) AS services_a_day
    FROM measured_services
    WHERE $narrowed
    GROUP BY ALL
) AS m
INNER JOIN providers AS p ON p.bin = m.provider_bin
INNER JOIN (
    SELECT
        $keys,
        arg_max(care_form, n) AS care_form
    FROM (
        SELECT
            $keys,
            care_form,
            sum(amount) AS n
        FROM measured_services
        GROUP BY ALL
        ORDER BY care_form
    ) AS sums
    GROUP BY ALL
) AS f USING ($keys)
ORDER BY m.provider_bin, m.performer_id
