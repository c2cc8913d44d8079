"""Remind a client of an appointment: on record, and by e-mail where the client allowed it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.records import raise_if_submitted, save_edited
from appointments import actions
from appointments.choices import Channel, Result
from appointments.models import Appointment, Contact
from appointments.reminders import GERMAN, is_ahead, mail_address, mail_body, texts_for
from appointments.services.contacts import log_contact, place_in_time, write_down
from clients.models import ClientLanguage, ContactPoint, SpokenLanguage
from clients.services.change import change
from documents.choices import ConsentKind
from documents.models import ClientMail
from documents.services.consents import require_consent
from documents.services.mails import write_mail
from ui.dates import datetime_de

LET_IN = "rows of a file the view let in"


def record_reminder(
    actor: Actor, appointment: Appointment, language: SpokenLanguage | None, once: dict[str, Any]
) -> Contact:
    """Log that a reminder was sent: an attempt in writing, no consultation (rules.md §1).

    Args:
        actor: who acts, and when.
        appointment: planned and still to come.
        language: of the text that was sent.
        once: token and digest of the form.

    Raises:
        DuplicateSubmission: the same form was posted before.
        ValidationError: there is nothing to be reminded of any more.
    """
    with change(actor, [appointment.client], needs="contact.log") as locked:
        # As it stands under the lock: it may just have been moved or cancelled.
        stored = Appointment.objects.unscoped(reason="the appointment the view let in").get(pk=appointment.pk)
        if not is_ahead(stored, locked.now):
            raise ValidationError(_("This appointment is over or no longer planned. Nothing was logged."))
        client = locked.file(appointment.client)
        contact = Contact(
            client=client, channel=Channel.MESSAGE, result=Result.SENT, language=language, **once
        )
        begins = timezone.localtime(locked.now)
        place_in_time(contact, begins.date(), begins.time())
        said = _("Reminder of the appointment on %(moment)s") % {"moment": datetime_de(stored.starts_at)}
        return log_contact(actor, contact, notes={client: said})


def mail_reminder(actor: Actor, appointment: Appointment, once: dict[str, Any]) -> Contact:
    """Remind by e-mail: the mail waits in the outbox, the contact is logged, both or neither.

    Args:
        actor: who acts, and when.
        appointment: planned and still to come.
        once: token and digest of the form.

    Raises:
        ConsentMissing: the client did not allow it, or not any more.
        DuplicateSubmission: the same form was posted before.
        ValidationError: there is no address, nothing to be reminded of, or one is on its way already.
    """
    with change(actor, [appointment.client], needs="contact.log") as locked:
        stored = Appointment.objects.unscoped(reason=LET_IN).get(pk=appointment.pk)
        client = locked.file(appointment.client)
        contact = Contact(client=client, channel=Channel.EMAIL, result=Result.SENT, **once)
        raise_if_submitted(contact)
        if not is_ahead(stored, locked.now):
            raise ValidationError(_("This appointment is over or no longer planned. Nothing was logged."))
        consent = require_consent(client, ConsentKind.EMAIL, on=locked.today)
        point = mail_address(client, ContactPoint.objects.unscoped(reason=LET_IN).of(client).current())
        if point is None:
            raise ValidationError(_("There is no e-mail address that may be used. Nothing was sent."))
        spoken = ClientLanguage.objects.unscoped(reason=LET_IN).of(client).select_related("language")
        texts = texts_for(Channel.OFFICE, client, [row.language for row in spoken], locked.today)
        if not texts:
            raise ValidationError(_("The administration has no reminder text for this. Nothing was sent."))
        contact.language = texts[0].language
        begins = timezone.localtime(locked.now)
        place_in_time(contact, begins.date(), begins.time())
        said = _("Reminder of the appointment on %(moment)s") % {"moment": datetime_de(stored.starts_at)}
        log_contact(actor, contact, notes={client: said})
        with translation.override(GERMAN):
            subject, body = _("Your appointment"), mail_body(texts, stored)
        write_mail(
            actor,
            consent,
            point,
            about=stored.uuid,
            logged=contact.uuid,
            day=timezone.localdate(stored.starts_at),
            subject=subject,
            body=body,
        )
    return contact


def still_stands(mail: ClientMail) -> bool:
    """Whether what a mail reminds of is still planned for that day, asked just before it is sent."""
    rows = Appointment.objects.unscoped(reason="whether a waiting mail is still true").filter(uuid=mail.about)
    return any(
        is_ahead(row, timezone.now()) and timezone.localdate(row.starts_at) == mail.day for row in rows
    )


def note_undelivered(actor: Actor, mail: ClientMail) -> None:
    """A mail did not go out: the contact that says so counts as returned and as no step (rules.md §10)."""
    rows = Contact.objects.unscoped(reason="the contact a mail was logged as").filter(uuid=mail.logged)
    contact = rows.filter(returned_at__isnull=True).select_related("client").first()
    if contact is None:
        return
    with change(actor, [contact.client], allow_closed=True) as locked:
        contact.returned_at = locked.now
        save_edited(contact, contact.version, ["returned_at"])
        write_down(actor, actions.LETTER_RETURNED, [locked.file(contact.client)], ["returned_at"])
