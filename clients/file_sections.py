"""This app's own sections of the client page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from clients import case_questions, timeline
from clients.file_context import FileContext
from clients.sections import Section

OVERVIEW_ENTRIES = 8


def timeline_excerpt(file: FileContext) -> dict[str, Any]:
    """The newest entries of all sources."""
    entries = timeline.merged(file, limit=OVERVIEW_ENTRIES + 1)
    return {
        "months": timeline.by_month(entries[:OVERVIEW_ENTRIES]),
        "has_older": len(entries) > OVERVIEW_ENTRIES,
    }


def head_only(file: FileContext) -> dict[str, Any]:
    """Aside sections read everything from the file's own facts."""
    return {}


def safety(file: FileContext) -> dict[str, Any] | None:
    return {} if file.facts.safety_note or file.client.no_home_visits_since else None


SECTIONS = (
    Section(
        "timeline",
        _("Timeline"),
        "clients/_section_timeline.html",
        timeline_excerpt,
        order=20,
        route="clients:timeline",
    ),
    Section(
        "questions",
        _("Questions of the office"),
        "clients/_aside_questions.html",
        case_questions.section,
        order=5,
        place="aside",
    ),
    Section("safety", _("Safety"), "clients/_aside_safety.html", safety, order=10, place="aside"),
    Section("reach", _("Reachable"), "clients/_aside_reach.html", head_only, order=20, place="aside"),
    Section("household", _("Household"), "clients/_aside_household.html", head_only, order=30, place="aside"),
    Section(
        "residence",
        _("Residence and benefits"),
        "clients/_aside_residence.html",
        head_only,
        order=40,
        place="aside",
    ),
    Section(
        "responsibility",
        _("Responsible"),
        "clients/_aside_responsibility.html",
        head_only,
        order=90,
        place="aside",
    ),
)
