"""What an administrator looks after: jobs, mail and the audit, each on a page of the settings."""
