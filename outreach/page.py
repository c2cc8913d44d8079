"""The ladder on the file page: four stops, "why now", what to do. Finished answers for the template."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from appointments.choices import Channel, Result
from appointments.models import Contact
from appointments.rules.contact import LETTER, PHONE, ContactFact, reached_relative
from clients.file_context import FileContext
from clients.models import Client
from clients.sections import Section
from outreach.checks import checks_for
from outreach.choices import Stage
from outreach.file_rows import OUTREACH_TABLES
from outreach.models import Ladder
from outreach.rules import Action, LadderView, Step, StepBy, current
from outreach.rules.why import announcement_hint, why_now
from outreach.rules.words import short_date
from outreach.services.ladders import ladders_shown
from outreach.wording import action_word, cause_word, channel_word
from ui.dates import date_de, time_de
from ui.links import reverse

NAME = "\x1f"
"""Stands for the person while the sentence is composed; the template puts the covered name there."""

STOPS = (Stage.STEP1, Stage.STEP2, Stage.VISIT, Stage.VISIT2, Stage.UNREACHABLE, Stage.RECHECK)
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of the stepper: `state` is done, now or next."""

    state: str
    title: str
    lines: tuple[str, ...] = ()
    due: str = ""
    late: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to do; `post` fields make it a form. `short` is its name in a list, `css` how it looks on the page."""

    label: str
    url: str
    icon: str = ""
    post: tuple[tuple[str, str], ...] = ()
    is_post: bool = False
    short: str = ""
    css: str = "btn-quiet"


@dataclass(frozen=True, slots=True)
class Panel:
    """What the section shows of one open ladder."""

    cause: str
    stops: tuple[Stop, ...]
    before_name: str
    after_name: str
    hint: str
    care: str
    primary: Button | None
    others: tuple[Button, ...]
    suspended: bool


@dataclass(frozen=True, slots=True)
class QuestionPanel:
    """The open question after a talk."""

    asked_on: str
    plan_url: str
    answer_url: str


def section_context(file: FileContext) -> dict[str, Any] | None:
    """What `_ladder_section.html` needs; None when there is neither an open ladder nor an open question.

    Both at once after a correction: a no-show was a talk in truth, and a later one stands.
    """
    client = file.client
    rows = file.rows(OUTREACH_TABLES)
    views = ladders_shown(client, rows, file.now)
    view = current(views)
    may_write = not client.is_closed and file.may("ladder.act")
    panel = None
    if view is not None:
        panel = _panel(view, client, may_write=may_write, may_close=file.may("client.close"))
    question = _question(views, rows[Ladder], client)
    if panel is None and question is None:
        return None
    checks = checks_for(view, client, rows, file.now) if view is not None else []
    return {"panel": panel, "question": question, "may_answer": may_write, "checks": checks}


def _question(views: Iterable[LadderView], rows: Iterable[Ladder], client: Client) -> QuestionPanel | None:
    asked = next((ended for ended in views if ended.question is not None), None)
    if asked is None or asked.question is None:
        return None
    row = next((row for row in rows if row.key == asked.key), None)
    if row is None:
        return None
    return QuestionPanel(
        asked_on=short_date(asked.question.asked_on, asked.today),
        plan_url=reverse("file_appointments:appointment_new", args=[client.uuid]),
        answer_url=_url("answer", client, row.uuid),
    )


def _panel(view: LadderView, client: Client, *, may_write: bool, may_close: bool) -> Panel:
    languages = _languages(view.steps)
    before, _name, after = why_now(view, NAME).partition(NAME)
    buttons = _buttons(view, client, may_close=may_close) if may_write else []
    visiting = view.action in {Action.VISIT, Action.SECOND_VISIT}
    return Panel(
        cause=_("Reason: %(cause)s") % {"cause": cause_word(view.trigger, view.t0_day, view.today)},
        stops=tuple(_stops(view, languages)),
        before_name=before,
        after_name=after,
        hint=announcement_hint(view),
        care=_("only in pairs") if visiting and view.only_in_pairs else "",
        primary=buttons[0] if buttons and view.action != Action.WAIT else None,
        others=tuple(buttons[1:] if view.action != Action.WAIT else buttons),
        suspended=view.suspended,
    )


def _languages(steps: Sequence[Step]) -> dict[str, str]:
    """The language of each step's contact, where one was recorded."""
    refs = [step.contact.ref for step in steps if step.contact is not None and step.contact.ref.isdigit()]
    if not refs:
        return {}
    rows = Contact.objects.unscoped(reason="steps of a ladder the view let in").filter(pk__in=refs)
    return {str(row.pk): str(row.language) for row in rows.select_related("language") if row.language}


# The stepper


def _stops(view: LadderView, languages: dict[str, str]) -> Iterable[Stop]:
    here = STOPS.index(Stage(view.stage))
    first = max(0, here + 1 - SHOWN)
    for position in range(first, first + SHOWN):
        stage = STOPS[position]
        step = view.step(stage)
        if position < here or (step is not None and position != here):
            yield _past(stage, step, languages, view)
        elif position == here:
            yield _present(view)
        else:
            yield Stop("next", *_future(stage, view))


def _past(stage: Stage, step: Step | None, languages: dict[str, str], view: LadderView) -> Stop:
    if step is None:
        if stage == Stage.UNREACHABLE:
            return Stop("done", _("Decision"), (_("looking again"),))
        return Stop("next", _stage_word(stage), (_("left out"),))
    day = short_date(step.day, view.today)
    if step.by == StepBy.NOTHING_FOUND:
        return Stop("done", _("Clarified"), (day, _("nothing found")))
    if step.by == StepBy.NO_HOME_VISITS or step.contact is None:
        return Stop("done", _stage_word(stage), (_("no home visits wished"),))
    contact = step.contact
    when = day
    if contact.has_time and (contact.group == PHONE or contact.channel == Channel.HOME_VISIT):
        when = _("%(day)s at %(time)s") % {"day": day, "time": time_de(contact.happened_at)}
    language = languages.get(contact.ref)
    if contact.group == LETTER and language:
        when = _("%(day)s, %(language)s") % {"day": day, "language": language}
    return Stop("done", channel_word(contact.channel), (when, _result_word(contact)))


def _result_word(contact: ContactFact) -> str:
    if reached_relative(contact):
        return _("relative or neighbour reached")
    words = {
        Result.NOT_REACHED: _("not reached"),
        Result.MESSAGE_LEFT: _("message left"),
        Result.NOT_MET: _("nobody met"),
        Result.NOT_MET_CARD: _("card left"),
    }
    return words[Result(contact.result)] if contact.result in words else _("no answer")


def _present(view: LadderView) -> Stop:
    if view.suspended:
        return Stop("now", _stage_word(Stage(view.stage)), (_("paused"),))
    title = _("Renewed attempt") if view.looks_again else action_word(view.action)
    if view.action == Action.VISIT:
        title = _stage_word(Stage.VISIT)
    if view.looks_again and view.not_before is not None:
        return Stop("now", title, (_("from %(day)s") % {"day": date_de(view.not_before)},))
    if view.action == Action.WAIT and view.not_before is not None:
        return Stop("now", title, (_("until %(day)s") % {"day": date_de(view.not_before)},))
    lines = []
    if view.early and view.not_before is not None:
        lines.append(_("from %(day)s") % {"day": short_date(view.not_before, view.today)})
    if view.due_on is not None:
        lines.append(_("by %(day)s") % {"day": _weekday(view.due_on, view.today)})
    due = late = ""
    if view.announce_by is not None:
        when = _day_word(view, view.announce_by)
        if view.announcing_is_overdue:
            late = _("announce, overdue")
            first = short_date(view.earliest_visit, view.today)
            lines.append(_("visit from %(day)s at the earliest") % {"day": first})
        else:
            due = _("announce %(when)s") % {"when": when}
    elif view.visit_on is not None:
        lines.append(_("announced for %(day)s") % {"day": short_date(view.visit_on, view.today)})
    if view.is_overdue:
        due, late = "", _("overdue")
    elif view.due_on == view.today and not due:
        due = _("today")
    if view.postponed_to is not None:
        lines.append(_("postponed"))
    return Stop("now", title, tuple(lines), due, late)


def _weekday(day: datetime.date, today: datetime.date) -> str:
    return f"{date_format(day, 'l')}, {short_date(day, today)}"


def _day_word(view: LadderView, day: datetime.date) -> str:
    if day == view.today:
        return _("today")
    return _("by %(day)s") % {"day": short_date(day, view.today)}


def _future(stage: Stage, view: LadderView) -> tuple[str, tuple[str, ...]]:
    if stage == Stage.STEP2:
        return _stage_word(stage), (_("if there is no answer"),)
    if stage == Stage.VISIT:
        if view.no_home_visits:
            return pgettext("ladder", "Letter"), (_("no home visits wished"),)
        return _stage_word(stage), (_("announced before"),)
    if stage == Stage.VISIT2:
        if view.no_home_visits:
            return _stage_word(stage), (_("left out"),)
        return _stage_word(stage), (_("another time of day,"), _("leave a card"))
    return _stage_word(stage), ()


def _stage_word(stage: Stage) -> str:
    if stage == Stage.UNREACHABLE:
        return _("Decision")
    return str(stage.label)


# What to do


def _buttons(view: LadderView, client: Client, *, may_close: bool) -> list[Button]:
    """The first one is the step itself."""
    buttons = [
        *_step_buttons(
            view.action,
            client,
            must_announce=view.must_announce,
            no_home_visits=view.no_home_visits,
            may_close=may_close,
        )
    ]
    if view.due_on is not None and view.action not in {Action.WAIT, Action.CLOSE}:
        buttons.append(Button(_("Postpone …"), _url("postpone", client)))
    buttons.append(Button(_("End …"), _url("end", client), css="btn-link"))
    return buttons


def next_button(action: Action, client: Client, *, must_announce: bool) -> Button | None:
    """The step itself, for a list; None where only the file page can show what there is to weigh."""
    first = next(iter(_step_buttons(action, client, must_announce=must_announce)), None)
    return first if first is not None and first.short else None


def _step_buttons(
    action: Action | None,
    client: Client,
    *,
    must_announce: bool,
    no_home_visits: bool = False,
    may_close: bool = False,
) -> Iterable[Button]:
    match action:
        case Action.LETTER_OR_CALL:
            yield _letter(client)
            yield _call(client)
        case Action.LETTER:
            yield _letter(client)
        case Action.CALL:
            yield _call(client)
        case Action.VISIT if must_announce:
            announce = _url("announce", client)
            yield Button(_("Announce visit"), announce, "mail", short=pgettext("visit", "Announce"))
            yield _visit(client)
        case Action.VISIT:
            yield _visit(client)
            yield Button(_("Announce another day"), _url("announce", client))
        case Action.SECOND_VISIT:
            yield _visit(client)
        case Action.CLARIFY:
            yield Button(_("Clarify …"), _url("clarify", client), "search", short=_("Clarify"))
        case Action.DECIDE:
            again = (("form_token", str(uuid.uuid4())),)
            yield Button(_("Look again"), _url("look_again", client), "calendar", again, is_post=True)
            if may_close:
                yield _close(client)
        case Action.TRY_AGAIN:
            yield _call(client)
            yield _letter(client)
            if not no_home_visits:
                yield _visit(client)
        case Action.CLOSE if may_close:
            yield _close(client)


def _letter(client: Client) -> Button:
    return Button(_("Log letter"), _log(client, Channel.LETTER), "mail", short=_("Log letter"))


def _call(client: Client) -> Button:
    return Button(_("Log call"), _log(client, Channel.PHONE), "phone", short=_("Log call"))


def _visit(client: Client) -> Button:
    return Button(_("Log visit"), _url("visit", client), "home", short=_("Log visit"))


def _close(client: Client) -> Button:
    return Button(_("Close counselling …"), reverse("clients:close", args=[client.uuid]))


def _url(name: str, client: Client, *args: Any) -> str:
    return reverse(f"file_outreach:{name}", args=[client.uuid, *args])


def _log(client: Client, channel: Channel) -> str:
    return f"{reverse('file_appointments:contact_new', args=[client.uuid])}?channel={channel}"


SECTION = Section(
    code="ladder",
    title=gettext_lazy("Getting in touch"),
    template="outreach/_ladder_section.html",
    context=section_context,
    order=10,
)
