"""Where a message will be handled, by the city's rules."""
