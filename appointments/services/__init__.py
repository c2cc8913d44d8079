"""Verbs that write what happens when, and what happened."""
