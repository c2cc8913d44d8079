"""Four fixed questions of the office about a case, and their answers (rules.md §8)."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from accounts.records import save_edited
from audit.recording import record
from clients import actions
from clients.choices import ANSWERS, CaseAnswer, CaseQuestionKind, Phase
from clients.models import CaseQuestion, Client
from clients.querysets import CaseQuestionQuerySet
from clients.services.change import change

SHOWN_FOR = datetime.timedelta(days=90)
ANSWERED = ("answer", "answered_by", "answered_at")


def ask_about_case(actor: Actor, list_number: int, kind: CaseQuestionKind) -> None:
    """Ask whoever is responsible for a file of one's municipalities; it waits in her *Mein Tag*.

    Args:
        actor: an officer or the coordinator.
        list_number: what she calls the file by.

    Raises:
        PermissionDenied: the actor asks nothing.
        ValidationError: no open case of hers has this number, or the same question still waits for its answer.
    """
    actor.require("case.ask")
    rows = Client.objects.unscoped(reason="the asker learns nothing but that the number is in her list")
    file = rows.filter(list_number=list_number).first()
    none = ValidationError(_("No open case of your list has this number."))
    if file is None or file.phase == Phase.CLOSED:
        raise none
    with change(actor, [file], allow_closed=True) as locked:
        stored = locked.file(file)
        if stored.phase == Phase.CLOSED or stored.municipality_id not in actor.scope.municipalities:
            raise none
        open_ones = CaseQuestion.objects.unscoped(reason="one's own question").of(file).open()
        if open_ones.asked_by_user(actor.user).filter(kind=kind).exists():
            raise ValidationError(_("You have asked this already; the answer is still to come."))
        CaseQuestion.objects.create(client=file, kind=kind, asked_by=actor.user, asked_at=locked.now)
        record(locked.actor, actions.CASE_ASKED, client=file, kind="case_question", fields=[kind.value])


def answer_question(actor: Actor, question: CaseQuestion, answer: CaseAnswer) -> CaseQuestion:
    """Answer with one of the fixed answers; answering twice changes nothing.

    Raises:
        PermissionDenied: the file is not hers any more.
        ValidationError: this is no answer to the question.
    """
    if answer not in ANSWERS[CaseQuestionKind(question.kind)]:
        raise ValidationError(_("This is no answer to the question."))
    with change(actor, [question.client], needs="case.answer") as locked:
        if not question.answer:
            question.answer, question.answered_by, question.answered_at = answer, actor.user, locked.now
            save_edited(question, question.version, list(ANSWERED))
            _record(locked.actor, actions.CASE_ANSWERED, question)
    return question


def take_answer_back(actor: Actor, question: CaseQuestion) -> CaseQuestion:
    """Let the question stand again, on the day it was answered.

    Raises:
        PermissionDenied: the file is not hers any more.
        ValidationError: the answer is of an earlier day, or was asked for anew.
    """
    with change(actor, [question.client], needs="case.answer") as locked:
        if question.answered_at is None:
            return question
        anew = CaseQuestion.objects.unscoped(reason="whether it was asked anew").of(question.client).open()
        if (
            timezone.localdate(question.answered_at) != locked.today
            or anew.filter(kind=question.kind, asked_by=question.asked_by_id).exists()
        ):
            raise ValidationError(_("This answer stands; it cannot be taken back any more."))
        question.answer, question.answered_by, question.answered_at = "", None, None
        save_edited(question, question.version, list(ANSWERED))
        _record(locked.actor, actions.CASE_ANSWER_TAKEN_BACK, question)
    return question


def _record(actor: Actor, action: actions.Action, question: CaseQuestion) -> None:
    record(actor, action, client=question.client, kind="case_question", fields=[question.kind])


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """A question as its asker reads it beside the list number; the answer is empty while it is still to come."""

    text: str
    answer: str
    day: datetime.date


def asked_about(user: User, files: Collection[int], now: datetime.datetime) -> Mapping[int, list[AskedAbout]]:
    """What a user asked lately about some files and what was answered, the last of each question; one query.

    Args:
        user: who asked.
        files: keys of files in her list.
        now: instant of the request.
    """
    found: dict[int, dict[str, AskedAbout]] = defaultdict(dict)
    for row in _lately(user, now).filter(client__in=files).order_by("asked_at", "pk"):
        found[row.client_id][row.kind] = AskedAbout(
            row.text, row.get_answer_display(), timezone.localdate(row.answered_at or row.asked_at)
        )
    return {key: list(of_kind.values()) for key, of_kind in found.items()}


def _lately(user: User, now: datetime.datetime) -> CaseQuestionQuerySet:
    rows = CaseQuestion.objects.unscoped(reason="the asker reads question and answer by list number")
    return rows.asked_by_user(user).filter(asked_at__gte=now - SHOWN_FOR)


def files_asked_about(user: User, now: datetime.datetime) -> QuerySet[Any, Any]:
    """The keys of files a user asked about lately, as a condition."""
    return _lately(user, now).order_by().values("client")


def answers_since(user: User, since: datetime.datetime) -> CaseQuestionQuerySet:
    """What was answered to a user from an instant on."""
    rows = CaseQuestion.objects.unscoped(reason="the asker is told how many answers there are")
    return rows.asked_by_user(user).filter(answered_at__gte=since)
