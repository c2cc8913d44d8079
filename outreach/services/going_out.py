"""Until when somebody wants to be back from a visit. It replaces no emergency call (112, 110)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from accounts.records import create_once, raise_if_submitted
from accounts.staff import colleagues
from audit.recording import record
from clients.services.change import change
from outreach import actions
from outreach.models import BackBy
from outreach.querysets import BackByQuerySet
from outreach.services.addresses import address_of


def told_to(user: User) -> BackByQuerySet:
    """One's own, and those of colleagues who named this user: time and address, nothing of the file."""
    return BackBy.objects.unscoped(reason="told to the colleague whom she named").told_to(user)


def go_out(actor: Actor, out: BackBy) -> BackBy:
    """Say by when one is back from a stop; the one said before is over with it.

    Args:
        actor: who goes.
        out: validated and unsaved, with file, time and colleague.

    Raises:
        ValidationError: the time is over already, or the colleague is none of hers.
        DuplicateSubmission: the same form was posted before.
    """
    with change(actor, [out.client], needs="visit.plan") as locked:
        raise_if_submitted(out)
        if out.by_at <= locked.now:
            raise ValidationError({"time": _("This time is over already.")})
        if not colleagues(actor.user, locked.today).filter(pk=out.colleague_id).exists():
            raise ValidationError({"colleague": _("Please choose a colleague of the municipality.")})
        told_to(actor.user).out().filter(user=actor.user).update(back_at=locked.now, address="")
        out.user, out.left_at = actor.user, locked.now
        out.address = address_of(out.client, locked.today)
        create_once(out)
        record(actor, actions.WENT_OUT, client=out.client, kind="back_by", fields=["by_at", "address"])
    return out


def come_back(actor: Actor, out: BackBy) -> None:
    """Note that she is back, said by herself or by the colleague who reached her; twice changes nothing."""
    actor.require("visit.accompany")
    with transaction.atomic():
        rows = told_to(actor.user).out().filter(pk=out.pk)
        if rows.update(back_at=actor.now, address=""):
            record(actor, actions.CAME_BACK, kind="back_by", fields=["back_at"])
