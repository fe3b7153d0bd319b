"""The routing model: made anew from decisions, kept in versions, examined."""
