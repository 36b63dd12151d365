"""The server: settings, addresses, middleware, jobs."""
