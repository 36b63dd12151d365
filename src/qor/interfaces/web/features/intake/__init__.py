"""Pages of registers, and the interface for hospital systems."""
