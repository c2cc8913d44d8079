"""What plans have due for *Mein Tag*: reviews, goals, measures, missing assessments and agreements."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Scope
from accounts.models import User
from clients.choices import Phase
from clients.health import files_without_health, level_text
from clients.models import Client, PhaseChange
from integration_plans.choices import GoalState, ReviewState, Side
from integration_plans.models import GoalContent, MeasureContent
from integration_plans.policies import policy_on
from integration_plans.rules.intensity import (
    IntensityRule,
    assessment_due_on,
    interval_broken_from,
)
from integration_plans.standing import Standing, standings
from ui.dates import date_de
from ui.due import DueLine

GROUP = "plans"
AHEAD = dt.timedelta(days=7)
"""Goals and measures show a week before they are due."""

SINGLE = 3
"""More files than this without assessment or agreement become one line that leads to the list."""

WORKED_WITH = (Phase.INTAKE, Phase.ACTIVE)


def lines(user: User, scope: Scope, today: dt.date, now: dt.datetime) -> list[DueLine]:
    """The lines of all files the user may see and that are being worked with.

    Args:
        user: the manager.
        scope: what she may see today.
        today: local day.
        now: the instant of the request.
    """
    files = {client.pk: client for client in Client.objects.visible_to(user).filter(phase__in=WORKED_WITH)}
    policy = policy_on(today)
    hidden = files_without_health(user, files.values(), now)
    found = standings(files, today, policy, without_health=hidden)
    result: list[DueLine] = []
    unassessed: list[tuple[dt.date, Client]] = []
    unagreed: list[Client] = []
    for key, client in files.items():
        standing = found[key]
        is_stand_in = scope.acting_for(client.manager_id) is not None
        result += _review_line(client, standing, today, policy.soon_days, is_stand_in)
        if not standing.assessed:
            due_on = assessment_due_on(client.counselling_started_on, policy.rule())
            if due_on is not None:
                unassessed.append((due_on, client))
        elif standing.undecided is not None:
            result.append(
                _line(
                    client,
                    today,
                    kind="intensity",
                    when=None,
                    text=_("Intensity not confirmed yet"),
                    icon="chart",
                    label=_("Confirm"),
                    url=reverse("file_plans:intensity", args=[client.uuid, standing.undecided]),
                )
            )
        elif _lacks_agreement(client, standing) and not is_stand_in:
            unagreed.append(client)
    result += _quiet_lines(files.values(), found, hidden, policy.rule(), today)
    result += _unassessed_lines(unassessed, today)
    result += _unagreed_lines(unagreed, found, today)
    result += _goal_lines(files, found, hidden, today)
    result += _measure_lines(files, found, hidden, today)
    return result


def _line(
    client: Client,
    today: dt.date,
    *,
    kind: str,
    when: dt.date | None,
    text: str,
    icon: str,
    label: str,
    url: str,
    fields: Mapping[str, str] | None = None,
    group: str = GROUP,
) -> DueLine:
    return DueLine(
        group=group,
        kind=kind,
        today=today,
        when=when,
        title=client.display_name,
        case_no=client.case_no,
        url=reverse("clients:detail", args=[client.uuid]),
        text=text,
        icon=icon,
        action_label=label,
        action_url=url,
        action_method="post" if fields is not None else "get",
        action_fields=fields or {},
    )


def _review_line(
    client: Client, standing: Standing, today: dt.date, soon_days: int, is_stand_in: bool
) -> list[DueLine]:
    review_on = standing.next_review_on
    if review_on is None or review_on > today + dt.timedelta(days=soon_days):
        return []
    if standing.current is None:
        return [
            _line(
                client,
                today,
                kind="reassess",
                when=review_on,
                text=_("Look at the need again"),
                icon="chart",
                label=_("Assess"),
                url=reverse("file_plans:assess", args=[client.uuid]),
            )
        ]
    target = "file_plans:plan" if is_stand_in else "file_plans:review"
    return [
        _line(
            client,
            today,
            kind="review",
            when=review_on,
            text=_("Review of the plan"),
            icon="plan",
            label=_("Look at plan") if is_stand_in else _("Review"),
            url=reverse(target, args=[client.uuid]),
        )
    ]


def _quiet_lines(
    files: Collection[Client],
    found: Mapping[int, Standing],
    hidden: Collection[int],
    rule: IntensityRule,
    today: dt.date,
) -> list[DueLine]:
    """Files whose contact interval ends today or is broken (rules.md §5), by the level the reader may know."""
    resumed = _resumed_on(files)
    result = []
    for client in files:
        broken_from = interval_broken_from(
            found[client.pk].intensity,
            last_talk_on=client.last_contact_on,
            resumed_on=resumed.get(client.pk),
            rule=rule,
        )
        if broken_from is None or broken_from > today + dt.timedelta(days=1):
            continue
        is_planned = client.next_appointment_at is not None
        route = "clients:detail" if is_planned else "file_appointments:appointment_new"
        result.append(
            _line(
                client,
                today,
                group="files",
                kind="quiet",
                when=broken_from - dt.timedelta(days=1),
                text=_("No talk since %(day)s (%(level)s)")
                % {
                    "day": date_de(client.last_contact_on),
                    "level": level_text(found[client.pk].intensity, with_health=client.pk not in hidden),
                },
                icon="quiet",
                label=_("Go to the file") if is_planned else _("Make appointment"),
                url=reverse(route, args=[client.uuid]),
            )
        )
    return result


def _resumed_on(files: Collection[Client]) -> dict[int, dt.date]:
    """Day the last pause of each file ended; files that never paused are left out."""
    before: dict[int, str] = {}
    resumed: dict[int, dt.date] = {}
    for client_id, phase, on in (
        PhaseChange.objects.unscoped(reason="files come from visible_to")
        .filter(client__in=[client.pk for client in files])
        .order_by("client_id", "on", "id")
        .values_list("client_id", "phase", "on")
    ):
        if before.get(client_id) == Phase.PAUSED and phase != Phase.PAUSED:
            resumed[client_id] = on
        before[client_id] = phase
    return resumed


def _lacks_agreement(client: Client, standing: Standing) -> bool:
    return client.phase == Phase.ACTIVE and (standing.state == ReviewState.NO_PLAN or standing.working)


def _unassessed_lines(files: list[tuple[dt.date, Client]], today: dt.date) -> list[DueLine]:
    files.sort(key=lambda entry: (entry[0], entry[1].pk))
    shown = files[:SINGLE] if len(files) > SINGLE + 1 else files
    result = [
        _line(
            client,
            today,
            kind="unassessed",
            when=due_on,
            text=_("No needs assessment yet"),
            icon="chart",
            label=_("Assess"),
            url=reverse("file_plans:assess", args=[client.uuid]),
        )
        for due_on, client in shown
    ]
    if len(files) > len(shown):
        rest = len(files) - len(shown)
        result.append(
            _list_line(
                today,
                ReviewState.UNASSESSED,
                files[len(shown)][0],
                ngettext(
                    "%(count)d more file without a needs assessment",
                    "%(count)d more files without a needs assessment",
                    rest,
                )
                % {"count": rest},
            )
        )
    return result


def _unagreed_lines(clients: list[Client], found: Mapping[int, Standing], today: dt.date) -> list[DueLine]:
    working = [client for client in clients if found[client.pk].working]
    missing = [client for client in clients if not found[client.pk].working]
    result = [
        _line(
            client,
            today,
            kind="working_version",
            when=None,
            text=_("Working version not agreed yet"),
            icon="plan",
            label=_("Continue"),
            url=reverse("file_plans:draft", args=[client.uuid]),
        )
        for client in working
    ]
    if len(missing) <= SINGLE:
        return result + [
            _line(
                client,
                today,
                kind="unagreed",
                when=None,
                text=_("No agreement yet"),
                icon="plan",
                label=_("Look at plan"),
                url=reverse("file_plans:plan", args=[client.uuid]),
            )
            for client in missing
        ]
    text = _("%(count)d files without an agreement") % {"count": len(missing)}
    return [*result, _list_line(today, ReviewState.NO_PLAN, None, text)]


def _list_line(today: dt.date, state: ReviewState, when: dt.date | None, title: str) -> DueLine:
    url = f"{reverse('plans:list')}?state={state.value}"
    return DueLine(
        group=GROUP,
        kind=f"{state.value}_list",
        today=today,
        when=when,
        title=title,
        url=url,
        icon="list",
        action_label=_("Show"),
        action_url=url,
    )


def _in_force(found: Mapping[int, Standing]) -> dict[int, int]:
    return {key: standing.current.number for key, standing in found.items() if standing.current is not None}


def _goal_lines(
    files: Mapping[int, Client], found: Mapping[int, Standing], hidden: Collection[int], today: dt.date
) -> list[DueLine]:
    numbers = _in_force(found)
    contents = (
        GoalContent.objects.unscoped(reason="files come from visible_to")
        .filter(
            plan__client__in=list(numbers),
            goal__state__in=(GoalState.OPEN, GoalState.IN_PROGRESS),
            target_on__lte=today + AHEAD,
        )
        .select_related("plan", "goal")
        .marked()
        .order_by("target_on", "id")
    )
    return [
        _line(
            files[content.plan.client_id],
            today,
            kind="goal",
            when=content.target_on,
            text=_("Goal: %(title)s") % {"title": content.title},
            icon="target",
            label=_("How far?"),
            url=reverse(
                "file_plans:goal_progress", args=[files[content.plan.client_id].uuid, content.goal.uuid]
            ),
        )
        for content in contents
        if numbers[content.plan.client_id] == content.plan.number
        and not (content.about_health and content.plan.client_id in hidden)
    ]


def _measure_lines(
    files: Mapping[int, Client], found: Mapping[int, Standing], hidden: Collection[int], today: dt.date
) -> list[DueLine]:
    numbers = _in_force(found)
    rows = (
        MeasureContent.objects.unscoped(reason="files come from visible_to")
        .filter(
            goal_content__plan__client__in=list(numbers),
            goal_content__goal__state__in=(GoalState.OPEN, GoalState.IN_PROGRESS),
            measure__done_on__isnull=True,
            due_on__lte=today + AHEAD,
        )
        .select_related("goal_content__plan", "measure")
        .marked()
        .order_by("due_on", "id")
    )
    by_file: dict[int, list[MeasureContent]] = defaultdict(list)
    for row in rows:
        key = row.goal_content.plan.client_id
        if numbers[key] == row.goal_content.plan.number and not (row.about_health and key in hidden):
            by_file[key].append(row)
    return [_measures_of(files[key], measures, today) for key, measures in by_file.items()]


def _measures_of(client: Client, measures: list[MeasureContent], today: dt.date) -> DueLine:
    first = measures[0]
    if len(measures) == 1:
        who = _("the client") if first.side == Side.CLIENT else first.third_party
        text = _("Measure: %(text)s") % {"text": first.text}
        if who and first.side != Side.SERVICE:
            text = f"{text} ({who})"
        return _line(
            client,
            today,
            kind="measure",
            when=first.due_on,
            text=text,
            icon="check-circle",
            label=_("Done"),
            url=reverse("file_plans:measure_done", args=[client.uuid, first.measure.uuid]),
            fields={"done": "1", "back": "home"},
        )
    return _line(
        client,
        today,
        kind="measures",
        when=first.due_on,
        text=_("%(count)d measures due, first: %(text)s") % {"count": len(measures), "text": first.text},
        icon="check-circle",
        label=_("Look at plan"),
        url=reverse("file_plans:plan", args=[client.uuid]),
    )
