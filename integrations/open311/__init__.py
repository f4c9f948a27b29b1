"""Open311 GeoReport v2: services, requests and tokens, in XML and JSON, to the letter."""
