"""What the writer of a mail newly wrote, and whose words the rest are."""
