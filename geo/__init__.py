"""Where is it? Areas, coordinate systems, addresses, places."""
