"""The HTTP API of DESIGN section 9 (docs/api.md)."""
