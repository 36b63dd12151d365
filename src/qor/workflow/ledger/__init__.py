"""The ledger: double entry, append-only, and the seals under which no row of money can vanish."""
