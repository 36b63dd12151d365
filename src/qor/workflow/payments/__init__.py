"""Money: closings, protocols, acts, deductions, advances, payment orders, and a ledger in which
nothing can vanish."""
