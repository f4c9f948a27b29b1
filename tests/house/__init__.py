"""The rules of the house: floors, rooms, names, vendored files, settings, schema."""
