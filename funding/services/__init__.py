"""Verbs that write."""
