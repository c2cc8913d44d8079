"""Complaints: written down by an officer, who then sees little of them; the coordinator goes on with them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import PageView
from accounts.permissions import may
from accounts.records import uuid_of
from audit.recording import record
from clients.views.base import WriteView
from intake import actions
from intake.choices import ComplaintState
from intake.forms.complaints import ComplaintForm, ComplaintWorkForm
from intake.models import Complaint
from intake.services.complaints import PAGE, register_complaint, told_to_officer, work_on_complaint
from intake.services.inbox import why_nothing_new
from ui.notes import notify


class ComplaintListView(PageView):
    """The coordinator: all of them, the unsettled first. An officer: number, month and state of her own."""

    permission = "complaint.register"
    template_name = "intake/complaint_list.html"
    nav_code = "enquiries"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request.user, "complaint.handle"):
            told = told_to_officer(self.request.user)
            record(self.actor, actions.COMPLAINT_VIEWED, kind="complaint", count=len(told))
            return self.render({"told": told})
        state = request.GET.get("state", "")
        state = state if state in ComplaintState.values else ""
        rows = Complaint.objects.visible_to(self.request.user).select_related("municipality", "concerns")
        rows = rows.filter(state=state) if state else rows.unsettled()
        after = uuid_of(request.GET.get("after", ""))
        last = rows.filter(uuid=after).first() if after else None
        found = list((rows.older_than(last) if last else rows).order_by("-registered_at", "-id")[: PAGE + 1])
        record(self.actor, actions.COMPLAINT_VIEWED, kind="complaint", count=len(found[:PAGE]))
        return self.render(
            {
                "handles": True,
                "rows": found[:PAGE],
                "states": [("", _("unsettled")), *ComplaintState.choices],
                "state": state,
                "after": found[PAGE - 1].uuid if len(found) > PAGE else None,
                "is_later": after is not None,
            }
        )


class ComplaintNewView(WriteView):
    """Write a complaint down."""

    permission = "complaint.register"
    form_class = ComplaintForm
    form_code = "complaint.new"
    title = gettext_lazy("Complaint or wish for another manager")
    submit_label = gettext_lazy("Pass on to the coordination")
    lead = gettext_lazy(
        "Only the coordination of the district reads this. It goes into no inbox, and integration managers do not "
        "learn of it. Afterwards you see its number, its month and how far it is."
    )

    def why_no_form(self) -> str:
        return why_nothing_new(self.request.user, self.today)

    def form_kwargs(self) -> dict[str, Any]:
        return {"today": self.today}

    def form_valid(self, form: ComplaintForm) -> Complaint:
        complaint = register_complaint(self.actor, form.record())
        notify(
            self.request, _("The coordination has it under the number %(number)s.") % {"number": complaint}
        )
        return complaint

    def success_url(self, result: object) -> str:
        return reverse("complaints:list")

    def cancel_url(self) -> str:
        return reverse("complaints:list")


class ComplaintView(WriteView):
    """One complaint with all that is known of it, and how far it is; a settled one is read only."""

    permission = "complaint.handle"
    template_name = "intake/complaint_detail.html"
    form_class = ComplaintWorkForm
    form_code = "complaint.work"
    title = gettext_lazy("Complaint")
    submit_label = gettext_lazy("Save")

    def settle_access(self) -> None:
        super().settle_access()
        found = Complaint.objects.visible_to(self.request.user).select_related("municipality", "concerns")
        complaint = found.filter(uuid=self.kwargs["complaint"]).first()
        if complaint is None or (self.request.method == "POST" and complaint.is_settled):
            raise Http404
        self.complaint = complaint

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record(self.actor, actions.COMPLAINT_VIEWED, kind="complaint", count=1)
        return super().get(request, *args, **kwargs)

    def object_key(self) -> str:
        return str(self.complaint.uuid)

    def form_kwargs(self) -> dict[str, Any]:
        editable = Complaint.objects.editable_by(self.request.user).filter(pk=self.complaint.pk).first()
        return {"instance": editable or Complaint(municipality=self.complaint.municipality)}

    def form_valid(self, form: ComplaintWorkForm) -> Complaint:
        return work_on_complaint(self.actor, form.record(), expected_version=form.expected_version)

    def success_url(self, result: object) -> str:
        notify(self.request, _("Saved."))
        return reverse("complaints:list")

    def cancel_url(self) -> str:
        return reverse("complaints:list")

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(complaint=self.complaint, **extra)
