"""What happens to accounts and stand-ins."""
