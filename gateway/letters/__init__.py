"""Receipts and later letters: what may be said, and in which words."""
