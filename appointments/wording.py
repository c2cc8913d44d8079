"""How contacts and appointments are put into words and pictures, the same on every screen."""

from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appointments.choices import (
    AppointmentState,
    Basis,
    Channel,
    Excuse,
    InterpreterKind,
    InterpreterNeed,
    Result,
    SpokenWith,
)
from appointments.models import Appointment, AppointmentOutcome, ContactFacts
from clients.models import Client, Relative, Topic
from ui.dates import date_de, datetime_de
from ui.parts import name_text, who_text

ICONS: dict[str, str] = {
    Channel.OFFICE: "talk",
    Channel.OPEN_HOUR: "door",
    Channel.PHONE: "phone",
    Channel.LETTER: "mail",
    Channel.EMAIL: "mail",
    Channel.MESSAGE: "talk",
    Channel.VIDEO: "video",
    Channel.HOME_VISIT: "home",
    Channel.ACCOMPANIMENT: "users",
    Channel.NOTE: "doc",
    Channel.GROUP: "users",
}


def icon_of(channel: str) -> str:
    """The sprite symbol of a channel."""
    return ICONS.get(channel, "circle")


def contact_title(contact: ContactFacts) -> str:
    """What it was: "Telefon", "Beratung im Büro", "Telefon mit Jobcenter Karlsruhe"."""
    channel = str(Channel(contact.channel).label)
    if contact.spoken_with == SpokenWith.THIRD_PARTY:
        return _("%(channel)s with %(organisation)s") % {
            "channel": channel,
            "organisation": contact.organisation or str(SpokenWith.THIRD_PARTY.label),
        }
    if contact.channel == Channel.OFFICE and contact.result == Result.TALK:
        return pgettext("contact", "Talk in the office")
    return channel


def contact_text(contact: ContactFacts, topics: Iterable[Topic] | None = None) -> str:
    """What came of it: topics of a talk, else result and who was there.

    Args:
        contact: the facts.
        topics: its topics, if they were read already.
    """
    chosen = contact.topics.all() if topics is None else topics
    named = [str(contact.main_topic)] if contact.main_topic else []
    named += [str(topic) for topic in chosen if topic.pk != contact.main_topic_id]
    said = [] if contact.result == Result.TALK else [str(Result(contact.result).label)]
    if contact.spoken_with in (
        SpokenWith.RELATIVE,
        SpokenWith.LEGAL_REPRESENTATIVE,
        SpokenWith.INTERPRETER_ONLY,
    ):
        said.append(str(SpokenWith(contact.spoken_with).label))
    if contact.returned_at is not None:
        said.append(_("came back as undeliverable"))
    return " · ".join([*said, ", ".join(named)] if named else said)


def contact_meta(contact: ContactFacts) -> list[str]:
    """Duration, language, interpreter, letters read and forms filled in."""
    parts = []
    if contact.attendees:
        parts.append(
            ngettext("%(number)s attendee", "%(number)s attendees", contact.attendees)
            % {"number": contact.attendees}
        )
    if contact.minutes:
        parts.append(_("%(minutes)s minutes") % {"minutes": contact.minutes})
    if contact.spoken_with == SpokenWith.THIRD_PARTY:
        parts.append(basis_text(contact))
    if contact.language:
        parts.append(str(contact.language))
    if contact.interpreter != InterpreterKind.NONE:
        parts.append(_("interpreter: %(kind)s") % {"kind": InterpreterKind(contact.interpreter).label})
    return parts + read_and_filled(contact.letters_read, contact.forms_filled)


def basis_text(contact: ContactFacts) -> str:
    """What allowed a talk with a third party; what nobody said is missing data."""
    if contact.basis == Basis.ORAL and contact.basis_on is not None:
        return _("agreed orally on %(day)s") % {"day": date_de(contact.basis_on)}
    return str(Basis(contact.basis).label) if contact.basis else _("what allowed it is not recorded")


def read_and_filled(letters: int | None, forms: int | None) -> list[str]:
    """How many letters were read and forms filled in, where there were any."""
    parts = []
    if letters:
        parts.append(
            ngettext("%(number)s letter read", "%(number)s letters read", letters) % {"number": letters}
        )
    if forms:
        parts.append(
            ngettext("%(number)s form filled in", "%(number)s forms filled in", forms) % {"number": forms}
        )
    return parts


def appointment_text(appointment: Appointment) -> str:
    """Channel, place, matter and interpreter."""
    parts = [str(Channel(appointment.channel).label), appointment.place, appointment.matter]
    if appointment.interpreter != InterpreterNeed.NONE:
        parts.append(_("interpreter %(state)s") % {"state": InterpreterNeed(appointment.interpreter).label})
    if not appointment.agreed_with_client:
        parts.append(_("set by our letter"))
    return " · ".join(part for part in parts if part)


def outcome_text(state: str, excuse: str) -> str:
    """ "nicht erschienen, Entschuldigung offen"."""
    label = str(AppointmentState(state).label)
    if state != AppointmentState.NO_SHOW:
        return label
    excuses = {
        Excuse.UNDECIDED: _("excuse still open"),
        Excuse.EXCUSED: _("excused"),
        Excuse.UNEXCUSED: _("unexcused"),
    }
    return f"{label}, {excuses[Excuse(excuse)]}"


def settled_text(outcome: AppointmentOutcome) -> str:
    """Who has recorded an outcome already, which and when, for whoever wanted to record another."""
    return _(
        "%(name)s recorded “%(outcome)s” on %(moment)s already. Yours is not stored; please look what is right."
    ) % {
        "name": outcome.by,
        "outcome": outcome_text(outcome.state, outcome.excuse),
        "moment": datetime_de(outcome.recorded_at),
    }


def others_present(participants: Iterable[Any], client: Client, caseloads: frozenset[int]) -> list[str]:
    """Who else took part in a contact; people outside one's own files stay nameless."""
    names: list[str] = []
    strangers = 0
    for row in participants:
        if row.version_id is not None or (row.client_id == client.pk and row.relative_id is None):
            continue
        if row.client.manager_id in caseloads:
            names.append(person_text(row.relative or row.client))
        else:
            strangers += 1
    if strangers:
        names.append(
            ngettext("%(number)s further person", "%(number)s further persons", strangers)
            % {"number": strangers}
        )
    return names


def person_text(person: Client | Relative) -> SafeString:
    """Somebody by name; a relative has no number that Sichtschutz could show instead."""
    if isinstance(person, Client):
        return who_text(person.display_name, person.case_no)
    return name_text(person.display_name, person.get_relation_display() or _("Relative"))
