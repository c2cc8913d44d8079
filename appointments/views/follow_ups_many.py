"""One follow-up for the files ticked in the client list."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.generic import AccessView
from appointments.forms.follow_up import FollowUpForm
from appointments.models import FollowUp
from appointments.services.follow_ups_many import Outcome, set_follow_ups, take_back_follow_ups
from clients.list_actions import way_back
from clients.views.picked import PickedFilesView, some_of
from ui.dates import date_de
from ui.htmx import hx_redirect
from ui.notes import notify


def refused_text(case_numbers: tuple[str, ...]) -> str:
    """Which files were left out, by number, the first of very many."""
    text = ngettext(
        "Not in %(number)s file, which is closed, changed or not yours any more: %(files)s.",
        "Not in %(number)s files, which are closed, changed or not yours any more: %(files)s.",
        len(case_numbers),
    )
    return text % {"number": len(case_numbers), "files": some_of([*case_numbers])}


class FollowUpManyView(PickedFilesView):
    """The same follow-up in each picked file."""

    permission = "follow_up.edit"
    form_class = FollowUpForm
    form_code = "follow_up_many"
    title = gettext_lazy("Follow-up for several files")
    submit_label = gettext_lazy("Set follow-up")

    def form_kwargs(self) -> dict[str, Any]:
        return {"today": self.today}

    def form_valid(self, form: FollowUpForm) -> FollowUp | None:
        outcome = set_follow_ups(self.actor, form.record(), self.files)
        if not outcome.made:
            form.add_error(None, _("None of these files is open and yours any more. Nothing was set."))
            return None
        self.say(outcome)
        return outcome.made[0]

    def say(self, outcome: Outcome) -> None:
        number, first = len(outcome.made), outcome.made[0]
        text = ngettext(
            "Follow-up set in %(number)s file for %(day)s.",
            "Follow-up set in %(number)s files for %(day)s.",
            number,
        )
        undo = reverse("appointments:follow_up_many_undo", args=[first.uuid])
        notify(self.request, text % {"number": number, "day": date_de(first.due_on)}, undo_url=undo)
        if outcome.refused:
            messages.warning(self.request, refused_text(outcome.refused))


class FollowUpManyUndoView(AccessView):
    """Takes the follow-ups of a moment ago back, all that were set together."""

    permission = "follow_up.edit"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, follow_up: Any) -> HttpResponseBase:
        found = FollowUp.objects.editable_by(request.user).filter(uuid=follow_up).first()
        if found is None:
            raise Http404
        outcome = take_back_follow_ups(self.actor, found)
        if outcome.made:
            text = ngettext(
                "The follow-up in %(number)s file is taken back.",
                "The follow-ups in %(number)s files are taken back.",
                len(outcome.made),
            )
            notify(request, text % {"number": len(outcome.made)})
        else:
            messages.warning(request, _("This can be taken back for a quarter of an hour only."))
        if outcome.refused:
            messages.warning(request, refused_text(outcome.refused))
        return hx_redirect(request, way_back(request))
