"""Verbs of the plan: assess, decide, agree, note progress, review."""
