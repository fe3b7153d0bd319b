"""What a message says, and where it belongs. Pure: no IO, no clock, no framework."""
