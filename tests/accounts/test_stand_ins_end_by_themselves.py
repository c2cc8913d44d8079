"""Stand-ins by date: inside the period the files are there, outside they do not exist."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import StandIn, User
from accounts.services.stand_ins import end_stand_in, plan_stand_in, take_over_in_emergency
from clients.models import Client
from tests.factories.accounts import StandInFactory
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db

BERLIN = timezone.get_default_timezone()


def sees(user: User, file: Client) -> bool:
    return Client.objects.visible_to(User.objects.get(pk=user.pk)).filter(pk=file.pk).exists()


@pytest.mark.parametrize(
    ("last_day", "still", "over"),
    [
        # An ordinary week, and both nights on which the clock changes.
        ("2026-06-12", "2026-06-12 23:59", "2026-06-13 00:00"),
        ("2026-03-28", "2026-03-28 23:59", "2026-03-29 00:00"),
        ("2026-10-24", "2026-10-24 23:59", "2026-10-25 00:00"),
    ],
)
def test_it_ends_at_midnight_local_time(cast, last_day, still, over):
    file = ClientFactory(manager=cast.colleague, municipality=cast.stutensee)
    until = datetime.date.fromisoformat(last_day)
    StandInFactory(
        absent=cast.colleague, substitute=cast.manager, since=until - datetime.timedelta(days=4), until=until
    )

    with time_machine.travel(datetime.datetime.fromisoformat(still).replace(tzinfo=BERLIN), tick=False):
        assert sees(cast.manager, file)
    with time_machine.travel(datetime.datetime.fromisoformat(over).replace(tzinfo=BERLIN), tick=False):
        assert not sees(cast.manager, file)


def test_a_manager_plans_her_own(cast, as_user):
    today = timezone.localdate()
    answer = as_user(cast.colleague).post(
        "/stand-ins/new/",
        {
            "substitute": cast.manager.pk,
            "since": f"{today:%d.%m.%Y}",
            "until": f"{today + datetime.timedelta(days=3):%d.%m.%Y}",
            "reason": "Urlaub",
            "form_token": "6a6c3c0e-1f0e-4a57-9b7a-1d4b9c0c7a11",
            "version": "1",
        },
    )

    assert answer.status_code == 302
    stand_in = StandIn.objects.get(absent=cast.colleague, substitute=cast.manager)
    assert stand_in.planned_by == cast.colleague


def test_the_same_post_twice_plans_once(cast, as_user):
    today = timezone.localdate()
    fields = {
        "substitute": cast.manager.pk,
        "since": today.isoformat(),
        "until": today.isoformat(),
        "reason": "Fortbildung",
        "form_token": "6a6c3c0e-1f0e-4a57-9b7a-1d4b9c0c7a12",
        "version": "1",
    }
    browser = as_user(cast.colleague)

    assert browser.post("/stand-ins/new/", fields).status_code == 302
    assert browser.post("/stand-ins/new/", fields).status_code == 302
    assert StandIn.objects.filter(absent=cast.colleague, substitute=cast.manager).count() == 1


def test_an_end_before_the_beginning_is_said_at_its_field(cast, as_user):
    today = timezone.localdate()
    answer = as_user(cast.colleague).post(
        "/stand-ins/new/",
        {
            "substitute": cast.manager.pk,
            "since": today.isoformat(),
            "until": (today - datetime.timedelta(days=1)).isoformat(),
            "reason": "Urlaub",
            "form_token": "6a6c3c0e-1f0e-4a57-9b7a-1d4b9c0c7a13",
            "version": "1",
        },
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["until"]
    assert "Urlaub" in answer.content.decode()
    assert not StandIn.objects.filter(absent=cast.colleague, substitute=cast.manager).exists()


def test_a_stranger_cannot_be_chosen(cast, as_user):
    today = timezone.localdate()
    answer = as_user(cast.colleague).post(
        "/stand-ins/new/",
        {
            "substitute": cast.outsider.pk,
            "since": today.isoformat(),
            "until": today.isoformat(),
            "reason": "Urlaub",
            "form_token": "6a6c3c0e-1f0e-4a57-9b7a-1d4b9c0c7a14",
            "version": "1",
        },
    )

    assert answer.status_code == 422
    assert "substitute" in answer.context["form"].errors


def emergency(absent: User, days: int) -> StandIn:
    today = timezone.localdate()
    return StandIn(absent=absent, since=today, until=today + datetime.timedelta(days=days), reason="Unfall")


@time_machine.travel(datetime.datetime(2026, 6, 8, 9, 0, tzinfo=BERLIN), tick=False)
def test_an_emergency_lasts_at_most_five_working_days(cast):
    now = timezone.now()
    with pytest.raises(ValidationError, match="fünf Werktage"):
        take_over_in_emergency(Actor(cast.colleague, now), emergency(cast.manager, 7))

    stand_in = take_over_in_emergency(Actor(cast.colleague, now), emergency(cast.manager, 4))

    assert stand_in.substitute == cast.colleague
    assert stand_in.kind == "emergency"


@pytest.mark.parametrize(
    ("first_day", "last_day", "too_late"),
    [
        # Corpus Christi is Thursday, 4 June: Monday to Wednesday, Friday and the next Monday are five.
        ("2026-06-01", "2026-06-08", "2026-06-09"),
        # Whit Monday is 25 May; whoever steps in on it has Tuesday to the next Monday.
        ("2026-05-25", "2026-06-01", "2026-06-02"),
        # Stepping in on a Saturday leaves the whole week.
        ("2026-06-13", "2026-06-19", "2026-06-22"),
    ],
)
def test_a_public_holiday_is_none_of_the_five_working_days(cast, first_day, last_day, too_late):
    first, last, late = (datetime.date.fromisoformat(day) for day in (first_day, last_day, too_late))
    with pytest.raises(ValidationError, match="fünf Werktage"):
        step_in(cast, "colleague", first_day, (late - first).days)
    assert step_in(cast, "colleague", first_day, (last - first).days).until == last


def step_in(cast, by: str, day: str, days: int = 4) -> StandIn:
    moment = datetime.datetime.fromisoformat(f"{day} 09:00").replace(tzinfo=BERLIN)
    with time_machine.travel(moment, tick=False):
        return take_over_in_emergency(Actor(cast.users[by], moment), emergency(cast.manager, days))


@pytest.mark.parametrize("by", ["colleague", "former"])
@pytest.mark.parametrize(
    ("ended_on", "again_on", "days"),
    [
        # Monday to Friday, and again on the next Monday, or after four working days without one.
        (None, "2026-06-15", 0),
        (None, "2026-06-19", 0),
        # Ended on the second day, and on the first: the days it was in force count.
        ("2026-06-09", "2026-06-10", 5),
        ("2026-06-08", "2026-06-09", 6),
    ],
)
def test_emergencies_in_a_row_count_together(cast, by, ended_on, again_on, days):
    first = step_in(cast, "colleague", "2026-06-08")
    if ended_on:
        moment = datetime.datetime.fromisoformat(f"{ended_on} 09:00").replace(tzinfo=BERLIN)
        end_stand_in(Actor(cast.colleague, moment), first, expected_version=first.version)

    with pytest.raises(ValidationError, match=r"seit dem 08\.06\.2026.*Koordination") as refused:
        step_in(cast, by, again_on, days)

    assert list(refused.value.message_dict) == ["until"]
    assert StandIn.objects.filter(absent=cast.manager, kind="emergency").count() == 1


def test_what_is_left_of_five_days_can_still_be_used(cast):
    first = step_in(cast, "colleague", "2026-06-08", days=1)

    second = step_in(cast, "former", "2026-06-10", days=2)

    assert (first.until.isoformat(), second.until.isoformat()) == ("2026-06-09", "2026-06-12")


def test_another_emergency_begins_after_a_week_without_one(cast):
    step_in(cast, "colleague", "2026-06-08")

    assert step_in(cast, "colleague", "2026-06-22").pk


def test_an_emergency_needs_a_common_municipality(cast):
    with pytest.raises(ValidationError):
        take_over_in_emergency(Actor(cast.outsider), emergency(cast.manager, 1))


def test_ending_early_takes_effect_at_once(cast):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    stand_in = StandIn.objects.get(substitute=cast.substitute)
    assert sees(cast.substitute, file)

    end_stand_in(Actor(cast.manager), stand_in, expected_version=stand_in.version)

    assert not sees(cast.substitute, file)


def test_planning_twice_is_refused(cast):
    today = timezone.localdate()
    first = StandIn(absent=cast.colleague, substitute=cast.manager, since=today, until=today, reason="Urlaub")
    again = StandIn(absent=cast.colleague, substitute=cast.manager, since=today, until=today, reason="Urlaub")
    plan_stand_in(Actor(cast.colleague), first)
    with pytest.raises(ValidationError):
        plan_stand_in(Actor(cast.colleague), again)


def test_an_outsider_cannot_end_a_stand_in(cast, as_user):
    stand_in = StandIn.objects.get(substitute=cast.substitute)
    assert as_user(cast.outsider).post(f"/stand-ins/{stand_in.uuid}/end/").status_code == 404
    stand_in.refresh_from_db()
    assert stand_in.ended_on is None


# --- whoever was stood in for is told -------------------------------------------------------------------


@pytest.fixture
def stepped_in(cast):
    """Tobias stepped in for Jana this Monday; on Friday it ended by itself."""
    return step_in(cast, "colleague", "2026-06-08")


def page(as_user, user, url: str, day: str) -> str:
    with time_machine.travel(
        datetime.datetime.fromisoformat(f"{day} 10:00").replace(tzinfo=BERLIN), tick=False
    ):
        return " ".join(as_user(user).get(url).content.decode().split())


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-06-10", "Notvertretung bis 12.06.: Unfall"),
        ("2026-06-15", "Notvertretung vom 08.06. bis 12.06.: Unfall"),
        ("2026-06-30", ""),
    ],
)
def test_she_reads_it_in_her_day_and_the_coordination_on_its_page(cast, as_user, stepped_in, day, said):
    for user, url in ((cast.manager, "/"), (cast.coordinator, "/reports/")):
        text = page(as_user, user, url, day)
        assert (said in text) if said else ("Notvertretung" not in text)
        if said:
            assert "Tobias Kettelhack" in text


def test_nobody_else_is_told(cast, as_user, stepped_in):
    assert "Unfall" not in page(as_user, cast.officer, "/reports/", "2026-06-10")
    assert "Unfall" not in page(as_user, cast.former, "/", "2026-06-10")
    assert "Unfall" not in page(as_user, cast.coordinator, "/reports/?place=PFI", "2026-06-10")


def test_the_file_lists_it_for_good(cast, as_user, stepped_in):
    with time_machine.travel(datetime.datetime(2026, 6, 1, 9, 0, tzinfo=BERLIN), tick=False):
        file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
        later = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    later.responsibilities.update(since=datetime.datetime(2026, 6, 20, 9, 0, tzinfo=BERLIN))
    said = "Tobias Kettelhack, 08.06.2026 – 12.06.2026 · Notvertretung: Unfall"

    assert said in page(as_user, cast.manager, f"/clients/{file.uuid}/access-log/", "2026-08-03")
    assert said not in page(as_user, cast.manager, f"/clients/{later.uuid}/access-log/", "2026-08-03")
