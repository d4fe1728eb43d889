"""What is computed from counts."""
