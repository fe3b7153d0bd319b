"""What staff's decisions teach."""
