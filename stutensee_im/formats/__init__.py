"""Dates and numbers as a German office writes them, in every language of the texts."""
