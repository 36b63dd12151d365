SELECT $columns
FROM year_services
SEMI JOIN touched_persons USING (iin)
