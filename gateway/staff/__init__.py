"""The staff: who they are, what they may, and their pages."""
