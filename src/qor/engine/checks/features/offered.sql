-- The price list of each care form: its own lines and those for all.
SELECT
    f.care_form,
    t.kind,
    t.code,
    t.valid_from,
    coalesce(t.valid_to, DATE '9999-12-31') AS valid_to,
    t.price,
    t.weight,
    t.care_form IS NOT NULL AS own,
    coalesce(t.setting, '') = 'day_hospital' AS printed
FROM (VALUES $pricings) AS f (care_form, kind)
INNER JOIN tariffs AS t ON t.kind = f.kind AND (t.care_form IS NULL OR t.care_form = f.care_form)
