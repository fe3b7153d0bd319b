"""Settings, the organisation and the texts: read once, checked whole, passed on as values."""
