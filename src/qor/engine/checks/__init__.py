"""The automated checks: one short named SELECT each, with code, clause, kind, dated parameters and
a sentence in three languages."""
