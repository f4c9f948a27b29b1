"""Commands of the top floor: running, watching, vendoring."""
