"""The door for other systems: kept first, applied once, put aside with a reason."""
