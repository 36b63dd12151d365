"""Pages of contracts, cash and payment orders."""
