"""Enquiries, from registering to the file."""

from abc import abstractmethod
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import AccessView, PageView
from accounts.models import User
from accounts.permissions import may
from accounts.records import made_with, uuid_of, uuids_of
from audit.recording import record
from clients.models import Client
from clients.rules.duplicates import PersonTraits
from clients.rules.names import normalise_phone
from clients.services.duplicates import find_duplicates
from clients.views.base import WriteView
from intake import actions
from intake.choices import EnquiryState
from intake.forms.enquiries import AnsweredForm, AnswerForm, ConnectForm, EnquiryForm, FileFromEnquiryForm
from intake.models import Enquiry
from intake.services.enquiries import (
    answer_enquiry,
    connect_with_file,
    enquiries_for_officer,
    enquiry_for_officer,
    enquiry_left_inbox_lately,
    give_enquiry_back,
    log_answered,
    officers_open_enquiry,
    open_file_from,
    register_enquiry,
    take_enquiry,
)
from intake.services.inbox import AlreadyTaken, WorkedOn, why_nothing_new
from intake.views.inbox import ONLY_TODAY, PAGE, TAKEN_BY_SOMEBODY, TakeFromInboxView
from ui.htmx import hx_redirect
from ui.notes import notify


class EnquiryListView(PageView):
    """The officer: what became of her enquiries. The manager: what she took and has still to settle."""

    permission = "enquiry.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        if may(request.user, "enquiry.take"):
            return self.for_manager()
        state = request.GET.get("state", "")
        state = state if state in EnquiryState.values else ""
        after = uuid_of(request.GET.get("after", ""))
        rows, more = enquiries_for_officer(self.request.user, state=state, after=after, limit=PAGE)
        record(self.actor, actions.ENQUIRY_VIEWED, kind="enquiry", count=len(rows))
        self.template_name = "intake/enquiry_list.html"
        return self.render(
            {
                "rows": rows,
                "states": [("", _("All")), *EnquiryState.choices],
                "state": state,
                "after": rows[-1].uuid if more else None,
                "is_later": after is not None,
                "several_places": len(self.scope.municipalities) > 1,
            }
        )

    def for_manager(self) -> HttpResponse:
        rows = Enquiry.objects.visible_to(self.request.user).select_related("source", "language")
        unsettled = list(rows.filter(state=EnquiryState.TAKEN, client=None).order_by("taken_at")[:PAGE])
        settled = list(rows.exclude(client=None).select_related("client").order_by("-taken_at", "-id")[:PAGE])
        record(self.actor, actions.ENQUIRY_VIEWED, kind="enquiry", count=len(unsettled) + len(settled))
        self.template_name = "intake/enquiry_mine.html"
        return self.render({"unsettled": unsettled, "settled": settled})


class EnquiryWriteView(WriteView, abstract=True):
    """A form of enquiries: it knows the day, and leads back to the list."""

    def form_kwargs(self) -> dict[str, Any]:
        return {"today": self.today}

    def success_url(self, result: object) -> str:
        return reverse("intake:inbox" if may(self.request.user, "inbox.view") else "enquiries:list")

    def cancel_url(self) -> str:
        return reverse("intake:inbox" if may(self.request.user, "inbox.view") else "enquiries:list")


class EnquiryNewView(EnquiryWriteView):
    """Register an enquiry."""

    permission = "enquiry.register"
    template_name = "intake/enquiry_new.html"
    form_class = EnquiryForm
    form_code = "enquiry.new"
    lead = gettext_lazy(
        "The enquiry waits in the inbox of the municipality until an integration manager takes it."
    )
    title = gettext_lazy("Register enquiry")
    submit_label = gettext_lazy("Register enquiry")

    def why_no_form(self) -> str:
        return why_nothing_new(self.request.user, self.today)

    def form_valid(self, form: EnquiryForm) -> Enquiry:
        enquiry = register_enquiry(self.actor, form.record())
        notify(
            self.request,
            _("The enquiry %(number)s waits in the inbox of the integration managers.")
            % {"number": enquiry.number},
        )
        return enquiry

    def context(self, **extra: Any) -> dict[str, Any]:
        hears = may(self.request.user, "complaint.register")
        return super().context(hide_primary_action=True, hears_complaints=hears, **extra)


class EnquiryAnsweredView(EnquiryWriteView):
    """Log what one has answered on the spot."""

    permission = "enquiry.answer"
    form_class = AnsweredForm
    form_code = "enquiry.answered"
    lead = gettext_lazy("For your report: what it was about, without a name and without a file.")
    title = gettext_lazy("Answered myself")
    submit_label = gettext_lazy("Record")

    def why_no_form(self) -> str:
        return why_nothing_new(self.request.user, self.today)

    def form_valid(self, form: AnsweredForm) -> Enquiry:
        enquiry = log_answered(self.actor, form.record())
        notify(self.request, _("Recorded as %(number)s.") % {"number": enquiry.number})
        return enquiry


class EnquiryView(PageView):
    """One enquiry: the officer's own view of it, or the page of the manager who took it."""

    permission = "enquiry.view"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        if may(request.user, "enquiry.take"):
            enquiry = own_enquiry_or_404(self.request.user, uuid)
            subject = enquiry.client.subject_ref if enquiry.client is not None else None
            record(self.actor, actions.ENQUIRY_VIEWED, subject=subject, kind="enquiry")
            self.template_name = "intake/enquiry_taken.html"
            return self.render({"enquiry": enquiry})
        seen = enquiry_for_officer(self.request.user, uuid)
        if seen is None:
            raise Http404
        record(self.actor, actions.ENQUIRY_VIEWED, kind="enquiry", count=1)
        self.template_name = "intake/enquiry_detail.html"
        return self.render({"enquiry": seen})


def own_enquiry_or_404(user: User, uuid: UUID) -> Enquiry:
    """An enquiry one has taken, or one of a file one may see."""
    rows = Enquiry.objects.visible_to(user).select_related("source", "language", "municipality", "client")
    enquiry: Enquiry | None = rows.filter(uuid=uuid).first()
    if enquiry is None:
        raise Http404
    return enquiry


class EnquiryTakeView(TakeFromInboxView):
    """Take an enquiry from the inbox."""

    permission = "enquiry.take"
    model = Enquiry
    route = "enquiries:detail"

    def left_lately(self, uuid: UUID) -> bool:
        return enquiry_left_inbox_lately(uuid, user=self.request.user, now=self.now)

    def take(self, entry: Enquiry) -> None:
        take_enquiry(self.actor, entry)
        undo = reverse("enquiries:give_back", args=[entry.uuid])
        notify(self.request, _("The enquiry is yours now."), undo_url=undo)


class EnquiryGiveBackView(AccessView):
    """Takes taking an enquiry back, on the same day and while nothing came of it."""

    permission = "enquiry.take"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        enquiry = own_enquiry_or_404(self.request.user, uuid)
        try:
            give_enquiry_back(self.actor, enquiry)
        except WorkedOn:
            messages.warning(request, ONLY_TODAY)
            return hx_redirect(request, reverse("enquiries:detail", args=[uuid]))
        notify(request, _("The enquiry waits in the inbox again."))
        return hx_redirect(request, reverse("intake:inbox"))


class OneEnquiryView(EnquiryWriteView, abstract=True):
    """A form about one enquiry that is still open."""

    enquiry: Enquiry

    def settle_access(self) -> None:
        super().settle_access()
        enquiry = self.find()
        if enquiry is None:
            raise Http404
        self.enquiry = enquiry

    def find(self) -> Enquiry | None:
        """The enquiry, or None when it is not the user's to settle."""
        rows = Enquiry.objects.editable_by(self.request.user)
        if made_with(uuid_of(self.request.POST.get("form_token", ""))) is not None:
            # This form was posted before and has closed the enquiry.
            rows = Enquiry.objects.visible_to(self.request.user)
        rows = rows.filter(uuid=self.kwargs["uuid"])
        found: Enquiry | None = rows.select_related("municipality", "language").first()
        return found

    def object_key(self) -> str:
        return str(self.enquiry.uuid)

    def cancel_url(self) -> str:
        return reverse("enquiries:detail", args=[self.enquiry.uuid])

    def form_valid(self, form: Any) -> object:
        try:
            return self.settle(form)
        except AlreadyTaken:
            form.add_error(None, str(TAKEN_BY_SOMEBODY))
            return None

    @abstractmethod
    def settle(self, form: Any) -> object:
        """The one service call."""


class EnquiryAnswerView(OneEnquiryView):
    """Close an enquiry without a file."""

    permission = "enquiry.view"
    form_class = AnswerForm
    form_code = "enquiry.answer"
    lead = gettext_lazy("Name and reason are erased then; topic, language and duration stay for the report.")
    title = gettext_lazy("Answered without a file")
    submit_label = gettext_lazy("Close the enquiry")

    def find(self) -> Enquiry | None:
        if may(self.request.user, "enquiry.answer"):
            return officers_open_enquiry(self.request.user, self.kwargs["uuid"])
        return super().find()

    def settle(self, form: AnswerForm) -> Enquiry:
        return answer_enquiry(
            self.actor,
            self.enquiry,
            topic=form.cleaned_data["topic"],
            language=form.cleaned_data["language"],
            minutes=form.cleaned_data["minutes"],
        )


class EnquiryFileView(OneEnquiryView):
    """Open a file for the person who asked; files that may be the same person are shown first."""

    permission = "enquiry.take"
    template_name = "intake/enquiry_file.html"
    form_class = FileFromEnquiryForm
    form_code = "enquiry.file"
    title = gettext_lazy("Open a file")
    submit_label = gettext_lazy("Open the file")
    repeated_text = gettext_lazy(
        "The file was opened from this enquiry before, with other content. What you have typed now is not "
        "saved; it is kept as your draft."
    )

    def form_kwargs(self) -> dict[str, Any]:
        asked = self.enquiry
        number = asked.reach if normalise_phone(asked.reach) else ""
        return {
            **super().form_kwargs(),
            "initial": {
                "surname": asked.surname,
                "given_name": asked.given_name,
                "language": asked.language_id,
                "phone": number,
            },
        }

    def settle(self, form: FileFromEnquiryForm) -> Client | HttpResponseBase | None:
        client = form.client()
        decided = "seen" in self.request.POST
        traits = PersonTraits(
            client.surname,
            client.given_name,
            form.birth,
            normalise_phone(form.cleaned_data["phone"]) or "",
        )
        found = find_duplicates(self.actor, traits, announce=not decided)
        if found and not decided:
            return self.show(form, status=422, found=found)
        seen = set(uuids_of(self.request.POST.getlist("seen")))
        return open_file_from(
            self.actor,
            self.enquiry,
            client,
            facts=form.facts(),
            dismissed=[row.client for row in found.duplicates if row.client.uuid in seen],
        )

    def success_url(self, result: Any) -> str:
        return reverse("clients:detail", args=[result.uuid])


class EnquiryConnectView(OneEnquiryView):
    """The person has a file already."""

    permission = "enquiry.take"
    form_class = ConnectForm
    form_code = "enquiry.connect"
    title = gettext_lazy("The person has a file")
    submit_label = gettext_lazy("Connect with this file")

    def form_kwargs(self) -> dict[str, Any]:
        return {}

    def settle(self, form: ConnectForm) -> Enquiry:
        return connect_with_file(self.actor, self.enquiry, form.cleaned_data["case_no"])

    def success_url(self, result: Any) -> str:
        if isinstance(result, Enquiry) and result.client is not None:
            return reverse("clients:detail", args=[result.client.uuid])
        return reverse("enquiries:list")
