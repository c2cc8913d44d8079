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
ADMIN = Kind(frozenset({"admin"}), 403)
COORDINATOR = Kind(frozenset({"coordinator"}), 403)
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
DESK = Kind(IN_THIS_PLACE, 404, special=NO_MANAGERS)
HOUSE = Kind(
    IN_THIS_PLACE | {"officer", "coordinator"},
    404,
    special=((frozenset({"admin"}), 403),),
)
# Volunteers are known in their own municipality; its officers erase them on request.
VOLUNTEER = HOUSE
CONFIRMING = Kind(
    IN_THIS_PLACE | {"officer", "coordinator"},
    404,
    special=((frozenset({"admin"}), 403),),
)
ERASING = Kind(frozenset({"officer", "coordinator"}), 403, special=((frozenset({"officer_elsewhere"}), 404),))
ANSWERING = Kind(frozenset({"officer", "coordinator"}), 404, special=((frozenset({"admin"}), 403),))
# A frozen report of the town: for who serves it, and nobody else among the officers.
FROZEN = Kind(
    frozenset({"officer", "coordinator"}),
    403,
    special=((frozenset({"officer_elsewhere"}), (404, 405)),),
)
FROZEN_WORDS = Kind(
    frozenset({"officer", "coordinator"}), 403, special=((frozenset({"officer_elsewhere"}), 404),)
)
ENQUIRY = Kind(
    frozenset({"manager", "substitute", "officer", "coordinator"}),
    (404, 405),
    special=((frozenset({"admin"}), 403),),
)
# Whoever was told: asked along on a visit, or named by a colleague who is out.
TOLD = Kind(frozenset({"manager"}), (405, 404), special=NO_MANAGERS)
# Whoever is asked to take a file over.
OFFERED = Kind(frozenset({"substitute"}), (405, 404), special=NO_MANAGERS)
OFFERED_FORM = Kind(frozenset({"substitute"}), 404, special=NO_MANAGERS)
# Whoever passed it on to another town; the one on the stage was never on its way.
PASSED_ON = Kind(frozenset({"manager"}), (405, 404), special=NO_MANAGERS)
TAKING_BACK = Kind(frozenset({"manager", "substitute"}), (405, 404), special=NO_MANAGERS)
# An observation of the municipality is answered by those who steer it.
OBSERVATION = Kind(frozenset({"officer", "coordinator"}), 404, special=((ALL_MANAGERS | {"admin"}, 403),))
OWN_INCIDENT = Kind(frozenset({"manager"}), (404, 405), special=NO_MANAGERS)
HEALTH = Kind(frozenset({"substitute"}), 404, special=((frozenset({"manager"}), (302, 422)),))
INTENSITY = Kind(frozenset({"manager"}), 404, special=((frozenset({"substitute"}), (302, 403)),))
THOSE_IN_THE_STAND_IN = Kind(
    frozenset({"manager", "former", "coordinator"}),
    (405, 404),
    special=((frozenset({"officer", "officer_elsewhere", "admin"}), 403),),
)
# Whoever is away reads what the days hold; the one on the stage has not begun, so the other does not yet.
OWN_SHEET = Kind(
    frozenset({"manager"}),
    (404, 405),
    special=((frozenset({"officer", "officer_elsewhere", "admin"}), 403),),
)
# A colleague who stands in does not change when the other is away.
NO_ABSENCES = ((frozenset({"officer", "officer_elsewhere", "admin"}), 403),)
OWN_ABSENCE = Kind(frozenset({"manager", "coordinator"}), 404, special=NO_ABSENCES)
ENDING_OWN_ABSENCE = Kind(frozenset({"manager", "coordinator"}), (405, 404), special=NO_ABSENCES)

# A town's officer keeps her town's money; the coordination reads it and keeps the district's, which is elsewhere.
FUNDING = Kind(frozenset({"officer", "coordinator"}), 404, special=((ALL_MANAGERS | {"admin"}, 403),))
OWN_FUNDING = Kind(frozenset({"officer"}), 404, special=((ALL_MANAGERS | {"admin", "coordinator"}, 403),))


@dataclass(frozen=True, slots=True)
class Row:
    """Codes for those who are let in; a list of codes means any of them."""

    kind: Kind
    get: int
    post: int


MATRIX: dict[str, Row] = {
    # The start page of the role: Mein Tag; officers and the administration are sent on.
    "home": Row(HOME, 200, 405),
    "day_part": Row(HOME, 200, 405),
    "file_reports:due": Row(FILE, 200, 405),
    # Log-in
    "account_login": Row(LOGIN, 200, 200),
    "account_inactive": Row(PUBLIC, 200, 405),
    "account_logout": Row(LOGGED_IN, 200, 302),
    "account_change_password": Row(LOGGED_IN, 200, 200),
    # Without a valid token there is nothing, for nobody.
    "calendar_feed": Row(PUBLIC, 404, 405),
    "healthz": Row(PUBLIC, 200, 405),
    "readyz": Row(PUBLIC, 200, 405),
    # One's own account, absences and stand-ins
    "accounts:own": Row(LOGGED_IN, 200, 405),
    "accounts:digest": Row(Kind(ALL_MANAGERS, 403), 405, 302),
    "accounts:csrf": Row(LOGGED_IN, 200, 405),
    "accounts:privacy_screen": Row(MANAGERS, 405, 302),
    "stand_ins:list": Row(MANAGERS_AND_COORDINATOR, 200, 405),
    "stand_ins:new": Row(MANAGERS_AND_COORDINATOR, 200, 422),
    "stand_ins:emergency": Row(MANAGERS, 200, 422),
    "stand_ins:end": Row(THOSE_IN_THE_STAND_IN, 405, 302),
    "stand_ins:sheet": Row(OWN_SHEET, 200, 405),
    "stand_ins:meanwhile": Row(OWN_SHEET, 200, 405),
    "stand_ins:absence_new": Row(MANAGERS_AND_COORDINATOR, 200, 422),
    "stand_ins:absence_edit": Row(OWN_ABSENCE, 200, 422),
    "stand_ins:absence_end": Row(ENDING_OWN_ABSENCE, 405, 302),
    # Clients
    # What the law prolongs, kept by the administration
    "decrees:list": Row(ADMIN, 200, 405),
    "decrees:new": Row(ADMIN, 200, 422),
    "decrees:withdraw": Row(ADMIN, 405, 302),
    "decrees:reinstate": Row(ADMIN, 405, 302),
    "clients:list": Row(MANAGERS, 200, 405),
    "clients:list_columns": Row(MANAGERS, 405, 302),
    "clients:list_pick": Row(MANAGERS, 405, 302),
    "clients:list_export": Row(MANAGERS, 200, 422),
    "clients:search": Row(MANAGERS, 200, 200),
    "intake:new": Row(MANAGERS, 200, 422),
    "clients:detail": Row(FILE, 200, 405),
    "clients:timeline": Row(FILE, 200, 405),
    "clients:timeline_print": Row(FILE, 200, 405),
    "clients:person": Row(FILE, 200, 405),
    "clients:access_log": Row(FILE, 200, 405),
    "clients:edit": Row(FILE, 200, 422),
    "clients:edit_languages": Row(FILE, 200, 422),
    "clients:edit_reach": Row(FILE, 200, 422),
    "clients:spelling_new": Row(FILE, 200, 422),
    "clients:spelling_remove": Row(FILE, 405, 404),
    "clients:duplicate_dismiss": Row(FILE, 405, 302),
    "clients:duplicate_reopen": Row(FILE, 405, 302),
    "clients:duplicate_link": Row(FILE_OWNER, 200, 422),
    "clients:duplicate_unlink": Row(FILE_OWNER, 405, 404),
    "clients:phase": Row(FILE_OWNER, 200, 422),
    "clients:close": Row(FILE_OWNER, 200, 422),
    "clients:reopen": Row(FILE_OWNER, 404, 404),
    "clients:clock": Row(FILE, 200, 422),
    # What the office asks about a case
    "clients:question_answer": Row(FILE, 405, 302),
    "clients:question_reopen": Row(FILE, 405, 302),
    "clients:contact_point_new": Row(FILE, 200, 422),
    "clients:contact_point_replace": Row(FILE, 200, 422),
    "clients:contact_point_end": Row(FILE, 405, 302),
    "clients:accommodation_new": Row(FILE, 200, 422),
    "clients:accommodation_edit": Row(FILE, 200, 422),
    "clients:residence_new": Row(FILE, 200, 422),
    "clients:residence_edit": Row(FILE, 200, 422),
    "clients:residence_reminded": Row(FILE, 405, 404),
    "clients:history": Row(FILE, 200, 405),
    "clients:residence_prolong": Row(FILE, 200, 422),
    "clients:residence_take_back": Row(FILE, 405, 302),
    "clients:fact_new": Row(FILE, 200, 422),
    "clients:fact_edit": Row(FILE, 200, 422),
    "clients:fact_take_back": Row(FILE, 405, 302),
    "clients:fact_end": Row(FILE, 405, 302),
    "clients:safety_new": Row(FILE, 200, 422),
    "clients:safety_end": Row(FILE, 405, 302),
    "clients:household_join": Row(FILE, 200, 422),
    "clients:household_split": Row(FILE, 200, 422),
    "clients:household_unsplit": Row(FILE, 405, 302),
    "clients:address_protect": Row(FILE, 200, 422),
    "clients:protection_end": Row(FILE_OWNER, 405, 302),
    # Nothing is protected in this file: there is nothing to ask for, and no reason to give.
    "clients:address_show": Row(FILE, 302, 422),
    # Accommodations of the municipality
    "houses:list": Row(MANAGERS_AND_OFFICERS, 200, 405),
    "houses:new": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "houses:detail": Row(HOUSE, 200, 405),
    "houses:edit": Row(HOUSE, 200, 422),
    "clients:relative_new": Row(FILE, 200, 422),
    "clients:relative_edit": Row(FILE, 200, 422),
    "clients:relative_file": Row(FILE, 405, 302),
    # Drafts are their author's alone; a POST without a key of one's own finds nothing.
    "clients:draft_save": Row(LOGGED_IN, 405, 404),
    "clients:draft": Row(OWN_DRAFT_TEXT, 200, 405),
    "clients:draft_discard": Row(OWN_DRAFT, 405, 302),
    "clients:draft_restore": Row(OWN_DRAFT, 405, 302),
    # The one on the stage is about no file: there is nobody to give it to.
    "clients:draft_hand_over": Row(OWN_DRAFT, 405, 404),
    # Inbox, import, enquiries
    "intake:inbox": Row(MANAGERS, 200, 405),
    "intake:inbox_take": Row(TAKING, 405, 302),
    "intake:reopen_left": Row(MANAGERS, 200, 422),
    "intake:give_back_many": Row(MANAGERS, 405, 302),
    "intake:give_back": Row(FILE, 405, 302),
    "intake:inbox_take_many": Row(MANAGERS, 405, 302),
    # Changing hands: whoever is asked answers by a number of its own, without seeing the file.
    "file_intake:handover_new": Row(FILE_OWNER, 200, 422),
    "file_intake:handover_withdraw": Row(FILE_OWNER, 405, 302),
    "intake:handover_list": Row(MANAGERS, 200, 405),
    "intake:handover_new_many": Row(MANAGERS, 302, 422),
    "intake:handover_accept": Row(OFFERED, 405, 302),
    "intake:handover_accept_all": Row(MANAGERS, 405, 302),
    "intake:handover_decline": Row(OFFERED_FORM, 200, 422),
    "file_intake:move": Row(FILE_OWNER, 200, 422),
    "intake:move_take_back": Row(PASSED_ON, 405, 404),
    # What lost its manager is assigned by count: numbers, no file.
    "intake:caseload_list": Row(COORDINATOR_AND_ADMIN, 200, 405),
    "intake:caseload_assign": Row(COORDINATOR_AND_ADMIN, 200, 422),
    "intake:import_list": Row(MANAGERS, 200, 422),
    "intake:import": Row(OWN_IMPORT, 302, 405),
    "intake:import_columns": Row(OWN_IMPORT, 200, 422),
    "intake:import_row": Row(OWN_IMPORT, 302, 302),
    "intake:import_run": Row(OWN_IMPORT, 405, 302),
    "intake:import_undo": Row(OWN_IMPORT, 405, 302),
    "intake:import_rest": Row(OWN_IMPORT, 405, 302),
    "intake:import_left_out_csv": Row(OWN_IMPORT, 200, 405),
    "intake:import_left_out_xlsx": Row(OWN_IMPORT, 200, 405),
    "intake:import_discard": Row(OWN_IMPORT, 405, 302),
    "enquiries:list": Row(MANAGERS_AND_OFFICERS, 200, 405),
    "enquiries:new": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "enquiries:answered": Row(OFFICERS_ONLY, 200, 422),
    "enquiries:answer": Row(ANSWERING, 200, 422),
    "enquiries:detail": Row(ENQUIRY, 200, 405),
    "enquiries:take": Row(TAKING, 405, 302),
    # The enquiry on the stage has led to a file already: nothing is left to give back or to connect.
    "enquiries:give_back": Row(MANAGERS, 405, 404),
    "enquiries:connect": Row(MANAGERS, 404, 404),
    "enquiries:file": Row(MANAGERS, 404, 404),
    # The network: shared by the whole district, curated by officers
    "network:list": Row(MANAGERS_AND_OFFICERS, 200, 405),
    "network:export": Row(MANAGERS_AND_OFFICERS, 200, 405),
    "network:import": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "network:organisation_new": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "network:organisation": Row(MANAGERS_AND_OFFICERS, 200, 405),
    "network:organisation_edit": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "network:organisation_confirm": Row(MANAGERS_AND_OFFICERS, 405, 302),
    "network:organisation_retire": Row(OFFICERS_ONLY, 405, 302),
    "network:organisation_reinstate": Row(OFFICERS_ONLY, 405, 302),
    "network:organisation_merge": Row(OFFICERS_ONLY, 200, 422),
    "network:person_new": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "network:person_edit": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "network:person_remove": Row(OFFICERS_ONLY, 405, 302),
    "network:offer_new": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "network:offer_edit": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "network:volunteers": Row(MANAGERS_AND_OFFICERS, 200, 405),
    "network:volunteer_new": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "network:volunteer": Row(VOLUNTEER, 200, 405),
    "network:volunteer_edit": Row(VOLUNTEER, 200, 422),
    "network:volunteer_confirm": Row(CONFIRMING, 405, 302),
    "network:volunteer_erase": Row(ERASING, 405, 302),
    "network:meetings": Row(MANAGERS_AND_OFFICERS, 200, 405),
    "network:meeting_new": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "network:meeting": Row(MANAGERS_AND_OFFICERS, 200, 405),
    "network:meeting_edit": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "network:minutes": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "network:decision_new": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "network:decision_edit": Row(MANAGERS_AND_OFFICERS, 200, 422),
    "network:decision_done": Row(MANAGERS_AND_OFFICERS, 405, 302),
    "network:decision_reopen": Row(MANAGERS_AND_OFFICERS, 405, 302),
    "file_partners:referrals": Row(FILE, 200, 405),
    "file_partners:referral_find": Row(FILE, 200, 405),
    "file_partners:referral_new": Row(FILE, 200, 422),
    "file_partners:referral_step": Row(FILE, 200, 422),
    "file_partners:referral_take_back": Row(FILE, 405, 302),
    # Complaints: whom they concern finds no way to them, whoever wrote one down no page of it.
    "complaints:list": Row(OFFICERS_ONLY, 200, 405),
    "complaints:new": Row(OFFICERS_ONLY, 200, 422),
    "complaints:detail": Row(COORDINATOR, 200, 422),
    "observations:list": Row(MANAGERS_AND_OFFICERS, 200, 405),
    "observations:new": Row(MANAGERS, 200, 422),
    "observations:answer": Row(OBSERVATION, 200, 422),
    # Consents and documents
    "file_documents:consents": Row(FILE, 200, 405),
    "file_documents:consent_new": Row(FILE, 200, 422),
    "file_documents:consent_edit": Row(FILE, 200, 422),
    "file_documents:consent_revoke": Row(FILE, 200, 422),
    "file_documents:consent_reinstate": Row(FILE, 405, 302),
    "file_documents:information_new": Row(FILE, 200, 422),
    "file_documents:documents": Row(FILE, 200, 405),
    "file_documents:document_new": Row(FILE, 200, 422),
    "file_documents:document": Row(FILE, 200, 405),
    "file_documents:document_describe": Row(FILE, 200, 422),
    # A stand-in keeps a letter and deletes nothing.
    "file_documents:document_delete": Row(FILE_OWNER, 200, 422),
    "file_documents:document_restore": Row(FILE_OWNER, 405, 302),
    # Plans
    "plans:list": Row(MANAGERS, 200, 405),
    "file_plans:plan": Row(FILE, 200, 405),
    "file_plans:print": Row(FILE, 200, 405),
    "file_plans:version_print": Row(FILE, 200, 405),
    "file_plans:version_scan": Row(FILE, 200, 422),
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
    "appointments:feed": Row(MANAGERS, 200, 200),
    "appointments:feed_close": Row(MANAGERS, 405, 302),
    "appointments:sick_day": Row(MANAGERS, 200, 422),
    "appointments:call_list": Row(MANAGERS, 200, 405),
    "appointments:working_hours": Row(MANAGERS, 200, 422),
    "appointments:contact_new": Row(MANAGERS, 200, 200),
    "appointments:drop_in_find": Row(MANAGERS, 200, 422),
    "appointments:drop_in_new": Row(MANAGERS, 404, 404),
    "appointments:office_hours": Row(MANAGERS, 200, 405),
    "appointments:office_hour_series_new": Row(MANAGERS, 200, 422),
    "appointments:office_hour_at_house": Row(DESK, 200, 422),
    "appointments:office_hour_series_end": Row(DESK, 200, 422),
    "appointments:office_hour": Row(DESK, 200, 405),
    "appointments:office_hour_arrive": Row(DESK, 405, 302),
    "appointments:office_hour_call": Row(DESK, 405, 302),
    "appointments:office_hour_arrival": Row(DESK, 405, 404),
    "appointments:office_hour_close": Row(DESK, 200, 302),
    "appointments:office_hour_move": Row(DESK, 200, 422),
    "appointments:office_hour_cancel": Row(DESK, 200, 422),
    "appointments:office_hour_reinstate": Row(DESK, 405, 302),
    "appointments:group_event_new": Row(MANAGERS, 200, 422),
    "appointments:group_event": Row(DESK, 200, 422),
    # Without files that were ticked there is nothing to set.
    "appointments:follow_up_many": Row(MANAGERS, 302, 422),
    "appointments:follow_up_many_undo": Row(TAKING_BACK, 405, 302),
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
    "file_appointments:next_times": Row(FILE, 302, 405),
    "file_appointments:appointment": Row(FILE, 200, 405),
    "file_appointments:appointment_edit": Row(FILE, 200, 422),
    "file_appointments:appointment_move": Row(FILE, 200, 422),
    "file_appointments:appointment_confirm": Row(FILE, 405, 302),
    "file_appointments:appointment_take_over": Row(FILE, 405, 302),
    "file_appointments:interpreter": Row(FILE, 405, 302),
    "file_appointments:outcome": Row(FILE, 405, 302),
    "file_appointments:reminder_sent": Row(FILE, 405, 302),
    "file_appointments:reminder_mail": Row(FILE, 405, 302),
    "file_appointments:contact_new": Row(FILE, 200, 422),
    "file_appointments:contact": Row(FILE, 200, 405),
    "file_appointments:contact_correct": Row(FILE, 200, 422),
    "file_appointments:contact_undo": Row(FILE, 405, 302),
    "file_appointments:contact_move": Row(FILE, 200, 422),
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
    "file_outreach:history": Row(FILE, 200, 405),
    "file_outreach:take_along": Row(FILE, 405, 302),
    "file_outreach:companion": Row(FILE, 200, 422),
    "file_outreach:companion_withdraw": Row(FILE, 405, 302),
    "file_outreach:back_by": Row(FILE, 200, 422),
    # Home visits
    "visits:round": Row(MANAGERS, 200, 405),
    "visits:house": Row(DESK, 200, 422),
    "visits:order": Row(MANAGERS, 405, 302),
    "visits:companion_answer": Row(TOLD, 405, 302),
    "visits:back": Row(TOLD, 405, 302),
    "visits:incidents": Row(MANAGERS_AND_COORDINATOR, 200, 405),
    "visits:incident_new": Row(MANAGERS, 200, 422),
    "visits:incident": Row(OWN_INCIDENT, 200, 405),
    # Money
    "funding:list": Row(OFFICERS_ONLY, 200, 405),
    "funding:export": Row(OFFICERS_ONLY, 200, 405),
    "funding:new": Row(OFFICERS_ONLY, 200, 422),
    "funding:period": Row(FUNDING, 200, 405),
    "funding:period_export": Row(FUNDING, 200, 405),
    "funding:terms": Row(OWN_FUNDING, 200, 422),
    "funding:proof_new": Row(OWN_FUNDING, 200, 422),
    "funding:deadline_met": Row(OWN_FUNDING, 405, 302),
    "funding:deadline_reopen": Row(OWN_FUNDING, 405, 302),
    "funding:bookings": Row(FUNDING, 200, 405),
    "funding:booking_new": Row(OWN_FUNDING, 200, 422),
    "funding:booking_correct": Row(OWN_FUNDING, 200, 422),
    "funding:booking_reverse": Row(OWN_FUNDING, 200, 422),
    "funding:per_capita_new": Row(OWN_FUNDING, 200, 422),
    "funding:per_capita_correct": Row(OWN_FUNDING, 200, 422),
    "funding:per_capita_reverse": Row(OWN_FUNDING, 200, 422),
    "funding:position_new": Row(OWN_FUNDING, 200, 422),
    "funding:position_correct": Row(OWN_FUNDING, 200, 422),
    "funding:position_reverse": Row(OWN_FUNDING, 200, 422),
    "funding:paper_new": Row(OWN_FUNDING, 200, 422),
    "funding:paper": Row(FUNDING, 200, 405),
    "funding:paper_delete": Row(OWN_FUNDING, 200, 422),
    "funding:paper_restore": Row(OWN_FUNDING, 405, 302),
    # Figures
    "reports:dashboard": Row(MANAGERS_AND_OFFICERS, 200, 405),
    "reports:people": Row(MANAGERS_AND_OFFICERS, 200, 405),
    "reports:work": Row(MANAGERS_AND_OFFICERS, 200, 405),
    "reports:cases": Row(OFFICERS_ONLY, 200, 405),
    "reports:cases_csv": Row(OFFICERS_ONLY, 200, 405),
    "reports:cases_xlsx": Row(OFFICERS_ONLY, 200, 405),
    "reports:case_ask": Row(OFFICERS_ONLY, 405, 302),
    "reports:period": Row(OFFICERS_ONLY, 200, 405),
    "reports:period_file": Row(OFFICERS_ONLY, 200, 405),
    "reports:period_remind": Row(OFFICERS_ONLY, 405, 302),
    "reports:freeze": Row(OFFICERS_ONLY, 200, 422),
    **dict.fromkeys(
        ("reports:frozen", "reports:frozen_compare", "reports:frozen_file"), Row(FROZEN, 200, 405)
    ),
    "reports:frozen_words": Row(FROZEN_WORDS, 200, 422),
}
