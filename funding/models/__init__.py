"""Programmes, funding periods, what is entered for them, and their documents."""

from funding.models.catalogues import BudgetLine, Programme
from funding.models.entries import Booking, Entry, PerCapita, Position
from funding.models.papers import Paper
from funding.models.periods import DeadlineMet, DeadlineReminder, FormerTerms, FundingPeriod, ProofStep

__all__ = [
    "Booking",
    "BudgetLine",
    "DeadlineMet",
    "DeadlineReminder",
    "Entry",
    "FormerTerms",
    "FundingPeriod",
    "Paper",
    "PerCapita",
    "Position",
    "Programme",
    "ProofStep",
]
