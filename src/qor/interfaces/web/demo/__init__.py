"""What the portal has in a demo alone."""
