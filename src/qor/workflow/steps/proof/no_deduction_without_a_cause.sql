SELECT id
FROM acts_deduction
WHERE case_id IS NULL AND reason <> 'short_death'
