"""Did a person write this mail, or which sort of machine."""
