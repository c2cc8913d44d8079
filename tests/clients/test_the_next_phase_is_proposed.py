"""Later phases are proposed with a reason; the manager sets them (decision 0017)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from clients.choices import Phase
from clients.models import CounsellingPeriod, PhaseChange
from clients.rules.phases import PhaseFacts, may_follow, propose_phase
from tests.factories.clients import AccommodationFactory, ClientFactory, note_intensity, recount_contacts
from tests.worklists import derive, lines_of

BEGUN = datetime.date(2019, 1, 10)
TALK = datetime.date(2019, 1, 24)


def proposed(phase, **facts):
    return propose_phase(PhaseFacts(phase=phase, since=BEGUN, **facts))


# --- The rule ----------------------------------------------------------------------------------------------


def test_a_talk_ends_making_contact():
    found = proposed(Phase.CONTACTING, last_talk_on=TALK)
    assert (found.phase, found.on, found.begins_on) == (Phase.INTAKE, TALK, TALK)
    with override("de"):
        reason = proposed(Phase.CONTACTING, last_talk_on=TALK).reason
    assert reason == "Am 24.01.2019 fand ein Gespräch statt: Die Person ist erreicht."


def test_a_confirmed_intensity_ends_the_intake():
    with override("de"):
        found = proposed(Phase.INTAKE, last_talk_on=TALK, intensity="intensive", intensity_since=TALK)
    assert found.phase == Phase.ACTIVE
    assert found.reason == "Am 24.01.2019 wurde die Intensität „intensiv“ bestätigt: Der Bedarf ist bekannt."


def test_a_talk_after_the_pause_began_speaks_for_its_end():
    assert proposed(Phase.PAUSED, last_talk_on=TALK).phase == Phase.ACTIVE
    # In the talk of that day the pause was agreed.
    assert proposed(Phase.PAUSED, last_talk_on=BEGUN) is None


@pytest.mark.parametrize(
    ("phase", "facts"),
    [
        (Phase.CONTACTING, {}),
        (Phase.CONTACTING, {"intensity": "regular", "intensity_since": TALK}),
        (Phase.INTAKE, {"last_talk_on": TALK}),
        (Phase.ACCESS, {"last_talk_on": TALK}),
        (Phase.ACTIVE, {"last_talk_on": TALK, "intensity": "crisis", "intensity_since": TALK}),
        (Phase.CLOSED, {"last_talk_on": TALK}),
    ],
)
def test_without_its_fact_no_phase_is_proposed_and_never_a_pause_or_the_end(phase, facts):
    assert proposed(phase, **facts) is None


def test_what_happened_before_the_file_was_reopened_proposes_nothing():
    reopened = TALK + datetime.timedelta(days=1)
    old = {"reopened_on": reopened, "last_talk_on": TALK, "intensity": "regular", "intensity_since": TALK}
    assert proposed(Phase.CONTACTING, **old) is None
    assert proposed(Phase.INTAKE, **old) is None
    assert proposed(Phase.CONTACTING, reopened_on=TALK, last_talk_on=TALK).phase == Phase.INTAKE


def test_a_phase_never_begins_before_the_present_one():
    earlier = BEGUN - datetime.timedelta(days=3)
    found = proposed(Phase.INTAKE, intensity="regular", intensity_since=earlier)
    assert (found.on, found.begins_on) == (earlier, BEGUN)


@pytest.mark.parametrize("phase", Phase)
def test_only_a_phase_that_may_follow_is_proposed(phase):
    found = proposed(phase, last_talk_on=TALK, intensity="regular", intensity_since=TALK)
    assert found is None or may_follow(phase, found.phase)


# --- Mein Tag and the file ---------------------------------------------------------------------------------


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def client(cast):
    found = ClientFactory(
        municipality=cast.stutensee, manager=cast.manager, phase=Phase.CONTACTING, surname="Rahmatyar"
    )
    AccommodationFactory(client=found)
    return found


def phase_lines(user):
    return lines_of(user, kinds=["phase"])


def test_it_works(cast, as_user, client, today):
    talk = today - datetime.timedelta(days=2)
    recount_contacts(client, [talk])
    (line,) = phase_lines(cast.manager)
    assert (line.case_no, line.action_label) == (client.case_no, "Phase auf „Erstgespräch“ setzen")
    assert line.state == "later"
    browser = as_user(cast.manager)
    page = browser.get(line.action_url).text
    assert "Die Person ist erreicht." in page
    assert f'value="{talk.isoformat()}"' in page
    browser.post(
        line.action_url,
        {
            "form_token": "11111111-1111-4111-8111-111111111111",
            "version": client.version,
            "phase": "intake",
            "on": talk.isoformat(),
        },
    )
    client.refresh_from_db()
    assert (client.phase, client.phase_since) == (Phase.INTAKE, talk)
    assert phase_lines(cast.manager) == []


def test_nothing_is_set_by_itself(cast, as_user, client, today):
    recount_contacts(client, [today])
    as_user(cast.manager).get("/")
    client.refresh_from_db()
    assert client.phase == Phase.CONTACTING
    assert PhaseChange.objects.filter(client=client).count() == 1


def test_the_file_says_what_speaks_for_the_next_phase(cast, as_user, client, today):
    browser = as_user(cast.manager)
    link = f'href="/clients/{client.uuid}/phase/"'
    assert link not in browser.get(f"/clients/{client.uuid}/").text
    recount_contacts(client, [today])
    for page in (f"/clients/{client.uuid}/", f"/clients/{client.uuid}/person/"):
        text = browser.get(page).text
        assert "Die Person ist erreicht." in text
        assert text.count(link) == 1


def test_a_proposal_left_alone_falls_silent_and_stays_in_the_file(cast, as_user, client, today):
    recount_contacts(client, [today - datetime.timedelta(days=29)])
    assert phase_lines(cast.manager) == []
    assert "Die Person ist erreicht." in as_user(cast.manager).get(f"/clients/{client.uuid}/").text
    # The next talk speaks for it anew.
    recount_contacts(client, [today])
    assert len(phase_lines(cast.manager)) == 1


def test_an_intensity_left_alone_is_not_brought_up_again_by_every_talk(cast, client, today):
    client.phase = Phase.INTAKE
    client.save()
    note_intensity(client, "regular", today - datetime.timedelta(days=29))
    recount_contacts(client, [today])
    assert phase_lines(cast.manager) == []


def test_a_reopened_file_starts_from_its_new_period(cast, client, today):
    recount_contacts(client, [today - datetime.timedelta(days=5)])
    first = CounsellingPeriod.objects.get(client=client)
    first.closed_on = today - datetime.timedelta(days=4)
    first.save()
    CounsellingPeriod.objects.create(client=client, opened_on=today - datetime.timedelta(days=3))
    assert phase_lines(cast.manager) == []
    recount_contacts(client, [today])
    assert len(phase_lines(cast.manager)) == 1


def test_a_stand_in_sets_no_phase_and_is_not_asked_to(cast, as_user, client, today):
    recount_contacts(client, [today])
    assert phase_lines(cast.substitute) == []
    assert "Die Person ist erreicht." not in as_user(cast.substitute).get(f"/clients/{client.uuid}/").text


def test_ten_proposals_ask_no_more_of_the_database_than_one(cast, client, today, django_assert_num_queries):
    recount_contacts(client, [today])
    derive()
    lines_of(cast.manager, fresh=False)
    with CaptureQueriesContext(connection) as one:
        assert len(lines_of(cast.manager, kinds=["phase"], fresh=False)) == 1
    for _number in range(9):
        other = ClientFactory(municipality=cast.stutensee, manager=cast.manager, phase=Phase.CONTACTING)
        AccommodationFactory(client=other)
        recount_contacts(other, [today])
    derive()
    with django_assert_num_queries(len(one)):
        assert len(lines_of(cast.manager, kinds=["phase"], fresh=False)) == 10
