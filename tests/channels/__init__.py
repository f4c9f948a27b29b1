"""Each channel says the right bytes, keeps to the service's limits, and reads its answer."""
