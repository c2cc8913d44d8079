"""The residence status: a new document, a prolonged one, a corrected entry, a reminder dealt with."""

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.records import create_once, raise_if_submitted, save_edited
from accounts.rules.calendar import local_date
from audit.recording import record
from clients import actions
from clients.choices import RevisionKind
from clients.models import Client, Residence
from clients.services.change import change
from clients.services.revisions import RESIDENCE_FIELDS, keep_residence

REASON = "the statuses of this file"
REMINDED = ("reminded_days", "reminded_as", "reminded_on")


def _last_of(client: Client) -> Residence | None:
    found: Residence | None = (
        Residence.objects.unscoped(reason=REASON).of(client).filter(ended_on__isnull=True).first()
    )
    return found


def record_residence(actor: Actor, residence: Residence) -> Residence:
    """A new residence status or document; the former one ends when it begins.

    Raises:
        ValidationError: it would begin before the former one.
        DuplicateSubmission: the same form was posted before.
    """
    client = residence.client
    with change(actor, [client], needs="client.edit") as locked:
        raise_if_submitted(residence)
        residence.recorded_at, residence.recorded_by = locked.now, actor.user
        former = _last_of(client)
        if former is not None:
            begins = residence.since or locked.today
            if former.since is not None and begins <= former.since:
                raise ValidationError(
                    {
                        "since": _("The present document began on %(date)s; a new one begins later.")
                        % {"date": f"{former.since:%d.%m.%Y}"}
                    }
                )
            former.ended_on = begins
            save_edited(former, former.version, ["ended_on"])
            residence.follows = former
        residence.full_clean()
        create_once(residence)
        record(actor, actions.CHANGED, client=client, kind="residence", fields=["residence"])
    return residence


def correct_residence(
    actor: Actor, residence: Residence, *, expected_version: int, how: RevisionKind = RevisionKind.CORRECTED
) -> Residence:
    """Correct a status, or enter the day until which it continues to be valid; what it said stays readable.

    Args:
        actor: who acts, and when.
        residence: validated, with its new entries.
        expected_version: the version the form was opened with.
        how: corrected, or prolonged.

    Raises:
        ValidationError: it would begin after it ended.
        StaleRecord: somebody else saved meanwhile.
    """
    with change(actor, [residence.client], needs="client.edit") as locked:
        former = Residence.objects.unscoped(reason=REASON).get(pk=residence.pk)
        if residence.since and former.ended_on and residence.since >= former.ended_on:
            raise ValidationError(
                {
                    "since": _("The next document began on %(date)s; this one began earlier.")
                    % {"date": f"{former.ended_on:%d.%m.%Y}"}
                }
            )
        # Other dates are another reminder.
        residence.reminded_days, residence.reminded_as, residence.reminded_on = None, "", None
        residence.full_clean()
        save_edited(residence, expected_version, [*RESIDENCE_FIELDS, "no_decree", *REMINDED])
        keep_residence(locked.actor, former, residence, how=how)
        record(actor, actions.CHANGED, client=residence.client, kind="residence", fields=[*RESIDENCE_FIELDS])
    return residence


def take_back_residence(actor: Actor, residence: Residence) -> None:
    """The last status was never true: it goes, and the one that ended with it holds as before.

    A slip of the same day leaves no trace; later the history says what stood here and who took it back.

    Raises:
        ValidationError: a later one is recorded already.
    """
    with change(actor, [residence.client], needs="client.edit") as locked:
        if residence.ended_on is not None:
            raise ValidationError(_("A later document is recorded. Please take that one back first."))
        if residence.recorded_by_id != actor.user.pk or local_date(residence.recorded_at) != locked.today:
            keep_residence(locked.actor, residence, None, how=RevisionKind.WITHDRAWN)
        former = residence.follows
        residence.delete()
        if former is not None:
            former.ended_on = None
            save_edited(former, former.version, ["ended_on"])
        record(actor, actions.CHANGED, client=residence.client, kind="residence", fields=["residence"])


def note_permit_reminded(
    actor: Actor,
    residence: Residence,
    step: int | None,
    *,
    note: str = "",
    noted_on: datetime.date | None = None,
) -> Residence:
    """The manager dealt with a reminder; the next step speaks up again.

    Args:
        actor: who acts, and when.
        residence: the current status.
        step: the step dealt with, in days before the end; None for none of them.
        note: what was done, a value of ``PermitNote``, and since ``noted_on``.
    """
    with change(actor, [residence.client], needs="client.edit"):
        residence.reminded_days, residence.reminded_as, residence.reminded_on = step, note, noted_on
        save_edited(residence, residence.version, [*REMINDED])
        record(actor, actions.CHANGED, client=residence.client, kind="residence", fields=REMINDED)
    return residence
