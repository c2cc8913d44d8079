"""Answering a question of the office, from *Mein Tag* or from the file."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.choices import CaseAnswer
from clients.models import CaseQuestion
from clients.services import questions
from clients.views.edit import FileActionView
from ui.htmx import safe_next
from ui.links import reverse
from ui.notes import notify


class QuestionAnswerView(FileActionView):
    """One of the fixed answers, with a way back."""

    permission = "case.answer"
    model = CaseQuestion

    def act(self) -> None:
        question, said = self.row(), self.request.POST.get("answer", "")
        if said not in CaseAnswer.values:
            raise ValidationError(_("This is no answer to the question."))
        questions.answer_question(self.actor, question, CaseAnswer(said))
        again = reverse("clients:question_reopen", args=[self.client.uuid, question.uuid])
        notify(self.request, _("Answered."), undo_url=f"{again}?{urlencode({'next': self.back()})}")

    def back(self) -> str:
        return safe_next(self.request, reverse("clients:detail", args=[self.client.uuid]))


class QuestionReopenView(FileActionView):
    """Takes the answer back on its day."""

    permission = "case.answer"
    model = CaseQuestion

    def act(self) -> None:
        questions.take_answer_back(self.actor, self.row())
        notify(self.request, _("The question stands again."))

    def back(self) -> str:
        return safe_next(self.request, reverse("clients:detail", args=[self.client.uuid]))
