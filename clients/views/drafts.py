"""Saving a draft while the user types, and what becomes of one that is not sent."""

from abc import abstractmethod
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.generic import AccessView, PageView
from accounts.models import User
from audit.recording import record
from clients import drafts
from clients.actions import DRAFT_HANDED_OVER
from clients.models import Client, Draft
from ui.htmx import hx_redirect, safe_next
from ui.notes import notify


class DraftSaveView(AccessView):
    """POST of all fields of a form with its ``draft_key``; answers the time of saving."""

    permission = "draft.own"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = drafts.read(request.POST.get("draft_key", ""))
        if key is None or key.user != request.user.pk:
            raise Http404
        draft = drafts.save(key, request.POST, self.now)
        if draft is None:
            return JsonResponse({"too_large": True}, status=413)
        return JsonResponse({"saved_at": f"{timezone.localtime(draft.saved_at):%H:%M}"})


class DraftView(PageView):
    """One's own text when its form is out of reach: the stand-in ended, the file has another manager."""

    permission = "draft.own"
    template_name = "clients/draft_text.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = drafts.kept(self.request.user, self.now).filter(pk=kwargs["pk"]).first()
        if draft is None:
            raise Http404
        may_pass_on = file_to_pass_on_to(draft, self.request.user) is not None
        return self.render({"draft": draft, "texts": drafts.texts(draft), "may_pass_on": may_pass_on})


def file_to_pass_on_to(draft: Draft, user: User) -> Client | None:
    """The file a draft is about, if its author does not see it any more."""
    rows = Client.objects.unscoped(reason="the file a draft is about, whose author only gives it away")
    file = rows.filter(case_no=draft.case_no).select_related("manager").first() if draft.case_no else None
    if file is None or Client.objects.visible_to(user).filter(pk=file.pk).exists():
        return None
    return file


class DraftActionView(AccessView, abstract=True):
    """A button on one's own draft, back to where it was pressed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = Draft.objects.editable_by(request.user).filter(pk=kwargs["pk"]).first()
        if draft is None:
            raise Http404
        self.act(draft, safe_next(request, "/"))
        return hx_redirect(request, safe_next(request, "/"))

    @abstractmethod
    def act(self, draft: Draft, back: str) -> None:
        """Do it and say so; ``back`` is where the button stood."""


class DraftDiscardView(DraftActionView):
    """Throws one's own draft away; within a day it can be had back."""

    permission = "draft.own"

    def act(self, draft: Draft, back: str) -> None:
        draft.discarded_at = self.now
        draft.save(update_fields=["discarded_at"])
        undo = f"{reverse('clients:draft_restore', args=[draft.pk])}?{urlencode({'next': back})}"
        notify(self.request, _("Draft discarded."), undo_url=undo)


class DraftRestoreView(DraftActionView):
    """Takes throwing a draft away back."""

    permission = "draft.own"

    def act(self, draft: Draft, back: str) -> None:
        draft.discarded_at = None
        draft.save(update_fields=["discarded_at"])
        notify(self.request, _("The draft is back."))


class DraftHandOverView(DraftActionView):
    """Gives a text to the manager of a file its author does not see any more."""

    permission = "draft.own"

    def act(self, draft: Draft, back: str) -> None:
        file = file_to_pass_on_to(draft, self.request.user)
        if file is None:
            raise Http404
        try:
            drafts.hand_over(draft, file)
        except ValidationError as refused:
            messages.warning(self.request, " ".join(refused.messages))
            return
        record(self.actor, DRAFT_HANDED_OVER, client=file, kind="draft")
        notify(self.request, _("The text lies with whoever is responsible for the file."))
