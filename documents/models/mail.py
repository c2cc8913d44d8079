"""Mail to a client, which waits in the outbox like any other (rules.md §13)."""

import datetime
from collections.abc import Callable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from clients.models import Client, ContactPoint
from daily.models import MessageState, Outgoing
from documents.choices import ConsentKind
from documents.models.consent import Consent
from documents.querysets import ClientMailQuerySet

StillStands = Callable[["ClientMail"], bool]
_CHECKS: list[StillStands] = []
NOT_TWICE = Q(state__in=[MessageState.WAITING, MessageState.SENDING, MessageState.SENT])


def register_check(still_stands: StillStands) -> None:
    """Say whether what a mail reminds of still stands when it is sent; called from ``contributions.py``."""
    _CHECKS.append(still_stands)


class ClientMail(Outgoing):
    """A reminder that says when, and nothing else.

    Attributes:
        point: the address; read when it is sent, so that one that was ended is not written to.
        about: key of the appointment it reminds of.
        logged: key of the contact that says it was written.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="mails")
    point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, related_name="+")
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="mails")
    about = models.UUIDField(editable=False)
    logged = models.UUIDField(editable=False)

    objects = ClientMailQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="contact")

    class Meta:
        verbose_name = _("mail to a client")
        verbose_name_plural = _("mails to clients")
        ordering = ("-created_at", "-pk")
        indexes = [models.Index(fields=["state", "due_at"], name="client_mail_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["about"],
                condition=NOT_TWICE,
                name="one_mail_about_an_appointment",
                violation_error_message=_("This reminder was written already."),
            )
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"

    def may_go_to(self, day: datetime.date) -> str:
        """The address on a day; empty when the consent, the address or what it is about has ended."""
        point, consent = self.point, self.consent
        is_allowed = consent.kind == ConsentKind.EMAIL and consent.holds_on(day)
        is_current = point.until is None and point.may_use and not self.client.is_closed
        if not (is_allowed and is_current and all(check(self) for check in _CHECKS)):
            return ""
        return point.value
