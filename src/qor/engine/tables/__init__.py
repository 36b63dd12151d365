"""Every table once: what comes in, what the engine makes, and the steps between."""
