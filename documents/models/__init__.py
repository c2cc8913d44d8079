"""Consents and what was told, kept files, and mail that waits for a client."""

from documents.models.consent import SPECIAL, Consent, InformationGiven
from documents.models.document import NAME_LENGTH, Document, KeptFile
from documents.models.mail import ClientMail

__all__ = ["NAME_LENGTH", "SPECIAL", "ClientMail", "Consent", "Document", "InformationGiven", "KeptFile"]
