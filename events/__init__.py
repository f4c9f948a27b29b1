"""What happened? Event, category, lifecycle, timeline, attachments, the live tail."""
