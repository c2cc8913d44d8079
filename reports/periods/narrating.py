"""The report in words: proposed from the figures of a frozen report, then written by the officer."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import Actor
from accounts.records import StaleRecord, create_once, raise_if_submitted, save_edited
from audit.recording import record
from reports.actions import NARRATIVE_WRITTEN
from reports.frozen import Narrative
from reports.models import FrozenReport
from reports.periods.lines import LINES
from reports.periods.pages import missing_lines, period_words, places_words
from reports.periods.report import PeriodReport, TopicNumbers
from ui.charts.figures import say

COLUMNS = ["overview", "work", "plans", "network", "outlook"]


def proposed(report: PeriodReport) -> dict[str, str]:
    """A text for each chapter, from the numbers of the report alone."""
    words = {code: say(line.value(report.total)) or "–" for code, line in LINES.items()}
    words |= {"months": period_words(report), "places": places_words(report)}
    overview = _(
        "In %(months)s the integration management of %(places)s counselled %(counselled)s persons. "
        "On the last day there were %(active)s active clients and %(paused)s paused files. "
        "%(opened)s files were opened and %(closed)s closed."
    )
    work = _(
        "%(talks)s consultations were held, %(talks_each)s per person. "
        "There were %(visits)s home visits; somebody was met at %(visits_met)s of them. "
        "%(office_hours)s open office hours had %(visitors)s visitors, %(group_events)s group events %(attendees)s "
        "attendees. Of the agreed appointments %(no_show_rate)s %% were missed without an excuse."
    )
    plans = _(
        "%(plans_new)s integration plans were agreed for the first time and %(plans_updated)s updated; "
        "%(plans_declined)s were declined. %(coverage)s %% of the files in counselling have a valid plan. "
        "Of %(goals_reviewed)s goals that were reviewed %(goals_reached)s were reached or partly reached."
    )
    network = _(
        "%(enquiries)s enquiries arrived; %(enquiries_taken)s were taken by a manager and "
        "%(enquiries_answered)s answered directly. %(referrals)s referrals to partners were recommended."
    )
    texts = {"overview": overview, "work": work, "plans": plans, "network": network}
    found = {name: text % words for name, text in texts.items()}
    if report.before is not None:
        before = {code: say(line.value(report.before)) or "–" for code, line in LINES.items()}
        found["overview"] += (
            "\n\n"
            + _("A year before, %(counselled)s persons were counselled in %(talks)s consultations.") % before
        )
    missing = ", ".join(missing_lines(report.missing))
    gaps = _("Still missing in the records: %(missing)s.") % {"missing": missing} if missing else ""
    found["outlook"] = "\n\n".join(filter(None, (observed(report.observations), gaps)))
    return found


def observed(topics: Sequence[TopicNumbers]) -> str:
    """Structural observations in a sentence: how many by topic, and nothing of what they say."""
    number = sum(topic.reported for topic in topics)
    if not number:
        return ""
    text = ngettext(
        "%(count)s structural observation was reported (%(topics)s); answered: %(answered)s.",
        "%(count)s structural observations were reported (%(topics)s); answered: %(answered)s.",
        number,
    )
    return text % {
        "count": say(number),
        "topics": ", ".join(f"{topic.topic} {say(topic.reported)}" for topic in topics),
        "answered": say(sum(topic.answered for topic in topics)),
    }


def write(actor: Actor, narrative: Narrative, *, expected_version: int | None) -> Narrative:
    """Store the report in words.

    Args:
        actor: who writes.
        narrative: validated, unsaved or changed.
        expected_version: the version the form was opened with; None for the first text.

    Raises:
        DuplicateSubmission: the same form was posted before.
        PermissionDenied: the report is about a municipality the actor does not serve.
        StaleRecord: somebody changed it meanwhile.
    """
    actor.require("report.freeze")
    served = FrozenReport.objects.for_places(actor.scope.municipalities)
    if not served.filter(pk=narrative.report_id).exists():
        raise PermissionDenied
    with transaction.atomic():
        if narrative.pk is None:
            raise_if_submitted(narrative)
            # Two first texts at once: the report is locked, the second one meets the first.
            served.select_for_update(of=("self",), no_key=True).get(pk=narrative.report_id)
            first = Narrative.objects.filter(report=narrative.report_id).first()
            if first is not None:
                raise StaleRecord(first)
            create_once(narrative)
        else:
            save_edited(narrative, expected_version or 0, COLUMNS)
        record(actor, NARRATIVE_WRITTEN, kind="figures", fields=COLUMNS)
    return narrative
