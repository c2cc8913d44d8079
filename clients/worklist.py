"""What waits in the files of a caseload, line by line: each app contributes its own, *Mein Tag* shows them."""

import datetime
from collections.abc import Callable, Iterable
from enum import StrEnum

from accounts.access import Scope
from accounts.models import User
from ui.due import DueLine


class Group(StrEnum):
    """Where a line stands: a section of *Mein Tag*, or a list of the dashboard."""

    APPOINTMENTS = "appointments"
    DEADLINES = "deadlines"
    OUTREACH = "outreach"
    OTHERS = "others"
    INTAKE = "intake"
    PLANS = "plans"
    FILES = "files"
    DRAFTS = "drafts"
    CASELOADS = "caseloads"
    ABSENCES = "absences"
    ACCOUNTS = "accounts"


Lines = Callable[[User, Scope, datetime.date, datetime.datetime], Iterable[DueLine]]
_REGISTRY: dict[str, Lines] = {}


def register(code: str, lines: Lines) -> None:
    """Register what an app has due; it asks a bounded number of queries. Called from ``contributions.py``."""
    _REGISTRY[code] = lines


def registered() -> list[Lines]:
    """What the apps have due, by code."""
    return [_REGISTRY[code] for code in sorted(_REGISTRY)]
