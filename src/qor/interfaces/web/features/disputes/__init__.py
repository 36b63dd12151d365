"""Pages of cases, requests, notices and outages."""
