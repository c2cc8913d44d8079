"""The address under which a calendar programme reads one's own appointments."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from accounts.generic import PageView
from appointments import actions
from appointments.feed import feed_of, reader_of, told_appointments, told_office_hours
from appointments.models import CalendarFeed
from appointments.services.feed import close_feed, open_feed
from audit.recording import record
from ui.htmx import hx_redirect
from ui.notes import notify


class FeedView(PageView):
    """Make an address, read once what it is, and see since when there is one."""

    permission = "calendar.own"
    template_name = "appointments/feed.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.shown()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        path = reverse("calendar_feed", args=[open_feed(self.actor)])
        return self.shown(address=request.build_absolute_uri(path))

    def shown(self, address: str = "") -> HttpResponse:
        """The page; the address stands in it right after it was made, and never again."""
        feed = CalendarFeed.objects.visible_to(self.request.user).first()
        return self.render({"feed": feed, "address": address})


class FeedCloseView(PageView):
    """Take the address back."""

    permission = "calendar.own"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        closed = close_feed(self.actor)
        notify(request, _("The address is taken back.") if closed else _("There was no address."))
        return hx_redirect(request, reverse("appointments:feed"))


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The appointments as a calendar programme reads them; 404 for a token that is nobody's."""
    user = reader_of(token)
    if user is None:
        return HttpResponse(status=404, content_type="text/plain; charset=utf-8")
    actor = Actor(user)
    appointments = told_appointments(user, actor.today)
    record(actor, actions.FEED_READ, kind="appointment", count=len(appointments))
    feed = feed_of(actor, appointments, told_office_hours(user, actor.today))
    response = HttpResponse(feed, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="termine.ics"'
    return response
