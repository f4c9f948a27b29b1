"""SQLite as a database backend whose write transactions queue inside the process."""
