"""What comes again and again: the five most used chips, entries of one tap, and the last time once more."""

import datetime
from collections import Counter
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.choices import Channel, Result, SpokenWith
from appointments.forms.next_steps import DEADLINE
from appointments.habits import MONTHS, habits_of, in_sight
from appointments.models import Contact, FollowUp
from clients.models import Draft
from tests.appointments.log_desk import reachable, routine, talk, text_of, topic
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def new(client: Any, query: str = "") -> str:
    return reverse("file_appointments:contact_new", args=[client.uuid]) + query


def seen(page: Any, name: str) -> list[str]:
    """The values of the chips that are shown at once."""
    widget = page.context["form"].fields[name].widget
    return [str(value) for value, _label in widget.choices if str(value) in widget.in_sight()]


def test_her_five_most_used_channels_and_topics_are_in_sight(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    for channel in (Channel.VIDEO, Channel.VIDEO, Channel.ACCOMPANIMENT):
        talk(client, cast.manager, channel=channel, main_topic=topic("residence"))
    page = as_user(cast.manager).get(new(client))
    # Used ones, then the first of the list; in the order of the list, so that none changes its place.
    assert seen(page, "channel") == ["office", "open_hour", "phone", "video", "accompaniment"]
    labels = dict(page.context["form"].fields["main_topic"].widget.choices)
    assert [labels[key] for key in seen(page, "main_topic")] == [
        "Post und Anträge",
        "Finanzen",
        "Familie",
        "Bildung",
        "Aufenthalt",
    ]
    assert "mehr" in text_of(page)


def test_habits_are_her_own_and_of_the_last_six_months(cast: Cast) -> None:
    client = reachable(cast.manager)
    talk(client, cast.manager, channel=Channel.VIDEO)
    talk(client, cast.manager, channel=Channel.ACCOMPANIMENT, hours_ago=24 * 31 * (MONTHS + 1))
    now = timezone.now()
    assert set(habits_of(cast.manager, client, now).channels) == {Channel.VIDEO}
    assert not habits_of(cast.colleague, client, now).channels


def test_without_habits_the_first_five_are_in_sight() -> None:
    assert in_sight("abcdefg", Counter()) == set("abcde")


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("letter", {"channel": "office", "minutes": 15, "letters_read": 1, "forms_filled": 0}),
        ("form", {"channel": "office", "minutes": 15, "letters_read": 0, "forms_filled": 1}),
        ("missed", {"channel": "phone", "result": "not_reached", "minutes": None}),
    ],
)
def test_a_quick_entry_is_one_tap_and_saving(
    cast: Cast, as_user: Any, code: str, facts: dict[str, Any]
) -> None:
    client = reachable(cast.manager)
    browser = as_user(cast.manager)
    page = browser.post(new(client), routine(quick=code, main_topic=None, note="Schon getippt."))
    assert page.status_code == 200
    assert not Contact.objects.exists()
    form = page.context["form"]
    assert form["note"].value() == "Schon getippt."
    fields = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, "", [])}
    assert browser.post(new(client), {**routine(main_topic=None), **fields}).status_code == 302
    contact = Contact.objects.get()
    assert {name: getattr(contact, name) for name in facts} == facts
    assert contact.main_topic == (None if code == "missed" else topic("post"))


def test_a_call_to_an_office_only_asks_which(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    page = as_user(cast.manager).get(new(client, "?quick=call"))
    form = page.context["form"]
    assert (form["channel"].value(), form["spoken_with"].value()) == (Channel.PHONE, SpokenWith.THIRD_PARTY)
    assert "andere Stelle" in form.preset_hint


def test_what_was_typed_before_a_quick_entry_is_kept_as_a_draft(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    browser = as_user(cast.manager)
    key = browser.get(new(client)).context["draft_key"]
    browser.post(new(client), routine(quick="letter", note="", draft_key=key))
    assert not Draft.objects.exists()
    browser.post(new(client), routine(quick="letter", note="Wichtig.", draft_key=key))
    assert Draft.objects.get().data["note"] == ["Wichtig."]


def test_as_last_time_takes_everything_but_the_note(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    browser = as_user(cast.manager)
    assert "again" not in dict(browser.get(new(client)).context["quick"])
    talk(
        client,
        cast.manager,
        hours_ago=30,
        channel=Channel.VIDEO,
        minutes=45,
        main_topic=topic("family"),
        spoken_with=SpokenWith.LEGAL_REPRESENTATIVE,
        note="Alt.",
    )
    talk(client, cast.manager, channel=Channel.PHONE, result=Result.NOT_REACHED)
    page = browser.get(new(client))
    assert "Wie zuletzt" in text_of(page)
    form = browser.post(new(client), routine(quick="again", note="")).context["form"]
    values = [form[name].value() for name in ("channel", "minutes", "spoken_with", "main_topic", "note")]
    assert values == [Channel.VIDEO, "45", SpokenWith.LEGAL_REPRESENTATIVE, str(topic("family").pk), ""]


def test_an_unknown_quick_entry_fills_in_nothing(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    page = as_user(cast.manager).get(new(client, "?quick=quatsch"))
    assert page.context["form"]["channel"].value() == Channel.OFFICE


def test_the_deadline_of_an_authority_is_one_tap_and_its_day(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    browser = as_user(cast.manager)
    refused = browser.post(new(client), routine(follow_up_in=DEADLINE))
    assert refused.context["form"].errors["follow_up_on"] == ["Bis wann? Bitte den Tag eingeben."]
    day = timezone.localdate() + datetime.timedelta(days=12)
    browser.post(new(client), routine(follow_up_in=DEADLINE, follow_up_on=day.isoformat()))
    follow_up = FollowUp.objects.get()
    assert (follow_up.due_on, follow_up.is_hard, follow_up.owner) == (day, True, cast.manager)
