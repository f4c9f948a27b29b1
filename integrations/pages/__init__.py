"""The operators' pages `/ops/`: sources, quarantine, outbox, channels, batches and their health."""
