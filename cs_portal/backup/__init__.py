"""One file that holds an installation: its database, its files and its keys; and the way back from it."""
