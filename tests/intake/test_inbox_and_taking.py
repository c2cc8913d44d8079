"""The inbox shows little, taking a file opens it, and of two people one wins."""

import datetime
import re
import threading
import uuid

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from audit.models import AuditEntry
from clients import recompute
from clients.choices import Phase
from clients.models import Client, PhaseChange, Responsibility
from clients.services.responsibility import assign
from intake.services.inbox import AlreadyTaken, give_back, take_client
from outreach.models import Ladder
from tests.appointments.log_desk import talk as logged
from tests.cast import load_cast
from tests.factories.clients import AccommodationFactory, ClientFactory

SECRETS = ("Geheimstrasse", "0151 7777777", "TST-SECRET-1", "1990", "17.05.")


def waiting(cast, **kwargs) -> Client:
    file = ClientFactory(inbox=True, municipality=cast.stutensee, **kwargs)
    AccommodationFactory(client=file, name="AU Musterhof", street="Geheimstrasse 7")
    return file


@pytest.mark.django_db
def test_the_inbox_shows_name_age_languages_accommodation_and_source_and_nothing_else(cast, as_user):
    file = waiting(cast, surname="Wartesaal", given_name="Nadia", case_no="TST-SECRET-1")
    page = as_user(cast.manager).get(reverse("intake:inbox")).content.decode()
    assert "Wartesaal, Nadia" in page
    assert "AU Musterhof" in page
    assert "Jahre" in page
    assert not [secret for secret in SECRETS if secret in page]
    assert as_user(cast.manager).get(f"/clients/{file.uuid}/").status_code == 404


@pytest.mark.django_db
def test_the_inbox_of_another_municipality_is_not_seen(cast, as_user):
    waiting(cast, surname="Wartesaal")
    assert "Wartesaal" not in as_user(cast.outsider).get(reverse("intake:inbox")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["officer", "coordinator", "admin"])
def test_only_managers_open_the_inbox(cast, as_user, who):
    file = waiting(cast)
    browser = as_user(getattr(cast, who))
    assert browser.get(reverse("intake:inbox")).status_code == 403
    assert browser.post(reverse("intake:inbox_take", args=[file.uuid])).status_code == 403
    assert browser.post(reverse("intake:inbox_take_many"), {"entry": str(file.uuid)}).status_code == 403


@pytest.mark.django_db
def test_taking_makes_the_file_ones_own_and_starts_making_contact(cast, as_user):
    file = waiting(cast)
    answer = as_user(cast.manager).post(reverse("intake:inbox_take", args=[file.uuid]))
    assert answer.headers["Location"] == reverse("clients:detail", args=[file.uuid])
    file.refresh_from_db()
    assert (file.manager, file.phase) == (cast.manager, Phase.CONTACTING)
    assert Responsibility.objects.get(client=file, until=None).is_taking
    assert PhaseChange.objects.filter(client=file, phase=Phase.CONTACTING, by=cast.manager).exists()
    assert AuditEntry.objects.filter(action="client.taken", subject_ref=file.subject_ref).exists()
    assert "Beispielova" not in as_user(cast.colleague).get(reverse("intake:inbox")).content.decode()


def give_back_from(page):
    """Where the button of the message posts to."""
    return re.search(r'action="([^"]+/give-back/)"', page.content.decode()).group(1)


@pytest.mark.django_db
def test_taking_is_taken_back_the_same_day_as_if_it_had_not_been(cast, as_user):
    file = waiting(cast)
    browser = as_user(cast.manager)
    page = browser.post(reverse("intake:inbox_take", args=[file.uuid]), follow=True)
    assert Ladder.objects.filter(client=file).count() == 1
    answer = browser.post(give_back_from(page), follow=True)
    assert "Die Akte wartet wieder im Eingang." in answer.content.decode()
    file.refresh_from_db()
    assert (file.manager, file.phase) == (None, Phase.ACCESS)
    assert Ladder.objects.filter(client=file, ended_at__isnull=True).count() == 0
    assert AuditEntry.objects.filter(action="client.given_back", subject_ref=file.subject_ref).exists()
    as_user(cast.colleague).post(reverse("intake:inbox_take", args=[file.uuid]))
    file.refresh_from_db()
    assert (file.manager, file.phase) == (cast.colleague, Phase.CONTACTING)
    assert Ladder.objects.filter(client=file, ended_at__isnull=True).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("why", ["worked on", "another day", "assigned"])
def test_a_file_that_was_worked_on_is_not_put_back(cast, as_user, time_machine, why):
    time_machine.move_to(timezone.now(), tick=True)
    file = waiting(cast)
    if why == "assigned":
        assign(Actor(cast.admin), file, cast.manager)
    else:
        take_client(Actor(cast.manager), file)
    if why == "worked on":
        logged(file, cast.manager)
    elif why == "another day":
        time_machine.shift(datetime.timedelta(days=1))
    answer = as_user(cast.manager).post(reverse("intake:give_back", args=[file.uuid]), follow=True)
    assert "nur am selben Tag" in answer.content.decode()
    file.refresh_from_db()
    assert file.manager == cast.manager


@pytest.mark.django_db
def test_several_taken_at_once_are_put_back_at_once_but_for_those_worked_on(cast, as_user):
    files = [waiting(cast) for _number in range(3)]
    browser = as_user(cast.manager)
    entries = [str(file.uuid) for file in files]
    page = browser.post(reverse("intake:inbox_take_many"), {"entry": entries}, follow=True)
    logged(files[0], cast.manager)
    undo = re.search(r'action="([^"]+/give-back/[^"]+)"', page.content.decode()).group(1)
    answer = browser.post(undo.replace("&amp;", "&"), follow=True).content.decode()
    assert "2 Akten warten wieder im Eingang." in answer
    assert "nur am selben Tag" in answer
    for file in files:
        file.refresh_from_db()
    assert [file.manager for file in files] == [cast.manager, None, None]


@pytest.mark.django_db
def test_others_put_nothing_back_of_what_she_took(cast, as_user):
    file = waiting(cast)
    take_client(Actor(cast.manager), file)
    as_user(cast.colleague).post(f"{reverse('intake:give_back_many')}?entry={file.uuid}")
    as_user(cast.manager).post(f"{reverse('intake:give_back_many')}?entry=nonsense")
    file.refresh_from_db()
    assert file.manager == cast.manager


@pytest.mark.django_db
def test_a_file_put_back_waits_since_it_waited_before(cast, as_user, time_machine):
    time_machine.move_to(timezone.now(), tick=True)
    file = waiting(cast)
    assign(Actor(cast.admin), file, None)
    began = Responsibility.objects.get(client=file, until=None).since
    time_machine.shift(datetime.timedelta(days=3))
    take_client(Actor(cast.manager), file)
    give_back(Actor(cast.manager), file)
    groups = as_user(cast.colleague).get(reverse("intake:inbox")).context["groups"]
    assert [group.first.since for group in groups] == [began]


@pytest.mark.django_db
def test_nobody_else_puts_a_file_back(cast, as_user):
    file = waiting(cast)
    take_client(Actor(cast.manager), file)
    as_user(cast.substitute).post(reverse("intake:give_back", args=[file.uuid]))
    assert as_user(cast.colleague).post(reverse("intake:give_back", args=[file.uuid])).status_code == 404
    file.refresh_from_db()
    assert file.manager == cast.manager


@pytest.mark.django_db
def test_taking_is_announced_so_that_the_first_contact_ladder_starts(cast, monkeypatch):
    heard = []
    monkeypatch.setitem(
        recompute._ROWS,
        "test",
        lambda facts: heard.extend((file.pk, file.phase) for file in facts.files) or set(),
    )
    file = waiting(cast)
    take_client(Actor(cast.manager), file)
    assert heard[-1] == (file.pk, Phase.CONTACTING)


@pytest.mark.django_db
def test_a_file_that_fell_to_the_inbox_keeps_its_phase_and_says_from_whom(cast, as_user):
    file = ClientFactory(municipality=cast.stutensee, manager=cast.colleague, surname="Wartesaal")
    assign(Actor(cast.admin), file, None)
    page = as_user(cast.manager).get(reverse("intake:inbox")).content.decode()
    assert f"von {cast.colleague}" in page
    take_client(Actor(cast.manager), file)
    file.refresh_from_db()
    assert (file.manager, file.phase) == (cast.manager, Phase.ACTIVE)


@pytest.mark.django_db
def test_who_comes_second_is_told_and_changes_nothing(cast, as_user):
    file = waiting(cast)
    as_user(cast.manager).post(reverse("intake:inbox_take", args=[file.uuid]))
    answer = as_user(cast.colleague).post(reverse("intake:inbox_take", args=[file.uuid]), follow=True)
    assert "inzwischen jemand anderes übernommen" in answer.content.decode()
    file.refresh_from_db()
    assert file.manager == cast.manager


@pytest.mark.django_db
def test_the_same_take_posted_twice_takes_once(cast, as_user):
    file = waiting(cast)
    browser = as_user(cast.manager)
    first = browser.post(reverse("intake:inbox_take", args=[file.uuid]))
    second = browser.post(reverse("intake:inbox_take", args=[file.uuid]))
    assert first.headers["Location"] == second.headers["Location"]
    assert Responsibility.objects.filter(client=file, is_taking=True).count() == 1


@pytest.mark.django_db
def test_a_colleagues_old_file_and_a_strangers_entry_do_not_exist(cast, as_user):
    theirs = ClientFactory(municipality=cast.stutensee, manager=cast.colleague)
    file = waiting(cast)
    take = "intake:inbox_take"
    assert as_user(cast.manager).post(reverse(take, args=[theirs.uuid])).status_code == 404
    assert as_user(cast.outsider).post(reverse(take, args=[file.uuid])).status_code == 404
    assert as_user(cast.manager).post(reverse(take, args=[uuid.uuid4()])).status_code == 404


@pytest.mark.django_db
def test_a_family_is_taken_in_one_go(cast, as_user):
    files = [waiting(cast) for _number in range(3)]
    foreign = ClientFactory(inbox=True, municipality=cast.pfinztal)
    entries = [str(file.uuid) for file in (*files, foreign)] + ["nonsense"]
    page = as_user(cast.manager).post(reverse("intake:inbox_take_many"), {"entry": entries}, follow=True)
    assert Client.objects.filter(manager=cast.manager, phase=Phase.CONTACTING).count() == 3
    assert "Sie haben 3 Akten übernommen." in page.content.decode()
    foreign.refresh_from_db()
    assert foreign.manager is None


@pytest.mark.django_db
def test_nothing_ticked_is_said(cast, as_user):
    page = as_user(cast.manager).post(reverse("intake:inbox_take_many"), follow=True)
    assert "Bitte kreuzen Sie an" in page.content.decode()


@pytest.mark.django_db
def test_the_inbox_costs_the_same_for_one_and_for_fifty(cast, as_user):
    browser = as_user(cast.manager)

    def queries():
        with CaptureQueriesContext(connection) as page:
            browser.get(reverse("intake:inbox"))
        return len(page)

    waiting(cast)
    queries()
    one = queries()
    for _number in range(49):
        waiting(cast)
    assert queries() == one


@pytest.mark.django_db
def test_a_long_inbox_is_paged_without_a_guessable_number(cast, as_user):
    files = [waiting(cast, surname=f"Wartend{number:03}") for number in range(55)]
    browser = as_user(cast.manager)
    first = browser.get(reverse("intake:inbox")).content.decode()
    assert f"after={files[49].uuid}" in first
    assert "Wartend050" not in first
    assert "Wartend050" in browser.get(reverse("intake:inbox"), {"after": files[49].uuid}).content.decode()
    assert browser.get(reverse("intake:inbox"), {"after": "nonsense"}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_press_at_once_one_wins():
    cast = load_cast()
    file = waiting(cast)
    results = []
    barrier = threading.Barrier(8)

    def press(user):
        barrier.wait()
        try:
            take_client(Actor(user), file)
            results.append("taken")
        except AlreadyTaken:
            results.append("too late")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=[user]) for user in (cast.manager, cast.colleague) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["taken"] + ["too late"] * 7
    assert Responsibility.objects.filter(client=file, until=None).count() == 1


@pytest.mark.django_db
def test_the_age_of_an_uncertain_birth_date_is_said_as_such(cast, as_user):
    waiting(cast, birth_date=datetime.date(1979, 1, 1), birth_precision="year")
    waiting(cast, birth_date=None)
    page = as_user(cast.manager).get(reverse("intake:inbox")).content.decode()
    assert "etwa " in page
    assert "Alter unbekannt" in page
