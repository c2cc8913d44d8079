"""Dates and numbers as a German office writes them, whatever the language of the texts."""
