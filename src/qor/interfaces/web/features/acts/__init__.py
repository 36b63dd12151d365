"""Pages of acts, advances, debts and sums."""
