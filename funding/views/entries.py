"""Bookings, per-capita amounts and positions: the list of bookings, and what is entered, corrected, reversed."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import PageView
from accounts.records import uuid_of
from clients import drafts
from funding.export import state_of
from funding.forms.entries import BookingForm, PerCapitaForm, PositionForm, ReverseForm
from funding.models import Booking, Entry, PerCapita, Position
from funding.rules.money import in_euros
from funding.services import entries
from funding.sums import sums_of
from funding.views.base import PeriodMixin, PeriodWriteView
from ui.links import reverse
from ui.notes import notify

PAGE = 50


class BookingListView(PeriodMixin, PageView):
    """Every booking of a period in every version: what counts, and what was corrected or reversed, by whom and why."""

    template_name = "funding/booking_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visible = Booking.objects.visible_to(request.user).filter(period=self.period)
        after = uuid_of(request.GET.get("after", ""))
        rows = list(
            _following(visible, after).select_related("line", "recorded_by", "replaced_by")[: PAGE + 1]
        )
        self.record_read(len(rows[:PAGE]))
        return self.render(
            {
                "period": self.period,
                "may_edit": self.may_edit,
                "bookings": [(row, state_of(row)) for row in rows[:PAGE]],
                "after": rows[PAGE - 1].uuid if len(rows) > PAGE else None,
                "is_later": after is not None,
            }
        )


def _following(rows: Any, after: Any) -> Any:
    """The bookings behind one of them, in the order of the list."""
    last = rows.filter(uuid=after).values_list("day", "pk").first() if after else None
    if last is None:
        return rows
    day, key = last
    return rows.filter(day__lte=day).exclude(day=day, pk__gte=key)


class EntryWriteView(PeriodWriteView, abstract=True):
    """A form about an entry.

    Attributes:
        model: the kind of entry.
    """

    model: ClassVar[type[Entry]]

    def saved(self, result: Any) -> HttpResponse:
        """A line in which more was spent than approved is said; it is kept all the same."""
        over = 0
        if isinstance(result, Booking):
            over = sums_of([self.period])[self.period.pk].lines[result.line_id].overspent
        if over:
            text = _("Kept. In the line “%(line)s” %(amount)s more are spent than approved.")
            messages.warning(self.request, text % {"line": result.line, "amount": in_euros(over)})
        else:
            notify(self.request, _("The entry is kept."))
        return super().saved(result)


class EntryNewView(EntryWriteView, abstract=True):
    def form_kwargs(self) -> dict[str, Any]:
        entry: Any = self.model(period=self.period)
        return {"instance": entry, "today": self.today}

    def form_valid(self, form: Any) -> object:
        return entries.enter(self.actor, form.record())


class OfEntry(EntryWriteView, abstract=True):
    """A form about an entry that stands already."""

    @cached_property
    def entry(self) -> Any:
        kind: Any = self.model
        return self.child_or_404(kind.objects.editable_by(self.request.user).select_related("replaced_by"))

    def settle_access(self) -> None:
        super().settle_access()
        # A row that is not one's own is 404 before anything is shown or judged.
        self.entry  # noqa: B018

    def object_key(self) -> str:
        return str(self.kwargs["row"])

    def why_no_form(self) -> str:
        if self.entry.is_current or drafts.stored(self.request.user, self.form_code, self.object_key()):
            # What was typed comes back; saving says that somebody else was first.
            return ""
        return _("This entry is corrected or reversed already.")


class EntryCorrectView(OfEntry, abstract=True):
    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": entries.follow(self.entry), "today": self.today}

    def form_valid(self, form: Any) -> object:
        return entries.enter(self.actor, form.record())


class EntryReverseView(OfEntry, abstract=True):
    form_class = ReverseForm
    submit_label = gettext_lazy("Reverse")

    def form_valid(self, form: ReverseForm) -> object:
        return entries.reverse(self.actor, self.entry, reason=form.cleaned_data["reason"], **form.once())


class OfBooking(EntryWriteView, abstract=True):
    model = Booking

    def success_url(self, result: Any) -> str:
        return reverse("funding:bookings", args=[self.period.uuid])


class BookingNewView(OfBooking, EntryNewView):
    form_class = BookingForm
    form_code = "funding.booking"
    title = gettext_lazy("Enter a booking")

    def success_url(self, result: Any) -> str:
        return self.period.get_absolute_url()


class BookingCorrectView(OfBooking, EntryCorrectView):
    form_class = BookingForm
    form_code = "funding.booking_correct"
    title = gettext_lazy("Correct a booking")


class BookingReverseView(OfBooking, EntryReverseView):
    form_code = "funding.booking_reverse"
    title = gettext_lazy("Reverse a booking")


class PerCapitaNewView(EntryNewView):
    model = PerCapita
    form_class = PerCapitaForm
    form_code = "funding.per_capita"
    title = gettext_lazy("Enter a per-capita amount")


class PerCapitaCorrectView(EntryCorrectView):
    model = PerCapita
    form_class = PerCapitaForm
    form_code = "funding.per_capita_correct"
    title = gettext_lazy("Correct a per-capita amount")


class PerCapitaReverseView(EntryReverseView):
    model = PerCapita
    form_code = "funding.per_capita_reverse"
    title = gettext_lazy("Reverse a per-capita amount")


class PositionNewView(EntryNewView):
    model = Position
    form_class = PositionForm
    form_code = "funding.position"
    title = gettext_lazy("Enter a position")

    def form_kwargs(self) -> dict[str, Any]:
        days = {"since": self.period.since, "until": self.period.until}
        return {**super().form_kwargs(), "initial": days}


class PositionCorrectView(EntryCorrectView):
    model = Position
    form_class = PositionForm
    form_code = "funding.position_correct"
    title = gettext_lazy("Correct a position")


class PositionReverseView(EntryReverseView):
    model = Position
    form_code = "funding.position_reverse"
    title = gettext_lazy("Reverse a position")
