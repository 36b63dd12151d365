SELECT $commits AS commits
