"""Flood control: stations, readings and alarms, warnings, response levels."""
