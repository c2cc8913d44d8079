"""What the daily run did, and the mail that waits to be sent."""

import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import Privacy, ScopedQuerySet
from accounts.models import User


class JobRunQuerySet(models.QuerySet["JobRun"]):
    def whole(self) -> Self:
        """Runs of all steps, newest first."""
        return self.filter(step=JobRun.WHOLE).order_by("-day")

    def failed_on(self, day: datetime.date) -> Self:
        """Steps of a day that ended with an error."""
        return self.filter(day=day).exclude(error="").exclude(step=JobRun.WHOLE).order_by("started_at")


class JobRun(models.Model):
    """One step of the daily run on one day, or the run as a whole; a second run of that day writes over it.

    Attributes:
        step: a code registered with ``daily.steps``, or ``WHOLE``.
        count: how many rows the step changed; of the whole run, how many steps it had.
        error: the class of the exception that ended it, without what it carried.
    """

    WHOLE = "run_daily"

    step = models.CharField(_("step"), max_length=40)
    day = models.DateField(_("day"))
    started_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"))
    count = models.PositiveIntegerField(_("how many"), default=0)
    error = models.CharField(_("error"), max_length=100, blank=True)

    objects = JobRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of the daily run")
        verbose_name_plural = _("steps of the daily run")
        ordering = ("-day", "started_at", "pk")
        constraints = [models.UniqueConstraint(fields=["step", "day"], name="one_run_of_a_step_and_day")]

    def __str__(self) -> str:
        return f"{self.step} {self.day}"

    @property
    def took(self) -> datetime.timedelta:
        """How long it lasted."""
        return self.ended_at - self.started_at


class MessageKind(models.TextChoices):
    DIGEST = "digest", _("Morning digest")
    FUNDING = "funding", _("Deadlines of funding")


class MessageState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("message", "waiting")
    SENDING = "sending", pgettext_lazy("message", "being sent")
    SENT = "sent", pgettext_lazy("message", "sent")
    GIVEN_UP = "given_up", pgettext_lazy("message", "given up")


class OutgoingQuerySet(ScopedQuerySet[Any]):
    def due(self, now: datetime.datetime) -> Self:
        """Those to be sent at an instant, the longest waiting first."""
        return self.filter(state=MessageState.WAITING, due_at__lte=now).order_by("due_at", "pk")

    def given_up(self) -> Self:
        """Those nobody tries to send any more."""
        return self.filter(state=MessageState.GIVEN_UP)


class Outgoing(models.Model):
    """A mail, written in the transaction of its cause and sent afterwards; each queue of mail is a model of its own.

    Attributes:
        day: the local day it is about, after which it is worth nothing.
        due_at: when it is tried, or tried again.
        attempts: how often it was claimed for sending; ``tried_at`` is the last time.
        last_error: class of the last exception and the code of the mail server, nothing it said.
    """

    day = models.DateField(_("day"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    created_at = models.DateTimeField(_("written at"))
    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.WAITING)
    due_at = models.DateTimeField(_("due at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("tried at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    last_error = models.CharField(_("error"), max_length=100, blank=True)

    class Meta:
        abstract = True

    def may_go_to(self, day: datetime.date) -> str:
        """The address it goes to when it is sent on a day; empty when it may not be sent any more."""
        raise NotImplementedError


class OutgoingMessage(Outgoing):
    """A mail to a member of staff; one of a kind for each person and day."""

    recipient = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="outgoing_messages", verbose_name=_("recipient")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=MessageKind)

    objects = OutgoingQuerySet.as_manager()
    privacy = Privacy(scope="recipient", data_class="staff", root="user", export=False)

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["kind", "recipient", "day"], name="one_message_of_a_kind_and_day")
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="message_by_state")]

    def __str__(self) -> str:
        return f"message {self.pk}"

    def may_go_to(self, day: datetime.date) -> str:
        return self.recipient.email if self.recipient.is_active else ""
