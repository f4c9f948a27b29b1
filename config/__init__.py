"""Settings, URLs, ASGI and the process entry points."""
