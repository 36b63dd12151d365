SELECT DISTINCT
    performer_id,
    on_day
FROM changed_rows
WHERE performer_id IS NOT NULL
UNION
SELECT DISTINCT
    performer_id,
    cast(ended_at AS DATE)
FROM changed_rows
WHERE performer_id IS NOT NULL
