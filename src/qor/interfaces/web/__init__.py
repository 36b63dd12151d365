"""The web: pages, the interface for hospital systems, and the server."""
