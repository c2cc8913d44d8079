"""What this app adds: to the officer's start page and the daily run, and why its rows need no scope of a client."""

from django.utils.translation import gettext_lazy as _

from accounts import checks, desk
from daily import steps
from daily.steps import Step
from funding.deadlines import lines
from funding.reminders import write_reminders

for noun, reason in {
    "FundingPeriod": "money of a town or the district",
    "FormerTerms": "what a funding period said before",
    "Booking": "money, names nobody",
    "PerCapita": "how many persons were assigned, names nobody",
    "ProofStep": "how far a proof of use is",
    "DeadlineMet": "which deadline of funding was met",
    "DeadlineReminder": "which officer was reminded of which deadline",
    "Paper": "papers of a funding period; belongs to no client",
}.items():
    checks.exempt(f"funding.{noun}", reason)
desk.register("funding", lines, needs="funding.view")
steps.register(Step("funding_reminders", _("Reminders of funding written"), 61, write_reminders))
