"""The entry points as an operator meets them."""
