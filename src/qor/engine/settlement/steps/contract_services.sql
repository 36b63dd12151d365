-- The sums of contract lines by month as rows that can be asked what the scale leaves alone: on
-- each day of `$days`, and in no setting that an exception names, as admission departments and care
-- at home are none.
SELECT
    contract_no,
    funding,
    service_month,
    cast(amount AS DECIMAL(38, 2)) AS amount,
    bin AS provider_bin,
    care_form,
    service_code,
    service_code AS group_code,
    cast(NULL AS VARCHAR) AS icd10_main,
    cast(NULL AS VARCHAR) AS bed_profile,
    cast(NULL AS VARCHAR[]) AS operation_codes,
    cast(NULL AS VARCHAR) AS setting,
    unnest($days) AS ended_at
FROM (
    SELECT
        *,
        month AS service_month
    FROM contract_lines
    WHERE amount IS NOT NULL AND month IS NOT NULL
)
