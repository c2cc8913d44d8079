"""The refusal of entries in a file that was closed meanwhile."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.access import is_manager
from clients.models import Client


class FileClosed(ValidationError):
    """The file was closed after the form was opened; nothing was written."""

    def __init__(self, file: Client, field: str | None) -> None:
        text = _(
            "The file %(case_no)s was closed in the meantime. Nothing was saved; a closed file takes entries "
            "again once it is re-opened."
        ) % {"case_no": file.case_no}
        super().__init__({field: text} if field else text)


def is_left(file: Client) -> bool:
    """Whether a closed file has nobody to re-open it: its last manager has left, or does other work by now.

    Args:
        file: with its manager.
    """
    return file.is_closed and file.manager is not None and not is_manager(file.manager)


def refuse_closed(file: Client, *, field: str | None = None) -> None:
    """Refuse entries in a closed file: it can only be read and re-opened.

    Args:
        file: the stored row, locked by the caller, so that the answer holds until the transaction ends.
        field: the field of the form that named the file, if it is not the file the form is about.

    Raises:
        FileClosed: it was closed a moment ago.
    """
    if file.is_closed:
        raise FileClosed(file, field)
