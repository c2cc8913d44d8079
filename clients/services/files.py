"""From registering a person to closing and re-opening the counselling."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import duties
from accounts.models import Membership, Municipality
from accounts.records import create_once, save_edited
from accounts.services.locking import lock_taker
from audit.actions import Action
from audit.recording import record
from clients import actions, changes
from clients.choices import Phase
from clients.models import (
    Accommodation,
    Client,
    ClientLanguage,
    ClosingReason,
    ContactPoint,
    CounsellingPeriod,
    PhaseChange,
    Responsibility,
    SpokenLanguage,
)
from clients.rules.names import normalise_phone
from clients.rules.phases import may_close, may_follow, may_reopen
from clients.services.case_numbers import draw_case_numbers
from clients.services.closed_files import refuse_closed
from clients.services.names import fill_search_name, write_main_name

LOCK = "lock of files the caller has settled"
JUST_AFTER = datetime.timedelta(microseconds=1)


def lock_file(client: Client) -> Client:
    """The stored row, locked until the caller's transaction ends; keeps two writers in one order."""
    rows = Client.objects.unscoped(reason=LOCK).select_for_update(no_key=True)
    locked: Client = rows.get(pk=client.pk)
    return locked


def lock_files(files: Iterable[Client]) -> dict[int, Client]:
    """The stored rows by key, locked until the caller's transaction ends.

    Everybody locks in one order, each kind by key, so that no two wait for each other: an enquiry, files, accounts,
    the counters of numbers (architecture.md "Change").
    """
    rows = Client.objects.unscoped(reason=LOCK).select_for_update(no_key=True)
    return {row.pk: row for row in rows.filter(pk__in=[file.pk for file in files]).order_by("pk")}


def now_under_lock(now: datetime.datetime, *files: Client) -> datetime.datetime:
    """The instant with which everything is recorded that follows the lock of some files.

    A request that waited for the lock began before what was recorded meanwhile. Recorded with its beginning, its own
    entry would come first, and what is derived for that instant would not know of the others: an ended ladder opens
    again (rules.md §10).

    Args:
        now: when the request began.
        files: the locked rows.

    Returns:
        ``now``, or the moment just after the last entry in these files if that is later.
    """
    latest = max((file.last_recorded_at for file in files if file.last_recorded_at), default=now)
    if latest > now:
        now = latest + JUST_AFTER
    behind = [file for file in files if file.last_recorded_at != now]
    if behind:
        rows = Client.objects.unscoped(reason="when something was last recorded in locked files")
        rows.filter(pk__in=[file.pk for file in behind]).update(last_recorded_at=now)
        for file in behind:
            file.last_recorded_at = now
    return now


def lock_open_file(client: Client) -> Client:
    """The stored row, locked; a closed file can be read and re-opened, nothing else.

    Raises:
        FileClosed: somebody closed it a moment ago.
    """
    stored = lock_file(client)
    refuse_closed(stored)
    return stored


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
    """What is known besides the person when a file is made; everything is optional.

    Contact points and the accommodation are unsaved rows without a client.
    """

    languages: Sequence[SpokenLanguage] = ()
    contact_points: Sequence[ContactPoint] = ()
    accommodation: Accommodation | None = None


def register_client(
    client: Client,
    *,
    by: Any,
    now: datetime.datetime,
    facts: FirstFacts | None = None,
    to_inbox: bool = False,
) -> Client:
    """Register a person: case number, name key, first counselling period, responsibility, phase.

    Args:
        client: validated and unsaved, with municipality and person; manager and phase are set here.
        by: the registering manager; becomes responsible unless the file goes to the inbox.
        now: the instant of registration.
        facts: languages, numbers and accommodation known already.
        to_inbox: leave the file to whoever takes it; phase *access*.

    Raises:
        ValidationError: by field, or ``by`` takes no files any more; nothing was written.
        AlreadyDone: the same form was posted before.
    """
    today = timezone.localdate(now)
    given = facts or FirstFacts()
    if not takes_part(client.municipality, today):
        raise ValidationError(
            {"municipality": _("This municipality does not take part today; no new files are opened there.")}
        )
    client.manager = None if to_inbox else by
    client.phase = Phase.ACCESS if to_inbox else Phase.CONTACTING
    client.phase_since = today
    client.registered_at = client.last_recorded_at = now
    fill_search_name(client)
    with transaction.atomic():
        if not to_inbox:
            lock_taker(by)
        # Given back by the rollback when the same form was posted before.
        client.case_no = draw_case_numbers(client.municipality, today.year)[0]
        client.full_clean(exclude=["form_token"])
        create_once(client)
        write_main_name(client)
        CounsellingPeriod.objects.create(client=client, opened_on=today)
        Responsibility.objects.create(
            client=client,
            manager=client.manager,
            municipality=client.municipality,
            since=now,
            from_user=by,
            is_taking=not to_inbox,
        )
        _enter_phase(client, client.phase, on=today, reason="", by=by, now=now)
        _write_first_facts(client, given, now=now)
        record(actions.REGISTERED, by=by, subject=client.subject_ref, kind="client")
        changes.announce(client, now)
    return client


def _write_first_facts(client: Client, facts: FirstFacts, *, now: datetime.datetime) -> None:
    ClientLanguage.objects.bulk_create(
        ClientLanguage(client=client, language=language, order=order)
        for order, language in enumerate(facts.languages)
    )
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


def update_client(
    client: Client, *, fields: Sequence[str], expected_version: int, by: Any, now: datetime.datetime
) -> Client:
    """Save changed columns of a file.

    Args:
        client: the changed, validated instance.
        fields: the columns of the form (``PERSON_FIELDS``, ``REACH_FIELDS``).
        expected_version: the version the form was opened with.
        by: the acting user.
        now: the instant of the change.

    Raises:
        StaleRecord: somebody else saved meanwhile; nothing was written.
    """
    with transaction.atomic():
        before = lock_open_file(client)
        now = now_under_lock(now, before)
        fill_search_name(client)
        save_edited(client, expected_version, list(fields))
        changed = [name for name in fields if getattr(before, name) != getattr(client, name)]
        if "surname" in changed or "given_name" in changed:
            write_main_name(client)
        if changed:
            record_in_file(actions.CHANGED, client, by, "client", changed)
            changes.announce(client, now)
    return client


def set_languages(
    client: Client,
    languages: Sequence[SpokenLanguage],
    *,
    expected_version: int,
    by: Any,
    now: datetime.datetime,
) -> Client:
    """Save what a client speaks, in order of fluency, and reads.

    Args:
        client: the changed instance: interpreter, preferred language, reading, scripts.
        languages: without duplicates, most fluent first.

    Raises:
        StaleRecord: somebody else saved meanwhile; nothing was written.
    """
    fields = ["interpreter_needed", "preferred_language", "reading", "scripts"]
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(client))
        save_edited(client, expected_version, fields)
        rows = ClientLanguage.objects.unscoped(reason="languages of one file").filter(client=client)
        rows.delete()
        ClientLanguage.objects.bulk_create(
            ClientLanguage(client=client, language=language, order=order)
            for order, language in enumerate(languages)
        )
        record_in_file(actions.CHANGED, client, by, "language", ["languages", *fields])
        changes.announce(client, now)
    return client


def record_in_file(action: Action, client: Client, by: Any, kind: str, fields: Sequence[str]) -> None:
    """Record an act in a file with the names of the changed fields, and for whom a stand-in did it."""
    record(
        action,
        by=by,
        subject=client.subject_ref,
        kind=kind,
        fields=fields,
        acting_for=acting_for(client, by),
    )


def acting_for(client: Client, by: Any) -> int | None:
    """Id of the responsible manager when somebody else acts on her file, a stand-in."""
    responsible = client.manager_id
    return responsible if responsible is not None and responsible != by.pk else None


# --- Phases ----------------------------------------------------------------------------------------


def _enter_phase(
    client: Client, phase: str, *, on: datetime.date, reason: str, by: Any, now: datetime.datetime
) -> PhaseChange:
    change = PhaseChange(client=client, phase=phase, on=on, at=now, by=by, reason=reason)
    change.full_clean()
    change.save()
    return change


def _check_phase_day(client: Client, on: datetime.date, now: datetime.datetime) -> None:
    if on > timezone.localdate(now):
        raise ValidationError({"on": _("A phase cannot begin in the future.")})
    if on < client.phase_since:
        raise ValidationError({"on": _("The present phase began later than this day.")})


def _go_over_to(
    client: Client,
    stored: Client,
    phase: str,
    action: Action,
    *,
    on: datetime.date,
    reason: str,
    by: Any,
    now: datetime.datetime,
    expected_version: int | None,
) -> None:
    """A caller that showed no form goes by the version under the lock."""
    client.phase, client.phase_since = phase, on
    expected = stored.version if expected_version is None else expected_version
    save_edited(client, expected, ["phase", "phase_since"])
    _enter_phase(client, phase, on=on, reason=reason, by=by, now=now)
    record(action, by=by, subject=client.subject_ref, kind="phase", fields=["phase"])
    changes.announce(client, now)


def set_phase(
    client: Client,
    phase: str,
    *,
    on: datetime.date,
    reason: str = "",
    by: Any,
    now: datetime.datetime,
    expected_version: int | None = None,
) -> Client:
    """Set the next phase of an open file.

    Args:
        client: the file.
        phase: a phase that may follow (``clients.rules.phases``); closing has its own service.
        on: the day from which it holds, not before the present phase began.
        reason: optional remark.

    Raises:
        ValidationError: the step is not allowed, or the day does not fit; nothing was written.
        StaleRecord: somebody else changed the file meanwhile.
    """
    with transaction.atomic():
        stored = lock_file(client)
        now = now_under_lock(now, stored)
        if not may_follow(stored.phase, phase):
            raise ValidationError({"phase": _("This phase cannot follow the present one.")})
        _check_phase_day(stored, on, now)
        _go_over_to(
            client,
            stored,
            phase,
            actions.PHASE_SET,
            on=on,
            reason=reason,
            by=by,
            now=now,
            expected_version=expected_version,
        )
    return client


def close_counselling(
    client: Client,
    *,
    reason: ClosingReason,
    note: str = "",
    on: datetime.date,
    by: Any,
    now: datetime.datetime,
    expected_version: int | None = None,
) -> Client:
    """Close the counselling: the open period ends, the file stays readable for its manager.

    Raises:
        ValidationError: the file is closed already, appointments or follow-ups in it are open, or the day
            does not fit; nothing was written.
        StaleRecord: somebody else changed the file meanwhile.
    """
    with transaction.atomic():
        stored = lock_file(client)
        now = now_under_lock(now, stored)
        if not may_close(stored.phase):
            raise ValidationError(_("This file is closed already."))
        _refuse_open_work(client)
        _check_phase_day(stored, on, now)
        period = _open_period(client)
        period.closed_on, period.closing_reason, period.closing_note, period.closed_by = on, reason, note, by
        period.full_clean()
        period.save()
        _go_over_to(
            client,
            stored,
            Phase.CLOSED,
            actions.CLOSED,
            on=on,
            reason="",
            by=by,
            now=now,
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
    client: Client,
    *,
    phase: str = Phase.CONTACTING,
    on: datetime.date,
    reason: str,
    by: Any,
    now: datetime.datetime,
    expected_version: int | None = None,
) -> Client:
    """Re-open a closed file as a new counselling period; the clock goes on where it stopped.

    Raises:
        ValidationError: the file is open, the phase is none to start with, or the day does not fit.
        StaleRecord: somebody else changed the file meanwhile.
    """
    with transaction.atomic():
        stored = lock_file(client)
        now = now_under_lock(now, stored)
        if not may_reopen(stored.phase, phase):
            raise ValidationError(
                {"phase": _("Only a closed file is re-opened, into a phase of counselling.")}
            )
        _check_phase_day(stored, on, now)
        CounsellingPeriod.objects.create(client=client, opened_on=on)
        _go_over_to(
            client,
            stored,
            phase,
            actions.REOPENED,
            on=on,
            reason=reason,
            by=by,
            now=now,
            expected_version=expected_version,
        )
    return client


def justify_clock(
    client: Client, text: str, *, expected_version: int, by: Any, now: datetime.datetime
) -> Client:
    """Keep the written justification for counselling past the limit (rules.md §7); empty text withdraws it.

    Raises:
        StaleRecord: somebody else changed the file meanwhile.
    """
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(client))
        client.clock_justification = text
        client.clock_justified_on = timezone.localdate(now) if text else None
        client.clock_justified_by = by if text else None
        save_edited(
            client, expected_version, ["clock_justification", "clock_justified_on", "clock_justified_by"]
        )
        record_in_file(actions.CHANGED, client, by, "clock", ["clock_justification"])
    return client
