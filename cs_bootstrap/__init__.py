"""What ./cs is made of: environment, private PostgreSQL, supervised processes. Standard library only."""
