"""Audit actions about consents and documents."""

from django.utils.translation import gettext_lazy as _

from audit.actions import READ, Action

CONSENTS_VIEWED = Action("consent.viewed", _("looked at the consents"), READ)
CONSENT_GIVEN = Action("consent.given", _("recorded a consent"))
CONSENT_CORRECTED = Action("consent.corrected", _("corrected a consent"))
CONSENT_REVOKED = Action("consent.revoked", _("recorded that a consent was revoked"))
CONSENT_REINSTATED = Action("consent.reinstated", _("took back that a consent was revoked"))
INFORMED = Action("consent.informed", _("recorded that the person was informed"))
DOCUMENTS_VIEWED = Action("document.listed", _("looked at the documents"), READ)
DOCUMENT_READ = Action("document.read", _("opened a document"), READ)
DOCUMENT_ADDED = Action("document.added", _("added a document"))
DOCUMENT_DESCRIBED = Action("document.described", _("described a document anew"))
DOCUMENT_DELETED = Action("document.deleted", _("deleted a document"))
DOCUMENT_RESTORED = Action("document.restored", _("brought back a deleted document"))
DOCUMENTS_SWEPT = Action("document.swept", _("removed the bytes of deleted documents"))
MAIL_WRITTEN = Action("mail.written", _("wrote a reminder by e-mail"))
MAIL_STOPPED = Action("mail.stopped", _("stopped a reminder by e-mail"))
