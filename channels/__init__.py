"""Ways in and out. One module a channel; each knows the normalizer and its own SDK, nothing else of ours."""
