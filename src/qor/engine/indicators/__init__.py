"""Indicators and report tables."""
