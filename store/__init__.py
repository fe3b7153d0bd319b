"""All SQL of the house, and the blobs beside it."""
