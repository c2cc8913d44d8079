"""The demonstration shows places that are open, office hours with their counts, and one of the day shown."""

from django.db.models import Exists, F, OuterRef, Sum

from accounts.actor import Actor
from appointments.models import Appointment, OfficeHourArrival, OfficeHourSession, Place
from appointments.rules.appointment import NOT_BLOCKING
from appointments.rules.place import is_open
from appointments.services.office_hours import close_forgotten, plan_ahead
from demo.world import at
from tests.invented_town import AS_OF

NOW = at(AS_OF, 7)


def sessions(**conditions):
    return OfficeHourSession.objects.filter(municipality__code="STU", **conditions)


def test_past_office_hours_have_counts_that_fit_and_nobody_is_in_line(town):
    past = sessions(starts_at__lt=NOW)
    assert set(past.values_list("state", flat=True)) == {"closed"}
    assert past.count() > 60
    by_language = past.filter(counts__topic=None).annotate(number=Sum("counts__number"))
    assert not by_language.exclude(number=F("own") + F("drop_ins") + F("anonymous")).exists()
    assert not OfficeHourArrival.objects.exists()


def test_one_takes_place_on_the_day_shown_and_exceptions_say_why(town):
    (today,) = sessions().on(AS_OF)
    assert (today.state, today.reason) == ("planned", "")
    assert is_open(today.place.hours.all(), today.starts_at)
    assert sessions(state="cancelled").get().reason == "Fortbildung des Teams"
    assert sessions(state="planned").exclude(reason="").get().reason == "Der Raum ist bis mittags vergeben"


def test_no_appointment_lies_in_an_office_hour(town):
    inside = Appointment.objects.filter(
        client__municipality=OuterRef("municipality"),
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    ).exclude(state__in=NOT_BLOCKING)
    assert not sessions().exclude(state="cancelled").filter(Exists(inside)).exists()


def test_the_daily_run_of_the_day_shown_has_nothing_to_make_up_for(town):
    actor = Actor.system("run_daily", NOW)
    assert (plan_ahead(actor), close_forgotten(actor, actor.today)) == (0, 0)


def test_every_municipality_has_a_place(town):
    assert set(Place.objects.values_list("municipality__code", flat=True)) == {"STU", "PFI"}
