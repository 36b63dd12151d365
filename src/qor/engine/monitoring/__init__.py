"""Monitoring: the one loop of focus, rates, find and price, over a month, a day or a register."""
