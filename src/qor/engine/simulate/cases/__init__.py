"""Planted cases, check by check: defects, and the legal look-alikes that must stay silent."""
