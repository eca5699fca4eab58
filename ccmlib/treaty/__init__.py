"""What the Convention sets, and what follows from what was said, for any State on any day."""
