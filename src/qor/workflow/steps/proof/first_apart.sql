SELECT *
FROM postings_apart
ORDER BY id NULLS LAST, cause
LIMIT $most
