"""Who else is involved? Sources, channels, inbox, outbox."""
