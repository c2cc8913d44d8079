"""Saving a draft while the user types, and discarding one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from accounts.generic import AccessView, PageView
from clients import drafts
from clients.models import Draft
from ui.htmx import hx_redirect


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
        return self.render({"draft": draft, "texts": drafts.texts(draft)})


class DraftDiscardView(AccessView):
    """Throws one's own draft away."""

    permission = "draft.own"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        deleted, _per_model = Draft.objects.editable_by(request.user).filter(pk=kwargs["pk"]).delete()
        if not deleted:
            raise Http404
        return hx_redirect(request, "/")
