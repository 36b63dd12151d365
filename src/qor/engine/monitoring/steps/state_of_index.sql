SELECT commits
FROM person_index.state
