"""SL 651-2014, the language of hydrological stations: binary frames, or the same as hex text."""
