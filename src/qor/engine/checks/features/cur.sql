-- The services of the run's interval of days: one edition of the law, one set of figures.
SELECT * FROM month_rows
WHERE $days AND $narrowed
