"""The pages: for providers, branches, head office, administrators and auditors."""
