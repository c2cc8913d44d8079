"""Acts of outreach under ``/clients/<uuid>/ladder/``: each view is one service call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.records import DuplicateSubmission, uuid_of
from clients.views.base import FileMixin, FileWriteView
from outreach.choices import Answer, ClarifyOutcome
from outreach.forms.ladder import AnnounceForm, ClarifyForm, EndForm, PostponeForm
from outreach.models import Ladder, LadderAct
from outreach.rules import LadderView, current
from outreach.rules.why import announced_day_note, announcement_hint
from outreach.services import ladders as services
from outreach.views.visits import VisitPage
from ui.htmx import hx_redirect, safe_next
from ui.notes import notify

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class LadderActView(FileWriteView, abstract=True):
    """A form that adds one act to the open ladder."""

    service: ClassVar[Any]
    done: ClassVar[StrOrPromise] = ""

    def ladder_view(self) -> LadderView | None:
        """The open ladder as it stands now."""
        return current(services.ladders_of([self.client], self.now)[self.client.pk])

    def form_valid(self, form: Any) -> models.Model | None:
        before = self.ladder_view()
        try:
            act: LadderAct = type(self).service(self.actor, form.record(), self.client)
        except ValidationError as refused:
            form.add_refusal(refused)
            return None
        notify(self.request, " ".join(filter(None, [str(self.done), self.note(act, before)])))
        return act

    def note(self, act: LadderAct, before: LadderView | None) -> str:
        """What else is to be known of the act, given the ladder before it."""
        return ""


class LadderAnnounceView(VisitPage, LadderActView):
    """Announce the home visit."""

    permission = "ladder.act"
    form_class = AnnounceForm
    form_code = "ladder_announce"
    title = gettext_lazy("Announce home visit")
    submit_label = gettext_lazy("Announced")
    done = gettext_lazy("The visit is announced.")
    service = services.announce_visit

    def form_kwargs(self) -> dict[str, Any]:
        view = self.ladder_view()
        if view is None:
            return {}
        return {"initial": {"day": view.earliest_visit}}

    def note(self, act: LadderAct, before: LadderView | None) -> str:
        return announced_day_note(before, act.day) if before is not None and act.day is not None else ""

    def show(self, form: AnnounceForm, *, draft: Any = None, status: int = 200, **extra: Any) -> HttpResponse:
        view = self.ladder_view()
        hint = announcement_hint(view) if view is not None else ""
        return super().show(form, draft=draft, status=status, **{"lead": hint, **extra})


class LadderPostponeView(LadderActView):
    """Set the due date of the present step to a later day."""

    permission = "ladder.act"
    form_class = PostponeForm
    form_code = "ladder_postpone"
    title = gettext_lazy("Postpone the step")
    submit_label = gettext_lazy("Postpone")
    done = gettext_lazy("The step is postponed.")
    service = services.postpone_step


class LadderClarifyView(LadderActView):
    """Say what looking for an address or number brought."""

    permission = "ladder.act"
    form_class = ClarifyForm
    form_code = "ladder_clarify"
    title = gettext_lazy("Clarify address or number")
    submit_label = gettext_lazy("Save")
    done = gettext_lazy("Saved.")
    service = services.clarify

    def success_url(self, result: Any) -> str:
        """What was found is entered next."""
        if isinstance(result, LadderAct) and result.outcome == ClarifyOutcome.FOUND:
            return reverse("clients:person", args=[self.client.uuid])
        return super().success_url(result)


class LadderEndView(LadderActView):
    """End outreach with a reason."""

    permission = "ladder.act"
    form_class = EndForm
    form_code = "ladder_end"
    title = gettext_lazy("End outreach")
    submit_label = gettext_lazy("End")
    done = gettext_lazy("Outreach has ended.")
    service = services.end_ladder


class LadderLookAgainView(FileMixin):
    """Decide for another attempt instead of closing."""

    permission = "ladder.act"
    edits = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act = LadderAct(form_token=uuid_of(request.POST.get("form_token", "")))
        try:
            services.look_again(self.actor, act, self.client)
        except ValidationError as refused:
            notify(request, " ".join(refused.messages))
        except DuplicateSubmission:
            notify(request, _("Saved."))
        else:
            notify(request, _("The next attempt is noted."))
        return hx_redirect(request, reverse("clients:detail", args=[self.client.uuid]))


class LadderAnswerView(FileMixin):
    """Answer "new appointment / none needed" after a talk."""

    permission = "ladder.act"
    edits = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.child_or_404(
            Ladder.objects.editable_by(request.user).filter(client=self.client), uuid=self.kwargs["ladder"]
        )
        back = safe_next(request, reverse("clients:detail", args=[self.client.uuid]))
        if "undo" in request.GET:
            services.take_answer_back(self.actor, row, client=self.client)
            notify(request, _("The question stands again."))
        elif request.POST.get("answer", Answer.NONE_NEEDED) == Answer.NONE_NEEDED:
            services.answer_question(self.actor, row, Answer.NONE_NEEDED, client=self.client)
            undo = urlencode({"undo": "1", "next": back})
            said = _("Noted: no new appointment needed.")
            notify(request, said, undo_url=f"{request.path}?{undo}")
        return hx_redirect(request, back)
