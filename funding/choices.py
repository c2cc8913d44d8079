"""The closed lists the rules of funding branch on."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class BookingKind(TextChoices):
    """What happened to the money of a line."""

    APPROVED = "approved", pgettext_lazy("money", "approved")
    RECEIVED = "received", pgettext_lazy("money", "received")
    SPENT = "spent", pgettext_lazy("money", "spent")


class ProofState(TextChoices):
    """How far the proof of use of a funding period is."""

    OPEN = "open", pgettext_lazy("proof of use", "open")
    IN_WORK = "in_work", pgettext_lazy("proof of use", "being prepared")
    SUBMITTED = "submitted", pgettext_lazy("proof of use", "submitted")
    QUERIED = "queried", pgettext_lazy("proof of use", "queried by the funder")
    CHECKED = "checked", pgettext_lazy("proof of use", "checked")
    REPAYMENT = "repayment", pgettext_lazy("proof of use", "repayment demanded")
    SETTLED = "settled", pgettext_lazy("proof of use", "settled")


BEFORE_SUBMISSION = frozenset({ProofState.OPEN, ProofState.IN_WORK})
"""States in which the funder has no proof of use yet."""
NOTHING_TO_DO = frozenset({ProofState.CHECKED, ProofState.SETTLED})
"""States in which nobody waits for the officer."""


class DeadlineKind(TextChoices):
    """What has to be with the funder by a day."""

    FIGURES = "figures", pgettext_lazy("deadline", "Key figures")
    APPLICATION = "application", pgettext_lazy("deadline", "Application for the time after")
    REPORT = "report", pgettext_lazy("deadline", "Narrative report and proof of use")


class PaperKind(TextChoices):
    """What a document is to a funding period."""

    APPLICATION = "application", pgettext_lazy("paper of funding", "Application")
    APPROVAL = "approval", pgettext_lazy("paper of funding", "Notice of approval")
    PAYMENT = "payment", pgettext_lazy("paper of funding", "Payment or receipt")
    PROOF = "proof", pgettext_lazy("paper of funding", "Proof of use")
    REPORT = "report", pgettext_lazy("paper of funding", "Narrative report")
    OTHER = "other", pgettext_lazy("paper of funding", "Other")
