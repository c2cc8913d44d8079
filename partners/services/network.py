"""The network: entered, corrected and confirmed by everybody in the service, curated by officers (rules.md §14)."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.records import Record, create_once, raise_if_submitted, save_edited
from audit.actions import Action
from audit.recording import record
from clients.drafts import forget_about
from clients.models import SpokenLanguage
from clients.services.change import Change, change, lockable
from partners import actions
from partners.models import ContactPerson, Offer, Organisation, Referral, Volunteer

ORGANISATION_FIELDS = (
    *("kind", "name", "municipality", "street", "postcode", "town", "quarter"),
    *("phone", "email", "website", "hours", "note"),
)
PERSON_FIELDS = ("name", "role", "phone", "email")
OFFER_FIELDS = ("title", "topic", "municipality", "quarter", "schedule", "capacity", "valid_until")
VOLUNTEER_FIELDS = (
    *("name", "municipality", "quarter", "organisation", "phone", "email"),
    *("topic", "helps_with", "confidentiality_on", "certificate_until"),
)
CONFIRMED = ("confirmed_on", "confirmed_by")
R = TypeVar("R", bound=Record)


def _keep(actor: Actor, row: R, action: Action, fields: Collection[str], version: int | None) -> R:
    """Save a new row, or a changed one, and put it on record."""
    raise_if_submitted(row)
    row.full_clean()
    if version is None:
        create_once(row)
    else:
        save_edited(row, version, list(fields))
    record(actor, action, kind=row._meta.model_name or "", fields=fields)
    return row


def keep_organisation(
    actor: Actor, organisation: Organisation, *, expected_version: int | None = None
) -> Organisation:
    """Enter or correct an organisation; whoever does so confirms it.

    Args:
        actor: who acts.
        organisation: validated and unsaved.
        expected_version: the version a stored one was opened with; None for a new one.

    Raises:
        DuplicateSubmission: the same form was posted before.
        StaleRecord: somebody else saved meanwhile.
    """
    with change(actor, needs="network.edit") as locked:
        organisation.confirmed_on, organisation.confirmed_by = locked.today, actor.user
        fields = (*ORGANISATION_FIELDS, *CONFIRMED)
        _keep(locked.actor, organisation, actions.ORGANISATION_KEPT, fields, expected_version)
        _mark_health(locked, organisation)
    return organisation


def keep_person(actor: Actor, person: ContactPerson, *, expected_version: int | None = None) -> ContactPerson:
    """Enter or correct a contact person; see ``keep_organisation``."""
    actor.require("network.edit")
    with transaction.atomic():
        return _keep(actor, person, actions.PERSON_KEPT, PERSON_FIELDS, expected_version)


def remove_person(actor: Actor, person: ContactPerson) -> None:
    """Delete a contact person who is not in charge any more."""
    actor.require("network.curate")
    with transaction.atomic():
        forget_about(str(person.uuid))
        person.delete()
        record(actor, actions.PERSON_REMOVED, kind="contactperson")


def keep_offer(
    actor: Actor,
    offer: Offer,
    languages: Collection[SpokenLanguage],
    *,
    expected_version: int | None = None,
) -> Offer:
    """Enter or correct an offer and the languages it is held in; see ``keep_organisation``."""
    actor.require("network.edit")
    with transaction.atomic():
        _keep(actor, offer, actions.OFFER_KEPT, OFFER_FIELDS, expected_version)
        offer.languages.set(languages)
    return offer


def keep_volunteer(
    actor: Actor,
    volunteer: Volunteer,
    languages: Collection[SpokenLanguage],
    *,
    expected_version: int | None = None,
) -> Volunteer:
    """Enter or correct a volunteer and what languages she speaks; see ``keep_organisation``.

    Raises:
        PermissionDenied: she helps in a municipality the actor does not serve.
    """
    actor.require("network.edit")
    _require_place(actor, volunteer)
    with transaction.atomic():
        volunteer.confirmed_on, volunteer.confirmed_by = actor.today, actor.user
        fields = (*VOLUNTEER_FIELDS, *CONFIRMED)
        _keep(actor, volunteer, actions.VOLUNTEER_KEPT, fields, expected_version)
        volunteer.languages.set(languages)
    return volunteer


def erase_volunteer(actor: Actor, volunteer: Volunteer) -> None:
    """Delete a volunteer on request; referrals to her keep the kind of partner alone.

    Raises:
        PermissionDenied: the actor does not curate the network of her municipality.
    """
    actor.require("network.curate")
    _require_place(actor, volunteer)
    with transaction.atomic():
        forget_about(str(volunteer.uuid))
        volunteer.delete()
        record(actor, actions.VOLUNTEER_ERASED, kind="volunteer")


def confirm(actor: Actor, entry: Organisation | Volunteer) -> None:
    """Say that an organisation with its offers, or a volunteer, is as it stands here.

    Raises:
        PermissionDenied: a volunteer of another municipality.
        StaleRecord: somebody else saved meanwhile.
    """
    actor.require("network.edit")
    if isinstance(entry, Volunteer):
        _require_place(actor, entry)
    with transaction.atomic():
        entry.confirmed_on, entry.confirmed_by = actor.today, actor.user
        save_edited(entry, entry.version, list(CONFIRMED))
        record(actor, actions.ENTRY_CONFIRMED, kind=entry._meta.model_name or "")


def retire(actor: Actor, organisation: Organisation) -> None:
    """Take an organisation out of use: nobody is referred to it any more, earlier referrals still name it."""
    actor.require("network.curate")
    with transaction.atomic():
        organisation.retired_on = actor.today
        save_edited(organisation, organisation.version, ["retired_on"])
        record(actor, actions.ORGANISATION_RETIRED, kind="organisation")


def reinstate(actor: Actor, organisation: Organisation) -> None:
    """Put an organisation to use again.

    Raises:
        ValidationError: another one of the same name in the same town is in use.
    """
    actor.require("network.curate")
    with transaction.atomic():
        organisation.retired_on, organisation.merged_into = None, None
        organisation.full_clean()
        save_edited(organisation, organisation.version, ["retired_on", "merged_into"])
        record(actor, actions.ORGANISATION_REINSTATED, kind="organisation")


def merge(actor: Actor, organisation: Organisation, into: Organisation) -> Organisation:
    """One organisation was entered twice: persons, offers, volunteers, meetings and referrals go to the other.

    An offer the other one has already becomes that one; the entry left empty is retired and says where it went.

    Raises:
        ValidationError: the other one is the same, or one of the two is out of use.
    """
    with change(actor, needs="network.curate") as locked:
        both = Organisation.objects.select_for_update(no_key=True).order_by("pk")
        stored = both.in_bulk([organisation.pk, into.pk])
        if len(stored) < 2 or any(row.retired_on is not None for row in stored.values()):
            raise ValidationError({"into": _("Please choose another organisation that is in use.")})
        referrals = Referral.objects.unscoped(reason="the partner of referrals was entered twice")
        organisation, into = stored[organisation.pk], stored[into.pk]
        _merge_offers(organisation, into)
        organisation.contact_persons.update(organisation=into)
        organisation.volunteers.update(organisation=into)
        referrals.filter(organisation=organisation).update(organisation=into)
        for meeting in organisation.meetings.all():
            meeting.organisations.add(into)
            meeting.organisations.remove(organisation)
        organisation.retired_on, organisation.merged_into = locked.today, into
        save_edited(organisation, organisation.version, ["retired_on", "merged_into"])
        record(actor, actions.ORGANISATIONS_MERGED, kind="organisation")
        _mark_health(locked, into)
    return into


def _mark_health(locked: Change, organisation: Organisation) -> None:
    """Referrals to what turns out to be a health partner are read like a protected module from now on (rules.md §8)."""
    if not organisation.kind.about_health:
        return
    rows = Referral.objects.unscoped(reason="a partner that tells something about health")
    open_to_all = rows.filter(organisation=organisation, about_health=False)
    files = list(open_to_all.order_by().values_list("client", flat=True).distinct())
    locked.take_in(lockable().filter(pk__in=files))
    open_to_all.update(about_health=True)


def _merge_offers(organisation: Organisation, into: Organisation) -> None:
    there = {offer.title: offer for offer in into.offers.all()}
    referrals = Referral.objects.unscoped(reason="the offer of referrals was entered twice")
    for offer in organisation.offers.all():
        same = there.get(offer.title)
        if same is None:
            Offer.objects.filter(pk=offer.pk).update(organisation=into)
            continue
        referrals.filter(offer=offer).update(offer=same)
        offer.delete()


def _require_place(actor: Actor, volunteer: Volunteer) -> None:
    if volunteer.municipality_id not in actor.scope.municipalities:
        raise PermissionDenied
