"""Planning, moving and finishing appointments over HTTP, and who may."""

import datetime
import html
import re
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import duties
from accounts.actor import Actor
from appointments.choices import AppointmentState, Channel, Excuse, InterpreterNeed
from appointments.models import Appointment, AppointmentOutcome, Contact
from appointments.services.appointments import (
    Busy,
    IllegalOutcome,
    confirm_with_client,
    plan_appointment,
    record_outcome,
)
from clients.models import Client
from tests.appointments.log_desk import reachable, talk, text_of
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory, FollowUpFactory
from tests.factories.clients import ClientFactory
from tests.worklists import derive

pytestmark = pytest.mark.django_db


def at(hour: int, minute: int = 0, *, days: int = 3) -> datetime.datetime:
    local = timezone.localtime() + datetime.timedelta(days=days)
    return local.replace(hour=hour, minute=minute, second=0, microsecond=0)


def fields(start: datetime.datetime, minutes: int = 45, **changes: Any) -> dict[str, Any]:
    end = start + datetime.timedelta(minutes=minutes)
    found = {
        "form_token": str(uuid.uuid4()),
        "date": start.date().isoformat(),
        "begins": f"{start:%H:%M}",
        "ends": f"{end:%H:%M}",
        "channel": "office",
        "place": "Rathaus",
        "matter": "",
        "interpreter": "none",
        "agreed": "on",
        **changes,
    }
    return {name: value for name, value in found.items() if value is not None}


def url(name: str, appointment: Appointment) -> str:
    return reverse(f"file_appointments:{name}", args=[appointment.client.uuid, appointment.uuid])


def new(client: Any) -> str:
    return reverse("file_appointments:appointment_new", args=[client.uuid])


def test_an_appointment_is_planned_in_the_file(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    browser = as_user(cast.manager)
    assert browser.get(new(client)).status_code == 200
    assert browser.post(new(client), fields(at(10))).status_code == 302
    appointment = Appointment.objects.get()
    assert (appointment.manager, appointment.state) == (cast.manager, AppointmentState.PLANNED)
    assert appointment.agreed_with_client
    client.refresh_from_db()
    assert client.next_appointment_at == appointment.starts_at


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"ends": "09:00"}, "ends", "Das Ende muss nach dem Beginn liegen."),
        ({"ends": "10:00"}, "ends", "Das Ende muss nach dem Beginn liegen."),
        (
            {"date": "2019-02-29"},
            "date",
            "Diesen Tag gibt es nicht. Bitte ein Datum wie 14.03.2019 eingeben.",
        ),
        ({"begins": "26:00"}, "begins", "Bitte eine Uhrzeit wie 14:30 eingeben."),
        ({"channel": "letter"}, "channel", None),
        ({"place": "x" * 100_000}, "place", None),
        ({"matter": "a\x00b"}, "matter", None),
        ({"interpreter": "vielleicht"}, "interpreter", None),
        ({"date": ""}, "date", None),
    ],
)
def test_bad_input_is_a_message_at_its_field(
    cast: Cast, as_user: Any, change: dict[str, str], field: str, message: str | None
) -> None:
    client = reachable(cast.manager)
    answer = as_user(cast.manager).post(new(client), fields(at(10), **change))
    assert answer.status_code == 422
    errors = answer.context["form"].errors[field]
    assert message is None or errors == [message]
    assert not Appointment.objects.exists()


def test_overlapping_times_are_refused_and_touching_ones_fit(cast: Cast, as_user: Any) -> None:
    first, second = reachable(cast.manager), reachable(cast.manager)
    browser = as_user(cast.manager)
    browser.post(new(first), fields(at(10)))
    refused = browser.post(new(second), fields(at(10, 30)))
    assert refused.status_code == 422
    error = refused.context["form"].errors["begins"][0]
    assert "Da steht schon ein Termin" in error
    assert error.endswith("Frei ist an dem Tag wieder ab 10:45 Uhr.")
    assert browser.post(new(second), fields(at(10, 45))).status_code == 302
    assert browser.post(new(second), fields(at(9, 15))).status_code == 302
    assert Appointment.objects.count() == 3


def test_a_cancelled_appointment_takes_no_room(cast: Cast, as_user: Any) -> None:
    first, second = reachable(cast.manager), reachable(cast.manager)
    AppointmentFactory(client=first, starts_at=at(10), outcome=AppointmentState.CANCELLED_CLIENT)
    assert as_user(cast.manager).post(new(second), fields(at(10))).status_code == 302


def test_an_appointment_in_the_way_of_another_file_says_no_case_number_to_strangers(
    cast: Cast, as_user: Any
) -> None:
    client, theirs = reachable(cast.manager), reachable(cast.outsider)
    AppointmentFactory(client=theirs, manager=cast.manager, starts_at=at(10))
    error = as_user(cast.manager).post(new(client), fields(at(10))).context["form"].errors["begins"][0]
    assert "Da steht schon ein Termin" in error
    assert theirs.case_no not in error


def test_the_same_post_twice_plans_one_appointment(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    post = fields(at(10))
    browser = as_user(cast.manager)
    assert browser.post(new(client), post).status_code == 302
    assert browser.post(new(client), post).status_code == 302
    assert Appointment.objects.count() == 1


def test_moving_keeps_the_old_time_as_moved(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    old = AppointmentFactory(client=client, starts_at=at(10), interpreter=InterpreterNeed.CONFIRMED)
    browser = as_user(cast.manager)
    assert browser.get(url("appointment_move", old)).status_code == 200
    post = fields(at(10, 30), version="1", reason="Arzttermin")
    assert browser.post(url("appointment_move", old), post).status_code == 302
    old.refresh_from_db()
    assert old.state == AppointmentState.MOVED
    replacement = old.moved_to
    assert replacement.starts_at == at(10, 30)
    assert replacement.interpreter == InterpreterNeed.NEEDED
    assert AppointmentOutcome.objects.get(appointment=old).reason == "Arzttermin"
    assert "verschoben auf" in text_of(browser.get(url("appointment", old)))
    assert browser.post(url("appointment_move", old), post).status_code == 302
    assert Appointment.objects.count() == 2


def test_of_two_who_move_the_same_appointment_the_second_is_told(cast: Cast, as_user: Any) -> None:
    old = AppointmentFactory(client=reachable(cast.manager), starts_at=at(10))
    as_user(cast.manager).post(url("appointment_move", old), fields(at(11), version="1"))
    answer = as_user(cast.substitute).post(url("appointment_move", old), fields(at(12), version="1"))
    assert answer.status_code == 409
    assert "Jana Rehbaum hat am " in text_of(answer)
    assert Appointment.objects.count() == 2


def test_a_calendar_that_is_not_ones_own_any_more_tells_no_times(cast: Cast, as_user: Any) -> None:
    # Planned while standing in, and left in the calendar of the absent colleague when the stand-in ended.
    client = reachable(cast.colleague)
    old = AppointmentFactory(client=client, manager=cast.manager, starts_at=at(8))
    AppointmentFactory(client=reachable(cast.manager), starts_at=at(10, 5))
    answer = as_user(cast.colleague).post(url("appointment_move", old), fields(at(10), version="1"))
    text = text_of(answer)
    assert answer.status_code == 422
    assert "Zu dieser Zeit ist der Kalender von Jana Rehbaum nicht frei." in text
    assert "10:05" not in text
    assert "Frei ist an dem Tag" not in text


def test_details_are_changed_without_losing_a_second_persons_entries(cast: Cast, as_user: Any) -> None:
    appointment = AppointmentFactory(client=reachable(cast.manager), starts_at=at(10))
    post = {"form_token": str(uuid.uuid4()), "channel": "phone", "interpreter": "needed", "version": "1"}
    browser = as_user(cast.manager)
    edit = url("appointment_edit", appointment)
    assert browser.post(edit, {**post, "place": "Zimmer 3"}).status_code == 302
    answer = browser.post(edit, {**post, "place": "Zimmer 9"})
    assert answer.status_code == 409
    assert "Zimmer 9" in text_of(answer)
    appointment.refresh_from_db()
    assert (appointment.place, appointment.channel) == ("Zimmer 3", Channel.PHONE)


@pytest.mark.parametrize(
    ("outcome", "state", "excuse"),
    [
        ("held", AppointmentState.HELD, Excuse.UNDECIDED),
        ("no_show", AppointmentState.NO_SHOW, Excuse.UNDECIDED),
        ("excused", AppointmentState.NO_SHOW, Excuse.EXCUSED),
        ("unexcused", AppointmentState.NO_SHOW, Excuse.UNEXCUSED),
        ("cancelled_client", AppointmentState.CANCELLED_CLIENT, Excuse.UNDECIDED),
        ("cancelled_us", AppointmentState.CANCELLED_US, Excuse.UNDECIDED),
    ],
)
def test_an_outcome_is_one_tap(cast: Cast, as_user: Any, outcome: str, state: str, excuse: str) -> None:
    start = timezone.now() - datetime.timedelta(hours=1)
    appointment = AppointmentFactory(client=reachable(cast.manager), starts_at=start)
    answer = as_user(cast.manager).post(
        url("outcome", appointment), {"outcome": outcome, "version": "1", "next": "/appointments/"}
    )
    assert answer.status_code == 302
    appointment.refresh_from_db()
    assert (appointment.state, appointment.excuse) == (state, excuse)
    assert AppointmentOutcome.objects.get(appointment=appointment).by == cast.manager
    if outcome == "held":
        back = "next=%2Fappointments%2F"
        assert answer["Location"].endswith(f"/contacts/new/?appointment={appointment.uuid}&{back}")
    else:
        assert answer["Location"] == "/appointments/"


@pytest.mark.parametrize(
    ("before", "tapped"),
    [
        ({"state": "planned"}, "no_show"),
        ({"state": "planned"}, "cancelled_client"),
        ({"state": "no_show", "excuse": "undecided"}, "unexcused"),
        ({"state": "no_show", "excuse": "excused"}, "unexcused"),
    ],
)
def test_a_slip_of_the_thumb_is_undone_in_one_tap(
    cast: Cast, as_user: Any, before: dict[str, str], tapped: str
) -> None:
    start = timezone.now() - datetime.timedelta(hours=1)
    appointment = AppointmentFactory(client=reachable(cast.manager), starts_at=start, **before)
    browser = as_user(cast.manager)
    posted = {"outcome": tapped, "version": "1", "next": "/"}
    page = browser.post(url("outcome", appointment), posted, follow=True).content.decode()
    undo = html.unescape(re.search(r'action="([^"]*outcome/\?outcome=[^"]*)"', page)[1])

    answer = browser.post(undo)

    assert answer["Location"] == "/"
    appointment.refresh_from_db()
    assert {name: getattr(appointment, name) for name in before} == before
    assert AppointmentOutcome.objects.filter(appointment=appointment).count() == 2
    assert undo.split("?")[0] not in re.findall(
        r'action="([^"?]*)\?outcome=', browser.get("/").content.decode()
    )


def test_an_undo_after_somebody_else_changed_it_changes_nothing(cast: Cast, as_user: Any) -> None:
    start = timezone.now() - datetime.timedelta(hours=1)
    appointment = AppointmentFactory(client=reachable(cast.manager), starts_at=start)
    browser = as_user(cast.manager)
    browser.post(url("outcome", appointment), {"outcome": "no_show", "version": "1", "next": "/"})
    as_user(cast.substitute).post(url("outcome", appointment), {"outcome": "excused", "version": "2"})

    answer = browser.post(f"{url('outcome', appointment)}?outcome=planned&version=2&next=/", follow=True)

    assert answer.status_code == 409
    assert "Mareike Ostendahl hat am " in text_of(answer)
    appointment.refresh_from_db()
    assert (appointment.state, appointment.excuse) == ("no_show", "excused")


def test_a_held_outcome_alone_is_a_talk_at_its_planned_start(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    start = timezone.now() - datetime.timedelta(days=3)
    appointment = AppointmentFactory(client=client, starts_at=start)
    as_user(cast.manager).post(url("outcome", appointment), {"outcome": "held", "version": "1"})
    client.refresh_from_db()
    assert client.last_contact_on == timezone.localdate(start)
    assert client.counselling_started_on == timezone.localdate(start)


def test_an_outcome_is_corrected_and_taken_back_with_its_history(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    appointment = AppointmentFactory(client=client, starts_at=timezone.now() - datetime.timedelta(hours=1))
    browser = as_user(cast.manager)
    for number, outcome in enumerate(("no_show", "held", "planned"), start=1):
        browser.post(url("outcome", appointment), {"outcome": outcome, "version": str(number)})
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.PLANNED
    states = list(AppointmentOutcome.objects.filter(appointment=appointment).values_list("state", flat=True))
    assert states == ["no_show", "held", "planned"]
    client.refresh_from_db()
    assert client.last_contact_on is None


@pytest.mark.parametrize("outcome", ["no_show", "held", "moved", "unsinn", ""])
def test_a_future_appointment_cannot_be_held_or_missed(cast: Cast, as_user: Any, outcome: str) -> None:
    appointment = AppointmentFactory(client=reachable(cast.manager), starts_at=at(10))
    answer = as_user(cast.manager).post(url("outcome", appointment), {"outcome": outcome, "version": "1"})
    assert answer.status_code == 302
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.PLANNED
    assert not AppointmentOutcome.objects.exists()


def test_a_home_visit_is_met_or_not_and_never_a_no_show(cast: Cast, as_user: Any) -> None:
    start = timezone.now() - datetime.timedelta(hours=1)
    visit = AppointmentFactory(client=reachable(cast.manager), starts_at=start, channel=Channel.HOME_VISIT)
    browser = as_user(cast.manager)
    browser.post(url("outcome", visit), {"outcome": "no_show", "version": "1"})
    visit.refresh_from_db()
    assert visit.state == AppointmentState.PLANNED
    answer = browser.post(url("outcome", visit), {"outcome": "not_met", "version": "1"})
    assert f"?appointment={visit.uuid}" in answer["Location"]
    form = browser.get(answer["Location"]).context["form"]
    assert form.initial["result"] == "not_met_card"
    visit.refresh_from_db()
    assert visit.state == AppointmentState.NOT_MET


def test_a_second_outcome_is_refused_with_who_recorded_the_first(cast: Cast, as_user: Any) -> None:
    start = timezone.now() - datetime.timedelta(hours=1)
    appointment = AppointmentFactory(client=reachable(cast.manager), starts_at=start)
    browser = as_user(cast.manager)
    first = {"outcome": "cancelled_us", "version": "1", "reason": "Krankheit"}
    as_user(cast.substitute).post(url("outcome", appointment), first)
    recorded = timezone.localtime(AppointmentOutcome.objects.get().recorded_at)
    second = {"outcome": "no_show", "version": "1", "reason": "Niemand war da"}
    answer = browser.post(url("outcome", appointment), second)
    assert answer.status_code == 409
    page = text_of(answer)
    assert (
        f"Mareike Ostendahl hat am {recorded:%d.%m.%Y, %H:%M} schon „von uns abgesagt“ eingetragen. "
        "Ihr Eintrag ist nicht gespeichert; bitte prüfen Sie, was stimmt."
    ) in page
    assert 'value="Niemand war da"' in page
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.CANCELLED_US
    # Who has read that may record the other one all the same.
    assert browser.post(url("outcome", appointment), {**second, "version": "2"}).status_code == 302
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.NO_SHOW


def test_whoever_moves_an_appointment_with_an_outcome_reads_who_recorded_it(cast: Cast, as_user: Any) -> None:
    appointment = AppointmentFactory(client=reachable(cast.manager), starts_at=at(10))
    as_user(cast.substitute).post(
        url("outcome", appointment), {"outcome": "cancelled_client", "version": "1"}
    )
    post = {
        "form_token": str(uuid.uuid4()),
        "version": "1",
        "date": timezone.localdate(at(12)).isoformat(),
        "begins": "12:00",
        "ends": "13:00",
        "reason": "Schulfest",
    }
    answer = as_user(cast.manager).post(url("appointment_move", appointment), post)
    assert answer.status_code == 409
    assert "Mareike Ostendahl hat am " in text_of(answer)
    assert 'value="Schulfest"' in text_of(answer)


def test_a_cancellation_is_not_taken_back_into_a_taken_time(cast: Cast) -> None:
    first, second = reachable(cast.manager), reachable(cast.manager)
    appointment = AppointmentFactory(client=first, starts_at=at(10))
    record_outcome(Actor(cast.manager), appointment, "cancelled_us")
    AppointmentFactory(client=second, starts_at=at(10))
    with pytest.raises(Busy):
        record_outcome(Actor(cast.manager), appointment, "planned")


def test_a_date_by_letter_becomes_agreed_when_the_client_confirms(cast: Cast, as_user: Any) -> None:
    appointment = AppointmentFactory(client=reachable(cast.manager), starts_at=at(10), agreed_at=None)
    browser = as_user(cast.manager)
    assert "per Brief gesetzt" in text_of(browser.get(url("appointment", appointment)))
    browser.post(url("appointment_confirm", appointment), {"version": "1"})
    appointment.refresh_from_db()
    assert appointment.agreed_with_client


def test_a_date_is_confirmed_once_and_only_while_it_stands(cast: Cast) -> None:
    appointment = AppointmentFactory(client=reachable(cast.manager), starts_at=at(10), agreed_at=None)
    first, later = timezone.now(), timezone.now() + datetime.timedelta(hours=1)
    confirm_with_client(Actor(cast.manager, first), appointment, expected_version=1)
    confirm_with_client(Actor(cast.manager, later), appointment, expected_version=2)
    appointment.refresh_from_db()
    assert appointment.agreed_at == first
    other = AppointmentFactory(client=reachable(cast.manager), starts_at=at(14), agreed_at=None)
    record_outcome(Actor(cast.manager, first), other, "cancelled_client")
    other.refresh_from_db()
    with pytest.raises(IllegalOutcome):
        confirm_with_client(Actor(cast.manager, later), other, expected_version=other.version)


def test_an_interpreter_is_confirmed_in_one_tap(cast: Cast, as_user: Any) -> None:
    appointment = AppointmentFactory(
        client=reachable(cast.manager), starts_at=at(10), interpreter=InterpreterNeed.BOOKED
    )
    answer = as_user(cast.manager).post(url("interpreter", appointment), {"version": "1", "next": "/"})
    assert answer["Location"] == "/"
    appointment.refresh_from_db()
    assert appointment.interpreter == InterpreterNeed.CONFIRMED


@pytest.mark.parametrize("target", ["https://fremd.example/", "//fremd.example", "javascript:alert(1)"])
def test_a_button_never_leads_to_another_site(cast: Cast, as_user: Any, target: str) -> None:
    appointment = AppointmentFactory(client=reachable(cast.manager), starts_at=at(10))
    answer = as_user(cast.manager).post(
        url("outcome", appointment), {"outcome": "cancelled_us", "version": "1", "next": target}
    )
    assert answer["Location"] == url("appointment", appointment)


def test_who_sees_an_appointment(cast: Cast, as_user: Any) -> None:
    appointment = AppointmentFactory(client=reachable(cast.manager), starts_at=at(10))
    for name in ("appointment", "appointment_move", "appointment_edit"):
        seen = [
            who
            for who, user in cast.users.items()
            if as_user(user).get(url(name, appointment)).status_code == 200
        ]
        assert seen == ["manager", "substitute"]
    post = {"outcome": "cancelled_us", "version": "1"}
    assert as_user(cast.colleague).post(url("outcome", appointment), post).status_code == 404
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.PLANNED


def test_an_appointment_of_another_file_does_not_exist_here(cast: Cast, as_user: Any) -> None:
    client, other = reachable(cast.manager), reachable(cast.manager)
    appointment = AppointmentFactory(client=other, starts_at=at(10))
    path = reverse("file_appointments:appointment", args=[client.uuid, appointment.uuid])
    assert as_user(cast.manager).get(path).status_code == 404


def test_a_handover_moves_planned_appointments_and_leaves_a_colliding_one_without_holder(
    cast: Cast, as_user: Any
) -> None:
    client = reachable(cast.manager)
    free = AppointmentFactory(client=client, starts_at=at(10))
    colliding = AppointmentFactory(client=client, starts_at=at(14))
    past = AppointmentFactory(client=client, starts_at=at(10, days=-3))
    AppointmentFactory(client=reachable(cast.colleague), starts_at=at(14, 15))
    duty = next(duty for duty in duties.registered() if duty.code == "appointments")
    assert duty.open_for(cast.manager, client) == 2
    assert duty.transfer(Actor(cast.manager), cast.manager, cast.colleague, client) == 2
    for appointment in (free, colliding, past):
        appointment.refresh_from_db()
    assert free.manager == cast.colleague
    assert colliding.manager is None
    assert past.manager == cast.manager
    Client.objects.filter(pk=client.pk).update(manager=cast.colleague)
    page = as_user(cast.colleague).get(url("appointment", colliding))
    assert "seit der Übergabe ohne Zuständige" in text_of(page)
    refused = as_user(cast.colleague).post(
        url("appointment_take_over", colliding), {"version": str(colliding.version)}, follow=True
    )
    assert "Da steht schon ein Termin" in text_of(refused)


def test_what_a_leaving_stand_in_holds_goes_to_the_manager_of_the_file(cast: Cast) -> None:
    theirs = AppointmentFactory(client=reachable(cast.colleague), starts_at=at(10), manager=cast.manager)
    waiting = ClientFactory(municipality=cast.stutensee, inbox=True)
    nobodys = AppointmentFactory(
        client=waiting, starts_at=at(12), manager=cast.manager, recorded_by=cast.manager
    )
    own = AppointmentFactory(client=reachable(cast.manager), starts_at=at(14))
    duty = next(duty for duty in duties.registered() if duty.code == "appointments")
    assert duty.transfer(Actor(cast.admin), cast.manager, cast.substitute, None) == 3
    for appointment in (theirs, nobodys, own):
        appointment.refresh_from_db()
    # A successor has no right to see the first two, so they must not stand in her calendar.
    assert [row.manager for row in (theirs, nobodys, own)] == [cast.colleague, None, cast.substitute]


def test_a_closed_file_asks_for_no_outcome(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    appointment = AppointmentFactory(client=client, starts_at=timezone.now() - datetime.timedelta(hours=1))
    FollowUpFactory(client=client, due_on=timezone.localdate(), text="Frist der Familienkasse")
    derive(client)
    browser = as_user(cast.manager)
    waits = reverse("file_reports:due", args=[client.uuid])
    assert "Frist der Familienkasse" in text_of(browser.get(waits))
    assert url("outcome", appointment) in text_of(browser.get("/"))
    client.phase = "closed"
    client.save(update_fields=["phase"])
    derive(client)
    for page in ("/", f"/appointments/?day={timezone.localdate(appointment.starts_at)}"):
        assert url("outcome", appointment) not in text_of(browser.get(page))
    # Its only button would be refused.
    assert "Frist der Familienkasse" not in text_of(browser.get("/"))


def test_a_held_appointment_leads_to_its_log_until_it_is_logged(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    start = timezone.now() - datetime.timedelta(hours=1)
    appointment = AppointmentFactory(client=client, starts_at=start, outcome=AppointmentState.HELD)
    derive(client)
    browser = as_user(cast.manager)
    assert "gekommen; das Gespräch ist noch nicht erfasst" in text_of(browser.get("/"))
    contact = talk(client, cast.manager)
    Contact.objects.filter(pk=contact.pk).update(appointment=appointment)
    derive(client)
    assert "gekommen; das Gespräch ist noch nicht erfasst" not in text_of(browser.get("/"))


def test_a_service_called_without_a_form_refuses_overlap_too(cast: Cast) -> None:
    client = reachable(cast.manager)
    start = at(10)
    end = start + datetime.timedelta(minutes=30)
    plan_appointment(
        Actor(cast.manager), Appointment(client=client, starts_at=start, ends_at=end), agreed=True
    )
    with pytest.raises(Busy):
        plan_appointment(
            Actor(cast.manager), Appointment(client=client, starts_at=start, ends_at=end), agreed=True
        )
