"""What officers see and enter."""
