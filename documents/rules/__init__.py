"""Pure rules of consents and of kept files."""
