-- The sums of contract lines by month as rows that can be asked what the scale leaves alone.
SELECT
    contract_no,
    funding,
    month AS service_month,
    cast(amount AS DECIMAL(38, 2)) AS amount,
    bin AS provider_bin,
    care_form,
    service_code,
    service_code AS group_code,
    cast(NULL AS VARCHAR) AS icd10_main,
    cast(NULL AS VARCHAR) AS bed_profile,
    cast(NULL AS VARCHAR[]) AS operation_codes,
    'inpatient' AS setting,
    last_day(cast(month || '-01' AS DATE)) AS ended_at
FROM contract_lines
WHERE amount IS NOT NULL AND month IS NOT NULL
