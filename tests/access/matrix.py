"""Who may do what: route × role × method → expected code, one hand-written table.

A route of the URLconf that is missing here fails the suite. Read a row as: the route is of this kind, and
whoever is let in gets these codes for a plain GET and for an empty POST. What everybody else gets follows
from the kind: 404 under a file one may not see, 403 on a collection or for a verb one may not use.
"""

from dataclasses import dataclass

ROLES = (
    "anonymous",
    "manager",
    "substitute",
    "former",
    "colleague",
    "outsider",
    "officer",
    "officer_elsewhere",
    "coordinator",
    "admin",
)
ALL_MANAGERS = frozenset({"manager", "substitute", "former", "colleague", "outsider"})
OFFICERS = frozenset({"officer", "officer_elsewhere", "coordinator"})
EVERYBODY = frozenset(ROLES) - {"anonymous"}


Codes = int | tuple[int, int]


@dataclass(frozen=True, slots=True)
class Kind:
    """Who is let in, what the others get, and who gets something else again.

    A pair of codes is (GET, POST); one code stands for both.
    """

    allowed: frozenset[str]
    refused: Codes
    special: tuple[tuple[frozenset[str], Codes], ...] = ()
    anonymous: int | None = 302

    def refusal_for(self, role: str, method: str = "get") -> int | None:
        """The code a role gets instead of the row's codes; None when the role is let in."""
        if role == "anonymous":
            return self.anonymous
        codes: Codes | None = None if role in self.allowed else self.refused
        for roles, other in self.special:
            if role in roles:
                codes = other
        if isinstance(codes, tuple):
            return codes[0] if method == "get" else codes[1]
        return codes


# Under /clients/<uuid>/: the responsible manager and whoever stands in for her today.
FILE = Kind(frozenset({"manager", "substitute"}), 404)
# A verb a stand-in may not use on a file she may see.
FILE_OWNER = Kind(frozenset({"manager"}), 404, special=((frozenset({"substitute"}), 403),))
MANAGERS = Kind(ALL_MANAGERS, 403)
OFFICERS_ONLY = Kind(OFFICERS, 403)
MANAGERS_AND_OFFICERS = Kind(ALL_MANAGERS | OFFICERS, 403)
COORDINATOR_AND_ADMIN = Kind(frozenset({"coordinator", "admin"}), 403)
MANAGERS_AND_COORDINATOR = Kind(ALL_MANAGERS | {"coordinator"}, 403)
LOGGED_IN = Kind(EVERYBODY, 403)
PUBLIC = Kind(EVERYBODY, 403, anonymous=None)
# Whoever is logged in is sent on.
LOGIN = Kind(frozenset(), 302, anonymous=None)
HOME = Kind(ALL_MANAGERS, (302, 405))
# Rows of one's own: a stranger's do not exist, and who may have none at all is refused.
NO_MANAGERS = ((OFFICERS | {"admin"}, 403),)
OWN_IMPORT = Kind(frozenset({"manager"}), 404, special=NO_MANAGERS)
OWN_DRAFT = Kind(frozenset({"manager"}), (405, 404))
OWN_DRAFT_TEXT = Kind(frozenset({"manager"}), (404, 405))
IN_THIS_PLACE = ALL_MANAGERS - {"outsider"}
TAKING = Kind(IN_THIS_PLACE, (405, 404), special=NO_MANAGERS)
ANSWERING = Kind(frozenset({"officer", "coordinator"}), 404, special=((frozenset({"admin"}), 403),))
ENQUIRY = Kind(
    frozenset({"manager", "substitute", "officer", "coordinator"}),
    (404, 405),
    special=((frozenset({"admin"}), 403),),
)
HEALTH = Kind(frozenset({"substitute"}), 404, special=((frozenset({"manager"}), (302, 422)),))
INTENSITY = Kind(frozenset({"manager"}), 404, special=((frozenset({"substitute"}), (302, 403)),))
THOSE_IN_THE_STAND_IN = Kind(
    frozenset({"manager", "former", "coordinator"}),
    (405, 404),
    special=((frozenset({"officer", "officer_elsewhere", "admin"}), 403),),
)
# A colleague who stands in does not change when the other is away.
NO_ABSENCES = ((frozenset({"officer", "officer_elsewhere", "admin"}), 403),)
OWN_ABSENCE = Kind(frozenset({"manager", "coordinator"}), 404, special=NO_ABSENCES)
ENDING_OWN_ABSENCE = Kind(frozenset({"manager", "coordinator"}), (405, 404), special=NO_ABSENCES)


@dataclass(frozen=True, slots=True)
class Row:
    """Codes for those who are let in; a list of codes means any of them."""

    kind: Kind
    get: int
    post: int


MATRIX: dict[str, Row] = {
    # The start page of the role: Mein Tag; officers and the administration are sent on.
    "home": Row(HOME, 200, 405),
    "day_section": Row(HOME, 200, 405),
    # Log-in
    "account_login": Row(LOGIN, 200, 200),
    "account_inactive": Row(PUBLIC, 200, 405),
    "account_logout": Row(LOGGED_IN, 200, 302),
    "account_change_password": Row(LOGGED_IN, 200, 200),
    "healthz": Row(PUBLIC, 200, 405),
    "readyz": Row(PUBLIC, 200, 405),
    # One's own account, absences and stand-ins
    "accounts:own": Row(LOGGED_IN, 200, 405),
    "accounts:csrf": Row(LOGGED_IN, 200, 405),
    "stand_ins:list": Row(MANAGERS_AND_COORDINATOR, 200, 405),
    "stand_ins:new": Row(MANAGERS_AND_COORDINATOR, 200, 422),
    "stand_ins:emergency": Row(MANAGERS, 200, 422),
    "stand_ins:end": Row(THOSE_IN_THE_STAND_IN, 405, 302),
    "stand_ins:absence_new": Row(MANAGERS_AND_COORDINATOR, 200, 422),
    "stand_ins:absence_edit": Row(OWN_ABSENCE, 200, 422),
    "stand_ins:absence_end": Row(ENDING_OWN_ABSENCE, 405, 302),
    # Clients
    "clients:list": Row(MANAGERS, 200, 405),
    "clients:search": Row(MANAGERS, 200, 200),
    "intake:new": Row(MANAGERS, 200, 422),
    "clients:detail": Row(FILE, 200, 405),
    "clients:timeline": Row(FILE, 200, 405),
    "clients:person": Row(FILE, 200, 405),
    "clients:access_log": Row(FILE, 200, 405),
    "clients:edit": Row(FILE, 200, 422),
    "clients:edit_languages": Row(FILE, 200, 422),
    "clients:edit_reach": Row(FILE, 200, 422),
    "clients:spelling_new": Row(FILE, 200, 422),
    "clients:spelling_remove": Row(FILE, 405, 404),
    "clients:duplicate_dismiss": Row(FILE, 405, 302),
    "clients:duplicate_reopen": Row(FILE, 405, 302),
    "clients:phase": Row(FILE_OWNER, 200, 422),
    "clients:close": Row(FILE_OWNER, 200, 422),
    "clients:reopen": Row(FILE_OWNER, 404, 404),
    "clients:clock": Row(FILE, 200, 422),
    "clients:contact_point_new": Row(FILE, 200, 422),
    "clients:contact_point_replace": Row(FILE, 200, 422),
    "clients:contact_point_end": Row(FILE, 405, 302),
    "clients:accommodation_new": Row(FILE, 200, 422),
    "clients:accommodation_edit": Row(FILE, 200, 422),
    "clients:residence_new": Row(FILE, 200, 422),
    "clients:residence_edit": Row(FILE, 200, 422),
    "clients:residence_reminded": Row(FILE, 405, 404),
    "clients:fact_new": Row(FILE, 200, 422),
    "clients:fact_end": Row(FILE, 405, 302),
    "clients:safety_new": Row(FILE, 200, 422),
    "clients:safety_end": Row(FILE, 405, 302),
    "clients:household_join": Row(FILE, 200, 422),
    "clients:household_leave": Row(FILE, 405, 302),
    "clients:relative_new": Row(FILE, 200, 422),
    "clients:relative_edit": Row(FILE, 200, 422),
    "clients:relative_file": Row(FILE, 405, 302),
    # Drafts are their author's alone; a POST without a key of one's own finds nothing.
    "clients:draft_save": Row(LOGGED_IN, 405, 404),
    "clients:draft": Row(OWN_DRAFT_TEXT, 200, 405),
    "clients:draft_discard": Row(OWN_DRAFT, 405, 302),
    # Inbox, import, enquiries
    "intake:inbox": Row(MANAGERS, 200, 405),
    "intake:inbox_take": Row(TAKING, 405, 302),
    "intake:inbox_take_many": Row(MANAGERS, 405, 302),
    # What lost its manager is assigned by count: numbers, no file.
    "intake:caseload_list": Row(COORDINATOR_AND_ADMIN, 200, 405),
    "intake:caseload_assign": Row(COORDINATOR_AND_ADMIN, 200, 422),
    "intake:import_list": Row(MANAGERS, 200, 422),
    "intake:import": Row(OWN_IMPORT, 302, 405),
    "intake:import_columns": Row(OWN_IMPORT, 200, 422),
    "intake:import_row": Row(OWN_IMPORT, 302, 302),
    "intake:import_run": Row(OWN_IMPORT, 405, 302),
    "intake:import_discard": Row(OWN_IMPORT, 405, 302),
    "enquiries:list": Row(MANAGERS_AND_OFFICERS, 200, 405),
    "enquiries:new": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "enquiries:answered": Row(OFFICERS_ONLY, 200, 422),
    "enquiries:answer": Row(ANSWERING, 200, 422),
    "enquiries:detail": Row(ENQUIRY, 200, 405),
    "enquiries:take": Row(TAKING, 405, 302),
    # The enquiry on the stage has led to a file already: nothing is left to connect.
    "enquiries:connect": Row(MANAGERS, 404, 404),
    "enquiries:file": Row(MANAGERS, 404, 404),
    # Plans
    "plans:list": Row(MANAGERS, 200, 405),
    "file_plans:plan": Row(FILE, 200, 405),
    "file_plans:print": Row(FILE, 200, 405),
    "file_plans:version_print": Row(FILE, 200, 405),
    "file_plans:assess": Row(FILE, 200, 422),
    # The manager needs no grant for her own file; a stand-in gives a reason.
    "file_plans:health": Row(HEALTH, 200, 422),
    # All modules decide the level: without health a stand-in is asked for a reason first.
    "file_plans:intensity": Row(INTENSITY, 302, 422),
    "file_plans:working_version": Row(FILE, 200, 405),
    "file_plans:working_version_start": Row(FILE, 405, 302),
    "file_plans:working_version_discard": Row(FILE, 405, 302),
    "file_plans:goal_new": Row(FILE, 200, 422),
    "file_plans:goal_edit": Row(FILE, 200, 422),
    "file_plans:goal_remove": Row(FILE, 405, 302),
    "file_plans:measure_new": Row(FILE, 200, 422),
    "file_plans:measure_edit": Row(FILE, 200, 422),
    "file_plans:measure_remove": Row(FILE, 405, 302),
    "file_plans:goal_progress": Row(FILE, 200, 422),
    "file_plans:measure_done": Row(FILE, 405, 302),
    "file_plans:agree": Row(FILE_OWNER, 200, 422),
    "file_plans:review": Row(FILE_OWNER, 200, 422),
    # Appointments, contacts, follow-ups
    "appointments:day": Row(MANAGERS, 200, 405),
    "appointments:contact_new": Row(MANAGERS, 200, 200),
    "appointments:drop_in_find": Row(MANAGERS, 200, 422),
    "appointments:drop_in_new": Row(MANAGERS, 404, 404),
    "appointments:follow_up_new": Row(MANAGERS, 200, 422),
    # Follow-ups without a file are their author's; the one on the stage belongs to a file.
    "appointments:follow_up": Row(MANAGERS, 404, 404),
    "appointments:follow_up_pass_on": Row(MANAGERS, 404, 404),
    "appointments:follow_up_done": Row(MANAGERS, 405, 404),
    "appointments:follow_up_reopen": Row(MANAGERS, 405, 404),
    # What one left in a colleague's file: the contact on the stage was left by nobody.
    "drop_ins:detail": Row(MANAGERS, 404, 404),
    "drop_ins:correct": Row(MANAGERS, 404, 404),
    "file_appointments:appointment_new": Row(FILE, 200, 422),
    "file_appointments:appointment": Row(FILE, 200, 405),
    "file_appointments:appointment_edit": Row(FILE, 200, 422),
    "file_appointments:appointment_move": Row(FILE, 200, 422),
    "file_appointments:appointment_confirm": Row(FILE, 405, 302),
    "file_appointments:appointment_take_over": Row(FILE, 405, 302),
    "file_appointments:interpreter": Row(FILE, 405, 302),
    "file_appointments:outcome": Row(FILE, 405, 302),
    "file_appointments:contact_new": Row(FILE, 200, 422),
    "file_appointments:contact": Row(FILE, 200, 405),
    "file_appointments:contact_correct": Row(FILE, 200, 422),
    "file_appointments:contact_accept": Row(FILE, 405, 302),
    "file_appointments:contact_returned": Row(FILE, 405, 403),
    "file_appointments:follow_up_new": Row(FILE, 200, 422),
    "file_appointments:follow_up": Row(FILE, 200, 422),
    "file_appointments:follow_up_done": Row(FILE, 405, 302),
    "file_appointments:follow_up_reopen": Row(FILE, 405, 302),
    "file_appointments:follow_up_pass_on": Row(FILE, 200, 422),
    # Outreach ladder
    "file_outreach:announce": Row(FILE, 200, 422),
    "file_outreach:postpone": Row(FILE, 200, 422),
    "file_outreach:clarify": Row(FILE, 200, 422),
    "file_outreach:end": Row(FILE, 200, 422),
    "file_outreach:visit": Row(FILE, 200, 422),
    "file_outreach:look_again": Row(FILE, 405, 302),
    "file_outreach:answer": Row(FILE, 405, 302),
    # Figures
    "reports:dashboard": Row(MANAGERS_AND_OFFICERS, 200, 405),
    "reports:people": Row(MANAGERS_AND_OFFICERS, 200, 405),
    "reports:cases": Row(OFFICERS_ONLY, 200, 405),
}
