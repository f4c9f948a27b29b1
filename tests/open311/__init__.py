"""GeoReport v2, to the letter."""
