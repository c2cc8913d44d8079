"""Making, changing and ending accounts; called from the admin's actions."""

from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions, duties
from accounts.access import is_manager
from accounts.actor import Actor
from accounts.models import AccountChange, AccountChangeKind, Role, User
from accounts.services.locking import as_stored
from accounts.services.stand_ins import end_stand_ins_of
from accounts.sessions import end_sessions
from audit.recording import record


def _change(actor: Actor, user: User, kind: AccountChangeKind, *, reason: str, **more: Any) -> None:
    change = AccountChange(user=user, kind=kind, reason=reason, by=actor.user, at=actor.now, **more)
    change.full_clean(exclude=["successor"])
    change.save()


def create_user(actor: Actor, user: User) -> User:
    """Make an account; its first password is known to the administration and serves for one log-in.

    Args:
        actor: who acts, and when.
        user: validated and unsaved, with role and password.
    """
    actor.require("admin.users")
    with transaction.atomic():
        user.is_staff = user.role == Role.ADMIN
        user.must_change_password = True
        user.save()
        _change(actor, user, AccountChangeKind.CREATED, new=user.role, reason="")
        record(actor, actions.USER_CREATED, kind="user")
    return user


def set_password(actor: Actor, user: User, password: str, *, reason: str) -> User:
    """Set a password for another user: it serves for one log-in, and open sessions end.

    Args:
        actor: who acts, and when.
        user: whose password it is.
        password: typed by the administration, which therefore knows it.
        reason: read by the person and by the coordination.

    Raises:
        ValidationError: one's own account, no reason, or a password against the rules; nothing was written.
    """
    actor.require("admin.users")
    if user.pk == actor.user.pk:
        raise ValidationError(_("Please change your own password on your own page."))
    if not reason.strip():
        raise ValidationError({"reason": _("Please give a reason.")})
    validate_password(password, user)
    with transaction.atomic():
        (locked,) = as_stored(user)
        locked.set_password(password)
        locked.save(update_fields=["password"])
        return mark_as_one_time(actor, locked, reason=reason)


def mark_as_one_time(actor: Actor, user: User, *, reason: str) -> User:
    """Record that another person knows the password of an account; its open sessions end.

    Args:
        actor: who acts, and when.
        user: whose password was just set.
        reason: as in ``set_password``; empty on the command line.
    """
    if actor.user is not None:
        actor.require("admin.users")
    with transaction.atomic():
        user.must_change_password = True
        user.save(update_fields=["must_change_password"])
        _change(Actor(actor.user or user, actor.now), user, AccountChangeKind.PASSWORD, reason=reason)
        record(actor, actions.PASSWORD_SET, kind="user", fields=["password"])
        end_sessions(user)
    return user


def change_own_password(actor: Actor, password: str) -> None:
    """A password only its owner knows. One that the administration set in this moment stays, and ends the session."""
    actor.require("account.own")
    user = actor.user
    former = user.password
    user.set_password(password)
    user.must_change_password = False
    changed = User.objects.filter(pk=user.pk, password=former).update(
        password=user.password, must_change_password=False
    )
    if changed:
        record(actor, actions.PASSWORD_CHANGED, kind="user", fields=["password"])


def _check_taker(user: User, taker: User | None, field: str, text: str) -> None:
    if taker is not None and (taker.pk == user.pk or not is_manager(taker)):
        raise ValidationError({field: text})


def _hand_on_what_is_personal(actor: Actor, user: User, follow_up_successor: User | None) -> None:
    """Follow-ups without a file: nobody but their owner sees them, so nobody would ever do them.

    Raises:
        ValidationError: there are some, and nobody is named.
    """
    _check_taker(
        user,
        follow_up_successor,
        "follow_up_successor",
        _("Please choose another active integration manager."),
    )
    personal = duties.personal_duties(user)
    if personal and follow_up_successor is None:
        raise ValidationError(
            {
                "follow_up_successor": _(
                    "Open and part of no file – %(what)s. Please choose who takes this over."
                )
                % {"what": duties.in_words(personal)}
            }
        )
    if follow_up_successor is not None:
        duties.hand_on_all(actor, user, follow_up_successor)


def change_role(
    actor: Actor,
    user: User,
    role: str,
    *,
    whole_district: bool,
    reason: str,
    follow_up_successor: User | None = None,
) -> User:
    """Give a user another role; open sessions end, the caseload of a former manager falls to the inbox.

    Args:
        actor: who acts, and when.
        user: whose role changes.
        role: a value of ``Role``.
        whole_district: makes an officer the coordinator.
        reason: kept with the change.
        follow_up_successor: takes over what a former manager has open outside any file.

    Raises:
        ValidationError: it is the actor's own role, there is no reason, or no successor for work outside files.
    """
    actor.require("admin.users")
    if user.pk == actor.user.pk:
        raise ValidationError(_("Nobody changes their own role."))
    if not reason.strip():
        raise ValidationError(_("Please give a reason."))
    with transaction.atomic():
        locked, follow_up_successor = duties.lock_all(user, follow_up_successor)
        old = locked.role
        locked.role = role
        locked.whole_district = whole_district and role == Role.OFFICER
        locked.is_staff = role == Role.ADMIN
        # Who was made a superuser gives that up with the first role: nobody collects two.
        locked.is_superuser = False
        locked.full_clean(exclude=["password"])
        locked.save(update_fields=["role", "whole_district", "is_staff", "is_superuser"])
        files = 0
        if old == Role.MANAGER and role != Role.MANAGER:
            files = duties.open_files(locked)
            _hand_on_what_is_personal(actor, locked, follow_up_successor)
            duties.transfer_all(actor, locked, None)
            end_stand_ins_of(actor, locked)
        _change(actor, locked, AccountChangeKind.ROLE, old=old, new=role, files=files, reason=reason)
        record(actor, actions.ROLE_CHANGED, kind="user", fields=["role"])
        end_sessions(locked)
    return locked


def deactivate(
    actor: Actor,
    user: User,
    *,
    reason: str,
    successor: User | None = None,
    follow_up_successor: User | None = None,
) -> User:
    """Take effect at once: sessions end, the caseload falls to the inbox or to the successor named.

    Args:
        actor: who acts, and when.
        user: who leaves.
        reason: kept with the change.
        successor: an active manager who takes over everything owed, or None for the inbox.
        follow_up_successor: an active manager for what belongs to no file and so has no inbox;
            the successor if left out.

    Raises:
        ValidationError: oneself, an inactive user, no reason, a successor who cannot work with files, or nobody for
            what belongs to no file; nothing was written.
    """
    actor.require("admin.users")
    if user.pk == actor.user.pk:
        raise ValidationError(_("Nobody deactivates their own account."))
    if not reason.strip():
        raise ValidationError(_("Please give a reason."))
    with transaction.atomic():
        locked, successor, follow_up_successor = duties.lock_all(user, successor, follow_up_successor)
        if not locked.is_active:
            raise ValidationError(_("This account is inactive already."))
        not_them = _("The successor must be another active integration manager.")
        _check_taker(locked, successor, "successor", not_them)
        locked.is_active = False
        locked.save(update_fields=["is_active"])
        files = duties.open_files(locked)
        _hand_on_what_is_personal(actor, locked, follow_up_successor or successor)
        duties.transfer_all(actor, locked, successor)
        end_stand_ins_of(actor, locked)
        _change(actor, locked, AccountChangeKind.DEACTIVATED, successor=successor, files=files, reason=reason)
        record(actor, actions.DEACTIVATED, kind="user", fields=["is_active"])
        end_sessions(locked)
    return locked


def activate(actor: Actor, user: User, *, reason: str) -> User:
    """Let a deactivated user log in again; their former caseload does not come back.

    Raises:
        ValidationError: no reason, or the account is active.
    """
    actor.require("admin.users")
    if not reason.strip():
        raise ValidationError(_("Please give a reason."))
    with transaction.atomic():
        (locked,) = as_stored(user)
        if locked.is_active:
            raise ValidationError(_("This account is active already."))
        locked.is_active = True
        locked.save(update_fields=["is_active"])
        _change(actor, locked, AccountChangeKind.ACTIVATED, reason=reason)
        record(actor, actions.ACTIVATED, kind="user", fields=["is_active"])
    return locked


def choose_digest(actor: Actor, wanted: bool) -> None:
    """Order the mail of the morning for oneself, or cancel it.

    Raises:
        ValidationError: nothing is mailed here, or the account has no address; nothing was written.
    """
    actor.require("account.digest")
    if wanted and not settings.MAIL_IS_SET_UP:
        raise ValidationError(_("No mail can be sent from here."))
    with transaction.atomic():
        (user,) = as_stored(actor.user)
        if wanted and not user.email:
            raise ValidationError(
                _("Your account has no e-mail address. Please ask the administration to enter one.")
            )
        if user.morning_digest != wanted:
            user.morning_digest = wanted
            user.save(update_fields=["morning_digest"])
            record(actor, actions.DIGEST_CHOSEN, kind="user", fields=["morning_digest"])
