"""Is a message urgent or sensitive, and what sort of matter it is."""
