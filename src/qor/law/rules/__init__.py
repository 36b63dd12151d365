"""Rules of law: one module a field, each rule with its clause and dates."""
