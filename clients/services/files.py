"""From registering a person to closing and re-opening the counselling."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import duties
from accounts.actor import Actor
from accounts.models import Membership, Municipality, User
from accounts.records import create_once, save_edited
from accounts.services.locking import lock_taker
from audit.actions import Action
from audit.recording import record
from clients import actions
from clients.choices import Phase
from clients.models import (
    Accommodation,
    Client,
    ClientLanguage,
    ClosingReason,
    ContactPoint,
    CounsellingPeriod,
    DuplicateLink,
    PhaseChange,
    SpokenLanguage,
)
from clients.rules.names import normalise_phone
from clients.rules.phases import may_close, may_follow, may_reopen
from clients.services.case_numbers import draw_case_numbers
from clients.services.change import change
from clients.services.names import file_under_keys, fill_search_name, write_main_name
from clients.services.new_file import new_file


def fill_normalised(point: ContactPoint) -> ContactPoint:
    """The stored form numbers are found by: +49…, mail addresses in lower case."""
    point.normalised = (normalise_phone(point.value) or "") if point.is_phone else point.value.lower()
    return point


def takes_part(municipality: Municipality, day: datetime.date) -> bool:
    """Whether the municipality takes part on a day; limits new registrations, never existing files."""
    return any(
        membership.since <= day and (membership.until is None or membership.until >= day)
        for membership in Membership.objects.filter(municipality=municipality)
    )


@dataclass(frozen=True)
class FirstFacts:
    """What else is known when a file is opened; everything is optional.

    Contact points and the accommodation are unsaved rows without a client.
    """

    languages: Sequence[SpokenLanguage] = ()
    contact_points: Sequence[ContactPoint] = ()
    accommodation: Accommodation | None = None


def register_client(
    actor: Actor,
    client: Client,
    *,
    facts: FirstFacts | None = None,
    to_inbox: bool = False,
    manager: User | None = None,
) -> Client:
    """Register a person: case number, name key, first counselling period, responsibility, phase.

    Args:
        actor: who acts, and when.
        client: validated and unsaved, with municipality and person; manager and phase are set here.
        facts: languages, numbers and accommodation known already.
        to_inbox: put the file into the inbox, in phase *access*.
        manager: whose file it becomes; None for the actor's own.

    Raises:
        ValidationError: by field, or the user takes no files any more; nothing was written.
        DuplicateSubmission: the same form was posted before.
    """
    given = facts or FirstFacts()
    manager = None if to_inbox else manager or actor.user
    client.manager = manager
    client.phase = Phase.ACCESS if to_inbox else Phase.CONTACTING
    with change(actor, needs="client.register") as locked:
        today = client.phase_since = locked.today
        if not takes_part(client.municipality, today):
            text = _("This municipality does not take part today; no new files are opened there.")
            raise ValidationError({"municipality": text})
        client.registered_at = client.last_recorded_at = locked.now
        if manager is not None:
            lock_taker(manager)
        # Given back by the rollback when the same form was posted before.
        client.case_no = draw_case_numbers(client.municipality, today.year)[0]
        rows = new_file(client, by=actor.user, languages=given.languages)
        client.full_clean(exclude=["form_token"])
        create_once(client)
        for row in rows:
            row.save()
        file_under_keys(rows)
        _write_first_facts(client, given, now=locked.now)
        record(actor, actions.REGISTERED, client=client, kind="client")
        locked.take_in([client])
    return client


def _write_first_facts(client: Client, facts: FirstFacts, *, now: datetime.datetime) -> None:
    for point in facts.contact_points:
        point.client = client
        point.since = now
        fill_normalised(point)
        point.full_clean()
        point.save()
    if facts.accommodation is not None:
        facts.accommodation.client = client
        facts.accommodation.recorded_at = now
        facts.accommodation.full_clean()
        facts.accommodation.save()


PERSON_FIELDS = (
    "surname",
    "given_name",
    "search_name",
    "birth_date",
    "birth_precision",
    "gender",
    "nationality",
    "arrived_on",
    "arrived_precision",
    "assigned_on",
    "source",
    "benefit_unit",
)
REACH_FIELDS = ("may_be_called", "may_be_written", "preferred_channel", "no_home_visits_since")


def update_client(actor: Actor, client: Client, *, fields: Sequence[str], expected_version: int) -> Client:
    """Save changed columns of a file.

    Args:
        actor: who acts, and when.
        client: the changed, validated instance.
        fields: the columns of the form (``PERSON_FIELDS``, ``REACH_FIELDS``).
        expected_version: the version the form was opened with.

    Raises:
        StaleRecord: somebody else saved meanwhile; nothing was written.
    """
    with change(actor, [client], needs="client.edit") as locked:
        before = locked.file(client)
        fill_search_name(client)
        save_edited(client, expected_version, list(fields))
        changed = [name for name in fields if getattr(before, name) != getattr(client, name)]
        if "surname" in changed or "given_name" in changed:
            write_main_name(client)
        if changed:
            record(actor, actions.CHANGED, client=client, kind="client", fields=changed)
    return client


def set_languages(
    actor: Actor, client: Client, languages: Sequence[SpokenLanguage], *, expected_version: int
) -> Client:
    """Save what a client speaks, in order of fluency, and reads.

    Args:
        actor: who acts, and when.
        client: the changed instance: interpreter, preferred language, reading, scripts.
        languages: without duplicates, most fluent first.

    Raises:
        StaleRecord: somebody else saved meanwhile; nothing was written.
    """
    fields = ["interpreter_needed", "preferred_language", "reading", "scripts"]
    with change(actor, [client], needs="client.edit"):
        save_edited(client, expected_version, fields)
        rows = ClientLanguage.objects.unscoped(reason="languages of one file").filter(client=client)
        rows.delete()
        ClientLanguage.objects.bulk_create(
            ClientLanguage(client=client, language=language, order=order)
            for order, language in enumerate(languages)
        )
        record(actor, actions.CHANGED, client=client, kind="language", fields=["languages", *fields])
    return client


# --- Phases ----------------------------------------------------------------------------------------


def _enter_phase(actor: Actor, client: Client, phase: str, *, on: datetime.date, reason: str) -> PhaseChange:
    row = PhaseChange(client=client, phase=phase, on=on, at=actor.now, by=actor.user, reason=reason)
    row.full_clean()
    row.save()
    return row


def _check_phase_day(client: Client, on: datetime.date, now: datetime.datetime) -> None:
    if on > timezone.localdate(now):
        raise ValidationError({"on": _("A phase cannot begin in the future.")})
    if on < client.phase_since:
        raise ValidationError({"on": _("The present phase began later than this day.")})


def _go_over_to(
    actor: Actor,
    client: Client,
    stored: Client,
    phase: str,
    action: Action,
    *,
    on: datetime.date,
    reason: str,
    expected_version: int | None,
) -> None:
    """A caller that showed no form goes by the version under the lock."""
    client.phase, client.phase_since = phase, on
    expected = stored.version if expected_version is None else expected_version
    save_edited(client, expected, ["phase", "phase_since"])
    _enter_phase(actor, client, phase, on=on, reason=reason)
    record(actor, action, client=client, kind="phase", fields=["phase"])


def set_phase(
    actor: Actor,
    client: Client,
    phase: str,
    *,
    on: datetime.date,
    reason: str = "",
    expected_version: int | None = None,
) -> Client:
    """Set the next phase of an open file.

    Args:
        actor: who acts, and when.
        client: the file.
        phase: a phase that may follow (``clients.rules.phases``); closing has its own service.
        on: the day from which it holds, not before the present phase began.
        reason: optional remark.

    Raises:
        ValidationError: the step is not allowed, or the day does not fit; nothing was written.
        StaleRecord: somebody else changed the file meanwhile.
    """
    with change(actor, [client], allow_closed=True, needs="client.phase") as locked:
        stored = locked.file(client)
        if not may_follow(stored.phase, phase):
            raise ValidationError({"phase": _("This phase cannot follow the present one.")})
        _check_phase_day(stored, on, locked.now)
        _go_over_to(
            locked.actor,
            client,
            stored,
            phase,
            actions.PHASE_SET,
            on=on,
            reason=reason,
            expected_version=expected_version,
        )
    return client


def close_counselling(
    actor: Actor,
    client: Client,
    *,
    reason: ClosingReason,
    note: str = "",
    on: datetime.date,
    expected_version: int | None = None,
) -> Client:
    """Close the counselling: the open period ends, the file stays readable for its manager.

    Raises:
        ValidationError: the file is closed already, appointments or follow-ups in it are open, or the day
            does not fit; nothing was written.
        StaleRecord: somebody else changed the file meanwhile.
    """
    with change(actor, [client], allow_closed=True, needs="client.close") as locked:
        stored = locked.file(client)
        if not may_close(stored.phase):
            raise ValidationError(_("This file is closed already."))
        _refuse_open_work(client)
        _check_phase_day(stored, on, locked.now)
        period = _open_period(client)
        period.closed_on, period.closed_by = on, actor.user
        period.closing_reason, period.closing_note = reason, note
        period.full_clean()
        period.save()
        _go_over_to(
            locked.actor,
            client,
            stored,
            Phase.CLOSED,
            actions.CLOSED,
            on=on,
            reason="",
            expected_version=expected_version,
        )
    return client


def _refuse_open_work(client: Client) -> None:
    """A closed file can be read only: a deadline in it would be lost, an appointment never decided."""
    still_open = duties.open_work(client)
    if still_open:
        raise ValidationError(
            _("Still open in this file – %(what)s. Please settle or cancel this first, then close."),
            params={"what": duties.in_words(still_open)},
        )


def _open_period(client: Client) -> CounsellingPeriod:
    period: CounsellingPeriod = CounsellingPeriod.objects.unscoped(reason="the open period of one file").get(
        client=client, closed_on__isnull=True
    )
    return period


def reopen(
    actor: Actor,
    client: Client,
    *,
    phase: str = Phase.CONTACTING,
    on: datetime.date,
    reason: str,
    expected_version: int | None = None,
) -> Client:
    """Re-open a closed file as a new counselling period; the clock goes on where it stopped.

    Raises:
        ValidationError: the file is open, the phase is none to start with, or the day does not fit.
        StaleRecord: somebody else changed the file meanwhile.
    """
    with change(actor, [client], allow_closed=True, needs="client.reopen") as locked:
        stored = locked.file(client)
        links = DuplicateLink.objects.unscoped(reason="whether another file leads").holding()
        if (link := links.filter(client=client).first()) is not None:
            raise ValidationError(
                _("This person's counselling goes on in %(case_no)s. Undo the link of the two files first.")
                % {"case_no": link.other.case_no}
            )
        if not may_reopen(stored.phase, phase):
            raise ValidationError(
                {"phase": _("Only a closed file is re-opened, into a phase of counselling.")}
            )
        _check_phase_day(stored, on, locked.now)
        CounsellingPeriod.objects.create(client=client, opened_on=on)
        _go_over_to(
            locked.actor,
            client,
            stored,
            phase,
            actions.REOPENED,
            on=on,
            reason=reason,
            expected_version=expected_version,
        )
    return client


def justify_clock(actor: Actor, client: Client, text: str, *, expected_version: int) -> Client:
    """Keep the written justification for counselling past the limit (rules.md §7); empty text withdraws it.

    Raises:
        StaleRecord: somebody else changed the file meanwhile.
    """
    with change(actor, [client], needs="client.edit") as locked:
        client.clock_justification = text
        client.clock_justified_on = locked.today if text else None
        client.clock_justified_by = actor.user if text else None
        save_edited(
            client, expected_version, ["clock_justification", "clock_justified_on", "clock_justified_by"]
        )
        record(actor, actions.CHANGED, client=client, kind="clock", fields=["clock_justification"])
    return client
