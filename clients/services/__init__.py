"""What happens to a file, by noun."""
