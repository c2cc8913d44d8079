"""Who may do what: a table that reads like the staff handbook.

A permission names the columns of the access table (security.md "Who may see what") that have it. ``STAND_IN_TOO`` says
whether a stand-in may use it on the files of the manager they stand in for (architecture.md "Data model": they write
contacts, appointments, follow-ups and ladder acts; they do not hand over, close or agree a plan).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Column(StrEnum):
    """The columns of the access table."""

    MANAGER = "manager"
    OFFICER = "officer"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


MANAGERS = frozenset({Column.MANAGER})
OFFICERS = frozenset({Column.OFFICER, Column.COORDINATOR})
COORDINATORS = frozenset({Column.COORDINATOR})
ADMINS = frozenset({Column.ADMIN})
EVERYBODY = frozenset(Column)


@dataclass(frozen=True, slots=True)
class Permission:
    """Columns that hold a permission, and whether it extends to stand-ins on foreign files."""

    columns: frozenset[Column]
    stand_in: bool = True


PERMISSIONS: dict[str, Permission] = {
    # Everybody at the keyboard
    "home.open": Permission(EVERYBODY),
    "account.own": Permission(EVERYBODY),
    "account.digest": Permission(MANAGERS),
    # Absences and stand-ins
    "absence.enter": Permission(MANAGERS | COORDINATORS),
    "stand_in.view": Permission(MANAGERS | COORDINATORS),
    "stand_in.plan": Permission(MANAGERS | COORDINATORS),
    "stand_in.emergency": Permission(MANAGERS),
    "stand_in.coordinate": Permission(COORDINATORS),
    # Clients
    "client.list": Permission(MANAGERS),
    "client.export": Permission(MANAGERS),
    "client.search": Permission(MANAGERS),
    "client.register": Permission(MANAGERS),
    "client.view": Permission(MANAGERS),
    "client.edit": Permission(MANAGERS),
    "client.phase": Permission(MANAGERS, stand_in=False),
    "client.close": Permission(MANAGERS, stand_in=False),
    "client.reopen": Permission(MANAGERS, stand_in=False),
    "client.household": Permission(MANAGERS),
    "client.access_log": Permission(MANAGERS),
    "client.health_grant": Permission(MANAGERS),
    # Consents and documents; a stand-in hears a revocation and keeps a letter, but deletes nothing
    "consent.view": Permission(MANAGERS),
    "consent.record": Permission(MANAGERS),
    "document.view": Permission(MANAGERS),
    "document.add": Permission(MANAGERS),
    "document.delete": Permission(MANAGERS, stand_in=False),
    "client.address_grant": Permission(MANAGERS),
    "client.protect": Permission(MANAGERS),
    "client.unprotect": Permission(MANAGERS, stand_in=False),
    # Accommodations of the municipality: those who work in it see and keep them, without who lives there
    "house.view": Permission(MANAGERS | OFFICERS),
    "house.edit": Permission(MANAGERS | OFFICERS),
    # Intake
    "inbox.view": Permission(MANAGERS),
    "inbox.take": Permission(MANAGERS),
    "caseload.assign": Permission(COORDINATORS | ADMINS),
    "handover.propose": Permission(MANAGERS, stand_in=False),
    "handover.answer": Permission(MANAGERS),
    "import.run": Permission(MANAGERS),
    "enquiry.view": Permission(MANAGERS | OFFICERS),
    "enquiry.register": Permission(MANAGERS | OFFICERS),
    "enquiry.answer": Permission(OFFICERS),
    "enquiry.take": Permission(MANAGERS),
    # The network: everybody in the service keeps it, officers curate; referrals are a matter of the file
    "network.view": Permission(MANAGERS | OFFICERS),
    "network.edit": Permission(MANAGERS | OFFICERS),
    "network.curate": Permission(OFFICERS),
    "referral.view": Permission(MANAGERS),
    "referral.edit": Permission(MANAGERS),
    # Complaints go past those they may concern: an officer writes one down, the coordinator alone reads it
    "complaint.register": Permission(OFFICERS),
    "complaint.handle": Permission(COORDINATORS),
    "observation.view": Permission(MANAGERS | OFFICERS),
    "observation.report": Permission(MANAGERS),
    "observation.answer": Permission(OFFICERS),
    # Drafts
    "draft.own": Permission(EVERYBODY),
    # Integration plans
    "plan.list": Permission(MANAGERS),
    "plan.view": Permission(MANAGERS),
    "plan.edit": Permission(MANAGERS),
    "plan.assess": Permission(MANAGERS),
    "plan.agree": Permission(MANAGERS, stand_in=False),
    "plan.progress": Permission(MANAGERS),
    "plan.review": Permission(MANAGERS, stand_in=False),
    "plan.print": Permission(MANAGERS),
    # Appointments, contacts, ladder
    "appointment.list": Permission(MANAGERS),
    "appointment.edit": Permission(MANAGERS),
    "calendar.own": Permission(MANAGERS),
    "contact.log": Permission(MANAGERS),
    "contact.correct": Permission(MANAGERS),
    "contact.drop_in": Permission(MANAGERS),
    "follow_up.edit": Permission(MANAGERS),
    "ladder.act": Permission(MANAGERS),
    "office_hours.run": Permission(MANAGERS),
    # Home visits
    "visit.plan": Permission(MANAGERS),
    "visit.accompany": Permission(MANAGERS),
    "incident.report": Permission(MANAGERS),
    "incident.view": Permission(MANAGERS | COORDINATORS),
    # Money; a town's officer keeps her town's, the coordination the district's (funding.querysets)
    "funding.view": Permission(OFFICERS),
    "funding.edit": Permission(OFFICERS),
    # Reports
    "report.dashboard": Permission(MANAGERS | OFFICERS),
    "report.cases": Permission(OFFICERS),
    "case.ask": Permission(OFFICERS),
    "case.answer": Permission(MANAGERS),
    "report.period": Permission(OFFICERS),
    "report.freeze": Permission(OFFICERS),
    "report.remind": Permission(OFFICERS),
    # Administration (Django admin)
    "admin.users": Permission(ADMINS),
    "admin.catalogues": Permission(ADMINS),
    "permit.decree": Permission(ADMINS),
}


def column_of(user: Any) -> Column | None:
    """The column of the access table a user belongs to; None for anonymous and inactive users.

    A superuser counts as administration only, whatever role is stored.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return None
    if user.is_superuser or user.role == "admin":
        return Column.ADMIN
    if user.role == "officer":
        return Column.COORDINATOR if user.whole_district else Column.OFFICER
    return Column.MANAGER


def may(user: Any, permission: str, *, as_stand_in: bool = False) -> bool:
    """Whether a user holds a permission.

    Args:
        user: the user of the request.
        permission: a key of ``PERMISSIONS``.
        as_stand_in: the file at hand is another manager's and seen through a stand-in.

    Raises:
        KeyError: there is no such permission; a typo must not open a door.
    """
    entry = PERMISSIONS[permission]
    column = column_of(user)
    if column is None or column not in entry.columns:
        return False
    return entry.stand_in or not as_stand_in
