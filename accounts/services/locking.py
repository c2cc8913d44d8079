"""Accounts are locked after files and enquiries, in one order; what is judged only under the lock."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.access import is_manager
from accounts.models import User


def lock(*keys: int) -> None:
    """Let nobody else change what concerns these users until the transaction ends.

    Always in the same order, so that two who need the same users wait for each other and never both.
    """
    list(_rows_locked(keys).values_list("pk"))


def lock_free(*keys: int) -> set[int]:
    """Lock the users that no other transaction holds, without waiting for the others; returns their keys."""
    rows = User.objects.select_for_update(no_key=True, skip_locked=True).filter(pk__in=keys)
    return set(rows.values_list("pk", flat=True))


def _rows_locked(keys: Iterable[int]) -> QuerySet[User]:
    # The key itself never changes: rows that only name a user need not wait for this lock.
    return User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")


def as_stored(*users: User | None, besides: Iterable[int] = ()) -> list[Any]:
    """These users locked and as they are now; what was read before the lock may have changed since.

    Args:
        users: None stays None.
        besides: keys of others to be locked in the same go.
    """
    keys = {user.pk for user in users if user is not None}
    stored = {user.pk: user for user in _rows_locked(keys.union(besides))}
    return [stored[user.pk] if user is not None else None for user in users]


def lock_taker(manager: Any) -> None:
    """Lock a manager's account, so that she is not deactivated before the caller's transaction has given her a file.

    Raises:
        ValidationError: she takes no files any more.
    """
    (stored,) = as_stored(manager)
    if not is_manager(stored):
        text = _(
            "%(name)s cannot take over files at present. Please choose another active integration manager."
        )
        raise ValidationError(text % {"name": stored})
