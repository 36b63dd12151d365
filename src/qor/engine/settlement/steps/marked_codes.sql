SELECT code
FROM scale_marks
WHERE list = $list
