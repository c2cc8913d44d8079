"""The lines of outreach in *Mein Tag*: steps to be done, and questions left after a talk."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from appointments.ladder_page import action_word, attempts_word, cause_word, next_button
from appointments.models import Ladder
from appointments.rules.ladder import Action, LadderView, current
from appointments.services.ladder import ladders_of
from clients.models import Client
from ui.due import DueLine, Outcome

AHEAD = datetime.timedelta(days=7)
AT_MOST = 100
ICONS = {
    Action.LETTER_OR_CALL: "mail",
    Action.LETTER: "mail",
    Action.CALL: "phone",
    Action.VISIT: "home",
    Action.SECOND_VISIT: "home",
    Action.CLARIFY: "search",
    Action.DECIDE: "flag",
    Action.TRY_AGAIN: "phone",
    Action.CLOSE: "flag",
}


def lines(user: User, today: datetime.date, now: datetime.datetime) -> list[DueLine]:
    """Steps due within a week and unanswered questions of the files a user may see.

    The stored dates choose the files, the rule says what is due: the number of queries does not grow with them.

    Args:
        user: for whom.
        today: local date of the request.
        now: instant of the request.
    """
    rows = Ladder.objects.visible_to(user).due(act_by=today + AHEAD, answer_by=today).select_related("client")
    to_act_on = [row for row in rows if row.ended_at is None]
    unanswered = [row for row in rows if row.ended_at is not None]
    return [*_steps(to_act_on[:AT_MOST], today, now), *_questions(unanswered[:AT_MOST], today)]


def _steps(rows: Sequence[Ladder], today: datetime.date, now: datetime.datetime) -> Iterable[DueLine]:
    clients = [row.client for row in rows]
    if not clients:
        return
    found = ladders_of(clients, now)
    for client in clients:
        view = current(found[client.pk])
        if view is not None and _is_for_now(view, today):
            yield _step(client, view, today)


def _is_for_now(view: LadderView, today: datetime.date) -> bool:
    """Due within a week, and allowed already; a visit may be announced before it may be made."""
    if view.act_on is None or view.act_on > today + AHEAD or view.action == Action.WAIT:
        return False
    return view.must_announce or not view.early


def _step(client: Client, view: LadderView, today: datetime.date) -> DueLine:
    path = reverse("clients:detail", args=[client.uuid])
    visiting = view.action in {Action.VISIT, Action.SECOND_VISIT}
    because = attempts_word(view) or cause_word(view)
    button = next_button(view, client)
    return DueLine(
        group="outreach",
        kind="ladder",
        today=today,
        when=view.act_on,
        title=client.display_name,
        case_no=client.case_no,
        url=path,
        text=_("%(step)s; %(because)s") % {"step": action_word(view), "because": because},
        icon=ICONS.get(view.action, "flag") if view.action is not None else "flag",
        action_label=button.short if button is not None else _("Look"),
        action_url=button.url if button is not None else f"{path}#ladder",
        care=_("only in pairs") if visiting and view.only_in_pairs else "",
        news=view.closing_proposed,
    )


def _questions(rows: Iterable[Ladder], today: datetime.date) -> Iterable[DueLine]:
    for row in rows:
        client = row.client
        yield DueLine(
            group="outreach",
            kind="question",
            today=today,
            when=row.question_due_on,
            title=client.display_name,
            case_no=client.case_no,
            url=reverse("clients:detail", args=[client.uuid]),
            text=_("New appointment after the talk, or none needed?"),
            icon="calendar",
            news=True,
            action_url=reverse("file_appointments:ladder_answer", args=[client.uuid, row.uuid]),
            action_method="post",
            action_fields={"next": reverse("home")},
            outcomes=(
                Outcome(
                    _("New appointment"), url=reverse("file_appointments:appointment_new", args=[client.uuid])
                ),
                Outcome(_("None needed"), value="none_needed"),
            ),
            outcome_name="answer",
        )
