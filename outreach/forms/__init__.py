"""What is typed in about outreach and visits."""
