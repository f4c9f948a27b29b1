"""Promises that hold while parts of the product are killed, stopped, starved or slowed down."""
