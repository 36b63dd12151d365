"""Acts: closings of months, protocols, deductions, debts, advances and what they come to."""
