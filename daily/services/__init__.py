"""Verbs of the daily run and of the outbox."""
