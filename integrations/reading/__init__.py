"""Reading what other systems send, tolerant and bounded; what cannot be read raises Unreadable."""
