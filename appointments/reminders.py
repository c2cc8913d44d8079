"""What the page of an appointment offers to remind the client: texts to copy, a call, and what is logged then."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.choices import AppointmentState
from appointments.models import Appointment, ReminderText
from appointments.rules.reminder import fill, kind_of
from clients.choices import PointKind, Reading
from clients.file_facts import FileFacts
from clients.models import Client, ContactPoint, SpokenLanguage
from daily.models import MessageState
from documents.choices import ConsentKind
from documents.models import ClientMail, Consent
from ui.dates import date_de, datetime_de, time_de

GERMAN, ENGLISH = "de", "en"
REASON = "what a file the view let in allows, and what was written"


@dataclass(frozen=True, slots=True)
class Message:
    """A reminder in one language, ready to be copied; ``sms_url`` is empty where there is no mobile number."""

    language: SpokenLanguage
    text: str
    sms_url: str


@dataclass(frozen=True, slots=True)
class MailOffer:
    """Whether a reminder may go by e-mail, and what became of one that was written.

    Attributes:
        may_send: consent and address are there, and none was written yet.
        lacks_consent: there is an address, and nobody allowed it to be used for this.
        said: what became of the last one.
    """

    may_send: bool
    lacks_consent: bool
    said: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What the page shows.

    Attributes:
        messages: in the client's language first, in German always.
        phone: number behind the call button, empty where none may be used.
        phone_text: the same to read.
        reads_nothing: no script is read, so a call is better.
        mail: None where there is no address to write to.
        token: the one of the button that logs it.
    """

    messages: Sequence[Message]
    phone: str
    phone_text: str
    reads_nothing: bool
    mail: MailOffer | None
    token: uuid.UUID = field(default_factory=uuid.uuid4)


def is_ahead(appointment: Appointment, now: datetime) -> bool:
    """Whether there is something to be reminded of."""
    return appointment.state == AppointmentState.PLANNED and appointment.starts_at > now


def reminder_of(facts: FileFacts, appointment: Appointment, now: datetime) -> Reminder | None:
    """The reminder of an appointment that is still to come; None for any other."""
    client = facts.client
    if client.is_closed or not is_ahead(appointment, now):
        return None
    point = facts.phone
    mobile = point.normalised if point is not None and point.kind == PointKind.MOBILE else ""
    spoken = (row.language for row in facts.languages)
    texts = texts_for(appointment.channel, client, spoken, timezone.localdate(now))
    return Reminder(
        messages=[_message(text, appointment, mobile) for text in texts],
        phone=point.normalised if point is not None else "",
        phone_text=facts.phone_text,
        reads_nothing=client.reading == Reading.NONE,
        mail=_mail_offer(client, facts.contact_points, appointment, timezone.localdate(now)),
    )


def mail_address(client: Client, points: Iterable[ContactPoint]) -> ContactPoint | None:
    """The e-mail address that may be written to."""
    usable = (point for point in points if point.kind == PointKind.EMAIL and point.may_use)
    return next(usable, None) if client.may_be_written and settings.MAIL_IS_SET_UP else None


def _mail_offer(
    client: Client, points: Iterable[ContactPoint], appointment: Appointment, day: date
) -> MailOffer | None:
    if mail_address(client, points) is None:
        return None
    consents = Consent.objects.unscoped(reason=REASON).of(client)
    is_allowed = consents.in_force(day).filter(kind=ConsentKind.EMAIL).exists()
    mails = ClientMail.objects.unscoped(reason=REASON).of(client).filter(about=appointment.uuid)
    last = mails.order_by("-created_at", "-pk").first()
    is_written = last is not None and last.state != MessageState.GIVEN_UP
    return MailOffer(is_allowed and not is_written, not is_allowed, _became(last))


def _became(mail: ClientMail | None) -> str:
    if mail is None:
        return ""
    if mail.state == MessageState.GIVEN_UP:
        return _("The reminder by e-mail did not go out. Please remind in another way.")
    if mail.sent_at is not None:
        return _("Reminder by e-mail sent on %(moment)s.") % {"moment": datetime_de(mail.sent_at)}
    return _("A reminder by e-mail is on its way.")


def mail_body(texts: Iterable[ReminderText], appointment: Appointment) -> str:
    """When, and nothing else: no place, no way, no matter, whatever the appointment is about (rules.md §13)."""
    begins = timezone.localtime(appointment.starts_at)
    filled = [
        fill(
            row.text,
            date=date_de(begins),
            time=time_de(begins),
            place="",
            right_to_left=row.language.right_to_left,
        )
        for row in texts
    ]
    return "\n\n".join([*filled, _("Your integration management")])


def texts_for(
    channel: str, client: Client, spoken: Iterable[SpokenLanguage], day: date
) -> list[ReminderText]:
    """The texts that are offered: one of the client's languages, else English, and German."""
    rows = ReminderText.objects.valid_on(day).filter(kind=kind_of(channel))
    by_language = {row.language.code: row for row in rows.select_related("language")}
    codes = [language.code for language in (client.preferred_language, *spoken) if language is not None]
    own = next((code for code in codes if code in by_language), ENGLISH)
    return [by_language[code] for code in dict.fromkeys((own, GERMAN)) if code in by_language]


def _message(row: ReminderText, appointment: Appointment, mobile: str) -> Message:
    begins = timezone.localtime(appointment.starts_at)
    text = fill(
        row.text,
        date=date_de(begins),
        time=time_de(begins),
        place=appointment.place,
        right_to_left=row.language.right_to_left,
    )
    sms_url = f"sms:{mobile}?body={quote(text)}" if mobile else ""
    return Message(row.language, text, sms_url)
