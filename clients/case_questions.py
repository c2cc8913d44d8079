"""Questions of the office as the manager meets them: what waits in a file, its line in *Mein Tag*, its section."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.desk import Desk, Waiting
from accounts.file_loader import Part, Table
from accounts.rules.calendar import add_days, local_date, start_of_day
from clients.choices import ANSWERS, CaseAnswer, CaseQuestionKind
from clients.file_context import FileContext
from clients.file_rows import page_rows
from clients.models import CaseQuestion, DueItem
from clients.rules.list_numbers import format_list_number
from clients.services.questions import SHOWN_FOR, answers_since
from clients.stored_facts import Columns, StoredFacts
from clients.worklist import OBJECTS, Group, Reader, file_line
from ui.due import DueLine, Outcome
from ui.links import reverse

TABLES: Mapping[Table, Columns] = {CaseQuestion: ("id", "uuid", "client", "kind", "asked_at", "answer")}
DAYS = {CaseQuestionKind.CALL: 1}
READ = Part(CaseQuestion, "uuid", among=OBJECTS)
USUAL_DAYS = 7
TOLD_FOR = 7
"""Days for which an answer is told on the start page of whoever asked."""


class QuestionDue(StrEnum):
    """The kinds of this module."""

    QUESTION = "case_question"


def due_items(facts: StoredFacts) -> Iterator[DueItem]:
    """An unanswered question waits from the moment it is asked: a call is due the next day, the rest in a week."""
    questions = facts.of(CaseQuestion)
    for file in facts.attended:
        for row in questions[file.pk]:
            if not row.answer:
                asked_on = local_date(row.asked_at)
                yield DueItem(
                    client=file,
                    kind=QuestionDue.QUESTION,
                    object=row.uuid,
                    shows_on=asked_on,
                    due_on=add_days(asked_on, DAYS.get(CaseQuestionKind(row.kind), USUAL_DAYS)),
                    step=row.kind,
                )


def compose(items: Sequence[DueItem], reader: Reader) -> list[DueLine]:
    """The lines of these items."""
    known = {row.uuid: row for row in reader.rows[CaseQuestion]}
    return [_line(item, known[item.object], reader.today) for item in items if item.object in known]


def _line(item: DueItem, question: CaseQuestion, today: datetime.date) -> DueLine:
    words = {
        "name": question.asked_by,
        "number": format_list_number(item.client.list_number or 0),
        "question": question.text,
    }
    line = file_line(
        item,
        today,
        group=Group.DEADLINES,
        url=f"{item.client.get_absolute_url()}#question-{item.object}",
        when=item.due_on,
        # It stands under today from the start, and first once it is overdue.
        news=item.due_on is None or item.due_on >= today,
        icon="talk",
        text=_("%(name)s about %(number)s: %(question)s") % words,
        action_url=reverse("clients:question_answer", args=[item.client.uuid, item.object]),
        action_method="post",
        action_fields={"next": reverse("home")},
        outcomes=tuple(Outcome(str(answer.label), value=answer) for answer in answers_to(question)),
        outcome_name="answer",
    )
    # A row of its own: somebody waits for the answer, whatever else is to be done for the person.
    return replace(line, subject="")


def answers_to(question: CaseQuestion) -> tuple[CaseAnswer, ...]:
    """The answers a question takes."""
    return ANSWERS[CaseQuestionKind(question.kind)]


def section(file: FileContext) -> dict[str, Any] | None:
    """What the office asks about this file and what was answered lately; nothing where nobody asked."""
    lately = file.now - SHOWN_FOR
    rows: Iterable[CaseQuestion] = page_rows(file.client)[CaseQuestion]
    questions = [
        (row, answers_to(row) if file.may("case.answer") else ())
        for row in rows
        if row.answered_at is None or row.answered_at >= lately
    ]
    if not questions or file.client.is_closed:
        return None
    return {"questions": questions, "list_number": format_list_number(file.client.list_number or 0)}


def answers(desk: Desk) -> list[Waiting]:
    """For whoever asked: how many answers came lately; one statement."""
    since = start_of_day(add_days(desk.today, -TOLD_FOR))
    number = answers_since(desk.user, since).filter(client__municipality__in=desk.places).count()
    if not number:
        return []
    text = ngettext("%(number)s answer in the last 7 days", "%(number)s answers in the last 7 days", number)
    return [
        Waiting(
            kind="answers",
            title=_("Questions about cases"),
            url=f"{reverse('reports:cases')}?state=asked",
            text=text % {"number": number},
            news=True,
            icon="talk",
        )
    ]
