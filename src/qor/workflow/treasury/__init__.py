"""The treasury: payment orders, their files for the bank, advances granted, the Fund's cash."""
