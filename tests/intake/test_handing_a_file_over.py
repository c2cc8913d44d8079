"""A file changes hands when the colleague accepts; until then she knows little, and afterwards the giver nothing."""

import datetime
import re
import uuid
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.rules.calendar import subtract_working_days
from accounts.services.users import deactivate
from audit.models import AuditEntry
from clients.choices import Phase
from clients.models import Client, ClosingReason, Responsibility
from clients.services.files import close_counselling
from clients.services.responsibility import assign
from intake.models import Handover
from intake.services.handovers import (
    NothingToAnswer,
    accept_handovers,
    decline_handover,
    propose_handover,
    propose_handovers,
    withdraw_handover,
)
from outreach.models import Ladder
from tests.access.typing import typed_form
from tests.factories.appointments import AppointmentFactory, FollowUpFactory
from tests.factories.clients import ClientFactory, ClientLanguageFactory
from tests.factories.handovers import HandoverFactory
from tests.overlap import at_once
from tests.worklists import derive

NOTE = "Bitte übernehmen, Sie kennen die Familie aus der Schule"


@pytest.fixture
def file(cast):
    return ClientFactory(
        manager=cast.manager, municipality=cast.stutensee, surname="Geheimova", intensity="regular"
    )


def proposed(file, to, by=None):
    return propose_handover(Actor(by or file.manager), Handover(client=file, proposed_to=to, note=NOTE))


def propose_by_form(browser, file, to, note=NOTE):
    path = reverse("file_intake:handover_new", args=[file.uuid])
    form = typed_form(browser.get(path).content.decode())
    post = {**form.completed({}), "proposed_to": str(to.pk), "note": note}
    return browser.post(path, post, follow=True)


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def my_day(browser):
    return text_of(browser.get("/"))


@pytest.mark.django_db
def test_a_file_goes_from_one_manager_to_the_other(cast, as_user, file):
    giver, receiver = as_user(cast.manager), as_user(cast.colleague)
    ahead = AppointmentFactory(client=file, manager=cast.manager)
    to_do = FollowUpFactory(client=file, owner=cast.manager)
    page = text_of(propose_by_form(giver, file, cast.colleague))
    assert "Tobias Kettelhack ist gefragt." in page
    handover = Handover.objects.get()
    assert receiver.get(file.get_absolute_url()).status_code == 404
    assert NOTE in my_day(receiver)
    assert "hat noch nicht geantwortet" in text_of(giver.get(reverse("intake:handover_list")))

    answer = receiver.post(reverse("intake:handover_accept", args=[handover.uuid]), follow=True)

    assert f"Die Akte {file.case_no} ist jetzt Ihre." in text_of(answer)
    assert receiver.get(file.get_absolute_url()).status_code == 200
    assert giver.get(file.get_absolute_url()).status_code == 404
    ahead.refresh_from_db()
    to_do.refresh_from_db()
    assert (ahead.manager, to_do.owner) == (cast.colleague, cast.colleague)
    row = Responsibility.objects.get(client=file, until=None)
    assert (row.manager, row.former_manager, row.is_taking) == (cast.colleague, cast.manager, False)
    assert AuditEntry.objects.filter(subject_ref=file.subject_ref, action="handover.accepted").exists()
    receipt = text_of(giver.get(reverse("intake:handover_list")))
    assert "Tobias Kettelhack hat die Akte übernommen; mitgegangen: Termine: 1, Wiedervorlagen: 1" in receipt
    assert "Geheimova" not in receipt
    assert "hat die Akte übernommen" in my_day(giver)
    history = text_of(receiver.get(reverse("clients:timeline", args=[file.uuid])))
    assert "Übergabe an Tobias Kettelhack vorgeschlagen" in history
    assert "Übergabe an Tobias Kettelhack: angenommen" in history


@pytest.mark.django_db
def test_before_accepting_the_colleague_reads_number_phase_intensity_languages_and_note(cast, as_user, file):
    ClientLanguageFactory(client=file)
    proposed(file, cast.colleague)
    page = text_of(as_user(cast.colleague).get(reverse("intake:handover_list")))
    for told in (file.case_no, "aktiv", "Arabisch", NOTE, "Jana Rehbaum"):
        assert told in page
    for kept in ("Geheimova", "Nadia", "1990", str(file.uuid)):
        assert kept not in page
        assert kept not in my_day(as_user(cast.colleague))


@pytest.mark.django_db
def test_nobody_else_sees_or_answers_a_proposal(cast, as_user, file):
    handover = proposed(file, cast.colleague)
    for user in (cast.former, cast.outsider, cast.substitute, cast.manager):
        browser = as_user(user)
        assert browser.post(reverse("intake:handover_accept", args=[handover.uuid])).status_code == 404
        assert browser.get(reverse("intake:handover_decline", args=[handover.uuid])).status_code == 404
        if user != cast.manager:
            assert NOTE not in text_of(browser.get(reverse("intake:handover_list")))
    with pytest.raises(NothingToAnswer):
        accept_handovers(Actor(cast.former), [handover])
    file.refresh_from_db()
    assert file.manager == cast.manager


@pytest.mark.django_db
def test_it_is_declined_with_a_reason_that_the_giver_reads(cast, as_user, file):
    handover = proposed(file, cast.colleague)
    browser = as_user(cast.colleague)
    path = reverse("intake:handover_decline", args=[handover.uuid])
    token = {"form_token": str(uuid.uuid4())}
    assert browser.post(path, {"reason": " ", **token}).status_code == 422
    answer = browser.post(path, {"reason": "Ich bin ab März in Elternzeit", **token}, follow=True)
    assert "Die Akte bleibt, wo sie ist." in text_of(answer)
    assert "übernimmt die Akte nicht: Ich bin ab März in Elternzeit" in my_day(as_user(cast.manager))
    assert NOTE not in my_day(browser)
    assign(Actor(cast.coordinator), file, cast.former)
    assert "Geheimova" not in text_of(as_user(cast.manager).get(reverse("intake:handover_list")))
    with pytest.raises(NothingToAnswer):
        accept_handovers(Actor(cast.colleague), [handover])


@pytest.mark.django_db
def test_the_giver_withdraws_it_and_asks_somebody_else(cast, as_user, file):
    handover = proposed(file, cast.colleague)
    browser = as_user(cast.manager)
    with pytest.raises(ValidationError, match="Tobias Kettelhack ist schon gefragt"):
        proposed(file, cast.former)
    path = reverse("file_intake:handover_withdraw", args=[file.uuid, handover.uuid])
    assert "Die Akte bleibt bei Ihnen." in text_of(browser.post(path, follow=True))
    assert "Hier gibt es nichts mehr zu beantworten" in text_of(browser.post(path, follow=True))
    late = as_user(cast.colleague).post(reverse("intake:handover_accept", args=[handover.uuid]), follow=True)
    assert "Hier gibt es nichts mehr zu beantworten" in text_of(late)
    proposed(file, cast.former)
    file.refresh_from_db()
    assert file.manager == cast.manager


@pytest.mark.django_db
def test_who_does_not_serve_there_or_is_oneself_is_refused_at_the_field(cast, as_user, file):
    browser = as_user(cast.manager)
    path = reverse("file_intake:handover_new", args=[file.uuid])
    for user in (cast.outsider, cast.manager, cast.officer):
        answer = browser.post(path, {"proposed_to": str(user.pk), "note": NOTE, "version": "1"})
        assert answer.status_code == 422
        assert "proposed_to" in answer.context["form"].errors
        assert NOTE in answer.content.decode()
    with pytest.raises(ValidationError, match="arbeitet heute nicht in dieser Kommune"):
        proposed(file, cast.outsider)
    with pytest.raises(ValidationError, match="schon Ihre"):
        proposed(file, cast.manager)
    assert not Handover.objects.exists()


@pytest.mark.django_db
def test_a_stand_in_hands_nothing_over(cast, as_user, file):
    path = reverse("file_intake:handover_new", args=[file.uuid])
    assert as_user(cast.substitute).get(path).status_code == 403
    assert "Akte übergeben" not in text_of(as_user(cast.substitute).get(file.get_absolute_url()))


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["closed", "assigned", "left"])
def test_a_proposal_lapses_when_the_file_closes_or_changes_hands(cast, as_user, file, what):
    handover = proposed(file, cast.colleague)
    if what == "closed":
        reason = ClosingReason.objects.first()
        close_counselling(Actor(cast.manager), file, reason=reason, on=timezone.localdate())
    elif what == "assigned":
        assign(Actor(cast.coordinator), file, cast.former)
    else:
        deactivate(Actor(cast.admin), cast.manager, reason="geht")
    handover.refresh_from_db()
    assert handover.state == "lapsed"
    assert NOTE not in my_day(as_user(cast.colleague))
    with pytest.raises(NothingToAnswer):
        accept_handovers(Actor(cast.colleague), [handover])


@pytest.mark.django_db
@pytest.mark.parametrize(("waits", "state"), [(10, "proposed"), (11, "expired")])
def test_a_proposal_nobody_answers_expires_after_ten_working_days(cast, as_user, file, waits, state):
    today = timezone.localdate()
    handover = HandoverFactory(
        client=file,
        proposed_by=cast.manager,
        proposed_to=cast.colleague,
        note=NOTE,
        proposed_at=timezone.now() - (today - subtract_working_days(today, waits)),
    )
    derive(file)
    handover.refresh_from_db()
    assert handover.state == state
    day = text_of(as_user(cast.manager).get("/"))
    told = (
        f"{cast.colleague} hat nicht innerhalb von zehn Arbeitstagen geantwortet. Die Akte bleibt bei Ihnen."
    )
    assert (told in day) is (state == "expired")
    assert (f"Zeit bis {today:%d.%m.%Y}" in day) is (state == "proposed")
    assert (NOTE in my_day(as_user(cast.colleague))) is (state == "proposed")
    if state == "expired":
        assert propose_by_form(as_user(cast.manager), file, cast.colleague).status_code == 200
        assert Handover.objects.filter(client=file, state="proposed").count() == 1


@pytest.mark.django_db
def test_what_expired_in_the_night_cannot_be_accepted_before_the_daily_run(cast, as_user, file):
    late = HandoverFactory(
        client=file,
        proposed_by=cast.manager,
        proposed_to=cast.colleague,
        note=NOTE,
        proposed_at=timezone.now() - datetime.timedelta(days=30),
    )
    colleague = as_user(cast.colleague)
    assert NOTE not in text_of(colleague.get("/clients/handovers/"))
    colleague.post("/clients/handovers/accept/")
    colleague.post(reverse("intake:handover_accept", args=[late.uuid]))
    assert Client.objects.get(pk=file.pk).manager == cast.manager
    with pytest.raises(NothingToAnswer):
        decline_handover(Actor(cast.colleague), late, reason="zu spät")
    withdraw_handover(Actor(cast.manager), late)
    assert Handover.objects.get(pk=late.pk).state == "withdrawn"


@pytest.mark.django_db
def test_what_a_stand_in_holds_in_the_file_goes_along(cast, file):
    held = AppointmentFactory(client=file, manager=cast.substitute)
    noted = FollowUpFactory(client=file, owner=cast.substitute)
    accept_handovers(Actor(cast.colleague), [proposed(file, cast.colleague)])
    held.refresh_from_db()
    noted.refresh_from_db()
    assert (held.manager, noted.owner) == (cast.colleague, cast.colleague)


@pytest.mark.django_db
def test_an_appointment_that_meets_hers_waits_to_be_moved(cast, as_user, file):
    mine = AppointmentFactory(client=file, manager=cast.manager)
    other = ClientFactory(manager=cast.colleague, municipality=cast.stutensee)
    AppointmentFactory(client=other, manager=cast.colleague, starts_at=mine.starts_at, ends_at=mine.ends_at)
    accept_handovers(Actor(cast.colleague), [proposed(file, cast.colleague)])
    mine.refresh_from_db()
    assert mine.manager is None


@pytest.mark.django_db
def test_an_open_ladder_travels_and_none_begins(cast, as_user):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee, phase=Phase.CONTACTING)
    accept_handovers(Actor(cast.colleague), [proposed(file, cast.colleague)])
    ladder = Ladder.objects.get(client=file)
    assert ladder.ended_at is None
    accept_handovers(Actor(cast.former), [proposed(file, cast.former, by=cast.colleague)])
    assert list(Ladder.objects.filter(client=file).values_list("key", "ended_at")) == [(ladder.key, None)]


@pytest.mark.django_db
def test_several_files_are_proposed_at_once_and_only_ones_own(cast, as_user, file):
    other = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    foreign = ClientFactory(manager=cast.former, municipality=cast.stutensee)
    browser = as_user(cast.manager)
    sent = {"act": "handover", "file": [str(row.uuid) for row in (file, other, foreign)]}
    path = browser.post(reverse("clients:list_pick"), sent).url
    shown = text_of(browser.get(path))
    assert "Für 2 Akten: " in shown
    assert [row.case_no in shown for row in (file, other, foreign)] == [True, True, False]
    asked = {"proposed_to": str(cast.colleague.pk), "note": NOTE}
    answer = browser.post(path, {**asked, "form_token": str(uuid.uuid4())}, follow=True)
    assert "Für 2 Akten ist die Übergabe vorgeschlagen." in text_of(answer)
    assert set(Handover.objects.values_list("client", flat=True)) == {file.pk, other.pk}
    again = browser.post(path, {**asked, "form_token": str(uuid.uuid4())}, follow=True)
    assert "Für die übrigen ist schon jemand gefragt." in text_of(again)
    assert Handover.objects.count() == 2
    taken = as_user(cast.colleague).post(reverse("intake:handover_accept_all"), follow=True)
    assert "Sie haben 2 Akten übernommen." in text_of(taken)
    assert Client.objects.filter(manager=cast.colleague).count() == 2


@pytest.mark.django_db
def test_without_files_of_ones_own_nothing_is_asked(cast, as_user):
    foreign = ClientFactory(manager=cast.former, municipality=cast.stutensee)
    browser = as_user(cast.manager)
    assert browser.get(reverse("intake:handover_new_many")).url == reverse("clients:list")
    sent = {"act": "handover", "file": [str(foreign.uuid)]}
    answer = browser.post(reverse("clients:list_pick"), sent, follow=True)
    assert "Bitte wählen Sie zuerst die Akten aus." in text_of(answer)
    assert not Handover.objects.exists()


@pytest.mark.django_db
def test_thirty_files_are_proposed_with_as_many_statements_as_one(cast):
    def count(number):
        files = [ClientFactory(manager=cast.manager, municipality=cast.stutensee) for _one in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            propose_handovers(Actor(cast.manager), files, cast.colleague, NOTE)
        return len(captured)

    count(1)  # what is read once in a process
    assert count(1) == count(30)


@pytest.mark.django_db
def test_my_day_takes_as_many_statements_for_many_offers_as_for_one(cast, as_user):
    browser = as_user(cast.colleague)

    def count():
        with CaptureQueriesContext(connection) as captured:
            browser.get("/")
        return len(captured)

    files = [ClientFactory(manager=cast.manager, municipality=cast.stutensee) for _one in range(12)]
    for one in files:
        one.manager = cast.manager
    HandoverFactory(client=files[0], proposed_to=cast.colleague)
    count()
    first = count()
    for one in files[1:]:
        HandoverFactory(client=one, proposed_to=cast.colleague)
    assert count() == first
    assert "möchte Ihnen 12 Akten übergeben" in my_day(browser)


@pytest.mark.django_db(transaction=True)
def test_of_accepting_and_withdrawing_at_once_one_holds():
    from tests.cast import load_cast

    cast = load_cast()
    for _round in range(4):
        file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
        handover = proposed(file, cast.colleague)
        results = at_once(
            partial(accept_handovers, Actor(cast.colleague), [handover]),
            partial(withdraw_handover, Actor(cast.manager), handover),
        )
        handover.refresh_from_db()
        file.refresh_from_db()
        failed = [result for result in results if isinstance(result, Exception)]
        assert len(failed) == 1
        expected = ("accepted", cast.colleague) if failed[0] is results[1] else ("withdrawn", cast.manager)
        assert (handover.state, file.manager) == expected


@pytest.mark.django_db(transaction=True)
def test_of_two_proposals_at_once_one_holds():
    from tests.cast import load_cast

    cast = load_cast()
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    results = at_once(lambda: proposed(file, cast.colleague), lambda: proposed(file, cast.former))
    assert sum(isinstance(result, ValidationError) for result in results) == 1
    assert Handover.objects.filter(state="proposed").count() == 1


@pytest.mark.django_db
def test_pressing_twice_leads_to_the_file(cast, as_user, file):
    handover = proposed(file, cast.colleague)
    browser = as_user(cast.colleague)
    path = reverse("intake:handover_accept", args=[handover.uuid])
    browser.post(path)
    assert browser.post(path).headers["Location"] == file.get_absolute_url()


@pytest.mark.django_db
def test_who_no_longer_serves_there_cannot_take_it_over(cast, file):
    handover = proposed(file, cast.colleague)
    cast.colleague.services.update(until=timezone.localdate() - datetime.timedelta(days=1))
    with pytest.raises(ValidationError, match="nicht mehr in der Kommune dieser Akte"):
        accept_handovers(Actor(cast.colleague), [handover])
    with pytest.raises(ValidationError):
        decline_handover(Actor(cast.colleague), handover, reason="")


def test_whoever_serves_the_town_no_more_has_no_proposals_of_it(cast, as_user, file):
    proposal = HandoverFactory(client=file, proposed_by=cast.manager, proposed_to=cast.colleague)
    assert proposal in Handover.objects.offered_to(cast.colleague)
    cast.colleague.services.update(until=timezone.localdate() - datetime.timedelta(days=1))
    assert proposal not in Handover.objects.offered_to(type(cast.colleague).objects.get(pk=cast.colleague.pk))
