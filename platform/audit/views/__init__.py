"""Pages of the audit log for the security officer."""
