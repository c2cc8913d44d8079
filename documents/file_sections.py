"""The two sections of the file page: consents and documents."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.file_context import FileContext
from clients.sections import Section
from documents.choices import Informed
from documents.file_rows import Kept, kept_of
from documents.rules.consent import duty_of

NEWEST = 4


def missing_information(file: FileContext, kept: Kept) -> str:
    """The quiet line about the information duty; empty once somebody was told, and in a closed file."""
    if kept.information or file.client.is_closed:
        return ""
    source = file.client.source.code if file.client.source is not None else ""
    if duty_of(source) == Informed.DIRECT:
        return _("Not recorded yet: information about the data kept (Art. 13 GDPR).")
    return _("Not recorded yet: information about the data kept, which others told us (Art. 14 GDPR).")


def consents(file: FileContext) -> dict[str, Any]:
    """What holds today."""
    kept = kept_of(file)
    return {
        "consents": kept.in_force(file.today),
        "information_missing": missing_information(file, kept),
        "may_record_consent": not file.client.is_closed and file.may("consent.record"),
    }


def documents(file: FileContext) -> dict[str, Any]:
    """The newest ones."""
    found = [row for row in kept_of(file).documents if not row.is_deleted]
    return {
        "documents": found[:NEWEST],
        "number_of_documents": len(found),
        "may_add_document": not file.client.is_closed and file.may("document.add"),
    }


SECTIONS = (
    Section(
        code="consents",
        title=gettext_lazy("Consents"),
        template="documents/_file_consents.html",
        context=consents,
        order=50,
        place="aside",
        route="file_documents:consents",
    ),
    Section(
        code="documents",
        title=gettext_lazy("Documents"),
        template="documents/_file_documents.html",
        context=documents,
        order=60,
        place="aside",
        route="file_documents:documents",
    ),
)
