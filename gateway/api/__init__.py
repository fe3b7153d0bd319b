"""What other systems call: the same cases and the same functions as the pages, for programs."""
