"""What the hotline, the city management centre and the command centre send, at the real door."""
