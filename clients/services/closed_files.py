"""What a closed file answers to whoever was still writing in it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.models import Client


class FileClosed(ValidationError):
    """The file was closed while somebody was writing in it; nothing was written."""

    def __init__(self, file: Client, field: str | None) -> None:
        text = _(
            "The file %(case_no)s was closed in the meantime. Nothing was saved; a closed file takes entries "
            "again once it is re-opened."
        ) % {"case_no": file.case_no}
        super().__init__({field: text} if field else text)


def refuse_closed(file: Client, *, field: str | None = None) -> None:
    """Let nothing into a closed file: it can be read and re-opened.

    Args:
        file: the stored row, locked by the caller; whether it is closed is decided under this lock.
        field: the field of the form that named the file, if it is not the file the form is about.

    Raises:
        FileClosed: somebody closed it a moment ago.
    """
    if file.is_closed:
        raise FileClosed(file, field)
