SELECT DISTINCT $performer AS performer
FROM staff_of_register
