"""Verbs of consents, of kept files, and of mail to clients."""
