"""What each key figure means: name, formula, what counts and where that is written (rules.md §9).

A page shows a definition beside its number, and a report prints those of its figures in the note on method.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RULE_VERSION = 1
"""The version of these rules: raised with every change of what is counted. A frozen report keeps its own."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One key figure.

    Attributes:
        code: by which pages, exports and frozen reports name it.
        name: what it is called.
        formula: how the number comes about.
        counts: what is counted and what is not.
        sections: of docs/rules.md, where the rule is written.
        protected: a figure about people, which is stored rounded and never counted for a report (rules.md §8).
    """

    code: str
    name: StrOrPromise
    formula: StrOrPromise
    counts: StrOrPromise
    sections: str = "9"
    protected: bool = False

    @property
    def source(self) -> str:
        """Where the rule is written, as a reader of the figures is told."""
        return gettext("counting rules of the integration management, section %(sections)s") % {
            "sections": self.sections
        }


_ALL = (
    Definition(
        "active_clients",
        _("Active clients"),
        _("persons with a file in contacting, intake or counselling on the reference date"),
        _("Paused files stand beside it. Whoever has two linked files counts once."),
    ),
    Definition(
        "phases",
        _("Phases"),
        _("open files by phase on the reference date"),
        _("Each file in the phase it was in at the end of that day. Closed files are left out."),
        "7, 9",
    ),
    Definition(
        "intensity",
        _("Intensity"),
        _("open files by the confirmed level on the reference date"),
        _(
            "The level decided on counts, never the proposal. Paused files stand apart, those nobody took are left out."
        ),
        "5",
    ),
    Definition(
        "ladder",
        _("Getting in touch"),
        _("outreach ladders begun in the period, by the step they came to"),
        _("Each where it stood at the end of the period. Whoever answered or declined is in contact."),
        "4",
    ),
    Definition(
        "counselled",
        _("Persons counselled"),
        _("different persons with at least one consultation in the period"),
        _(
            "Whoever took part counts, once per period, also with two linked files. "
            "Relatives have no file and are told apart, as a protected figure."
        ),
    ),
    Definition(
        "consultations",
        _("Consultations"),
        _("consultations held in the period, by channel"),
        _(
            "Talks with the person and written answers. A joint talk is one, an appointment held is one. "
            "Attempts and group events are not among them."
        ),
        "1, 9",
    ),
    Definition(
        "case_work",
        _("Work with third parties"),
        _("contacts with authorities, schools, landlords and others in the period"),
        _("Counted apart from consultations."),
        "1",
    ),
    Definition(
        "intakes",
        _("Intakes"),
        _("files opened in the period"),
        _("Re-opened files too."),
    ),
    Definition(
        "closings",
        _("Closings"),
        _("files closed in the period"),
        _(
            "Files closed because they were kept twice are left out. Reasons are a protected figure by half-year."
        ),
    ),
    Definition(
        "plans",
        _("Integration plans"),
        _("versions agreed in the period, first and further ones; valid plans on the last day"),
        _("Signed or agreed orally. Versions that were declined have a line of their own."),
        "6, 9",
    ),
    Definition(
        "plan_coverage",
        _("Plan coverage"),
        _("active files with a valid plan ÷ active files"),
        _(
            "Files in the phase of counselling, whatever the age. A plan is valid until 30 days after its review date."
        ),
        "6",
    ),
    Definition(
        "goals",
        _("Goals reached"),
        _("(reached + partly reached) ÷ reviewed"),
        _("Each goal once, with its last final state of the period. A goal that was dropped was reviewed."),
    ),
    Definition(
        "overdue_reviews",
        _("Overdue reviews"),
        _("plans in force whose review date lies before the reference date"),
        _("Of files that are open on that day."),
    ),
    Definition(
        "no_shows",
        _("No-show rate"),
        _("unexcused ÷ (held + unexcused)"),
        _(
            "Agreed appointments by their planned start. "
            "Excused, cancelled, moved and undecided ones are in neither number."
        ),
        "3",
    ),
    Definition(
        "home_visits",
        _("Home visits"),
        _("visits made; share at which somebody was met"),
        _("Visits by day of the visit. Met means that there was a talk."),
    ),
    Definition(
        "office_hours",
        _("Office hours"),
        _("sessions, visitors, visitors per session"),
        _("Closed sessions, also if nobody came. Visitors are those somebody talked with."),
        "9, 10",
    ),
    Definition(
        "group_events",
        _("Group events"),
        _("events with their attendees"),
        _("Each event once; those present are named or counted."),
        "10",
    ),
    Definition(
        "enquiries",
        _("Enquiries"),
        _("enquiries that arrived in the period; of them answered"),
        _("By the day they arrived. Answers the officer gave herself are among them."),
        "8",
    ),
    Definition(
        "referrals",
        _("Referrals"),
        _("referrals recommended in the period; by kind of partner and half-year, rounded"),
        _(
            "By the day of the recommendation, where the file belonged then. One entered by mistake does not count."
        ),
        "14",
    ),
    Definition(
        "arrivals",
        _("Referrals that arrived"),
        _("referrals of the half-year at which the person arrived ÷ all of them, by kind of partner"),
        _(
            "Both numbers are stored rounded to five. The share follows from the two rounded numbers, "
            "where at least 50 referrals are its base."
        ),
        "8, 14",
        protected=True,
    ),
    Definition(
        "people",
        _("People"),
        _("persons counselled on 30 June or 31 December with a recorded value"),
        _(
            "Each number rounded to five by itself, stored once and never changed. At least 50 persons, of whom "
            "20 families came or left since the last table."
        ),
        "8",
        protected=True,
    ),
    Definition(
        "entries",
        _("Entries of a half-year"),
        _("goals, measures and closings of the half-year by kind"),
        _("Each number rounded to five by itself. At least 50 entries of 20 persons."),
        "8",
        protected=True,
    ),
    Definition(
        "topics",
        _("Topics"),
        _("share of consultations by main topic"),
        _("By half-year, stored rounded to five."),
        "8, 9",
        protected=True,
    ),
    Definition(
        "interpreters",
        _("Interpreters"),
        _("share of consultations by kind of interpreter"),
        _("By half-year, stored rounded to five."),
        "8, 9",
        protected=True,
    ),
    Definition(
        "limit",
        _("Counselling limit"),
        _("files in months 30 to 36, 37 to 48 and beyond"),
        _("Complete months since the first talk. Days between closing and re-opening do not count."),
        "7, 9",
    ),
    Definition(
        "workload",
        _("Workload"),
        _("weighted files ÷ share of a full position"),
        _("Crisis 4, intensive 3, regular 1.5, punctual 0.5, paused 0, beside the target band."),
        "5, 9",
    ),
    Definition(
        "change",
        _("Change within a year"),
        _("better, the same or worse between the stored tables of two ends of years"),
        _("At least 50 persons in both, of whom 20 families changed. Which value they have is never told."),
        "8",
        protected=True,
    ),
)

DEFINITIONS = {definition.code: definition for definition in _ALL}
