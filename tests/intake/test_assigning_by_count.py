"""A caseload that lost its manager is assigned by count, without names (rules.md §8)."""

import datetime
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.services.users import deactivate
from audit.models import AuditEntry
from clients.models import Client, Household, HouseholdMember, Responsibility
from clients.services.responsibility import assign
from intake.forms.caseloads import AssignForm
from intake.services.caseloads import UnassignedCaseload, assign_by_count, takers, unassigned_caseloads
from intake.services.inbox import take_client
from outreach.models import Ladder
from tests.factories.accounts import UserFactory
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaver(cast):
    return UserFactory(
        username="leaver", first_name="Wiebke", last_name="Sandersleben", serves=cast.stutensee
    )


def files_of(manager, number: int = 1, **extra) -> list[Client]:
    place = manager.services.first().municipality
    extra.setdefault("phase", "active")
    return [ClientFactory(manager=manager, municipality=place, **extra) for _ in range(number)]


def leave(leaver, cast) -> UnassignedCaseload:
    deactivate(Actor(cast.admin), leaver, reason="Elternzeit")
    (caseload,) = unassigned_caseloads()
    return caseload


def give(caseload, counts, cast, by=None) -> None:
    assign_by_count(Actor(by or cast.coordinator), caseload, counts)


def numbers_of(*managers) -> list[int]:
    return [Client.objects.own_of(type(one).objects.get(pk=one.pk)).count() for one in managers]


def test_each_manager_gets_her_number(cast, leaver):
    files_of(leaver, 5)
    caseload = leave(leaver, cast)
    assert (caseload.number, caseload.leaver, caseload.municipality) == (5, leaver, cast.stutensee)

    give(caseload, {cast.colleague: 2, cast.former: 1}, cast)

    assert numbers_of(cast.colleague, cast.former) == [2, 1]
    assert [left.number for left in unassigned_caseloads()] == [2]


def test_a_household_stays_together(cast, leaver):
    home = Household.objects.create(municipality=cast.stutensee)
    family = files_of(leaver, 3)
    for member in family:
        HouseholdMember.objects.create(household=home, client=member, since=datetime.date(2020, 1, 1))
    files_of(leaver, 3)

    give(leave(leaver, cast), {cast.colleague: 3, cast.former: 3}, cast)

    owners = {Client.objects.unscoped(reason="test").get(pk=member.pk).manager for member in family}
    assert len(owners) == 1


def test_crisis_comes_before_a_pause(cast, leaver):
    paused = files_of(leaver, phase="paused", intensity="crisis")
    crisis = files_of(leaver, intensity="crisis")
    punctual = files_of(leaver, intensity="punctual")

    give(leave(leaver, cast), {cast.colleague: 2}, cast)

    mine = set(Client.objects.own_of(cast.colleague))
    assert mine == {*crisis, *punctual}
    assert set(paused).isdisjoint(mine)


def test_it_is_no_taking_and_an_open_ladder_travels(cast, leaver):
    now = timezone.now()
    (waiting,) = [ClientFactory(inbox=True, municipality=cast.stutensee)]
    file = take_client(Actor(leaver, now), waiting)
    before = list(Ladder.objects.unscoped(reason="test").filter(client=file).values("key", "stage"))
    assert len(before) == 1

    give(leave(leaver, cast), {cast.colleague: 1}, cast)

    row = Responsibility.objects.get(client=file, until__isnull=True)
    assert (row.manager, row.is_taking) == (cast.colleague, False)
    assert list(Ladder.objects.unscoped(reason="test").filter(client=file).values("key", "stage")) == before


def test_every_file_records_it(cast, leaver):
    (file,) = files_of(leaver)

    give(leave(leaver, cast), {cast.colleague: 1}, cast)

    entry = AuditEntry.objects.filter(subject_ref=file.subject_ref, action="client.reassigned").get()
    assert (entry.actor, entry.fields) == (cast.coordinator, ["manager"])


def test_what_was_never_taken_or_is_closed_is_nobodys_caseload(cast, leaver):
    files_of(leaver, phase="closed", closed=True)
    ClientFactory(inbox=True, municipality=cast.stutensee)

    deactivate(Actor(cast.admin), leaver, reason="Elternzeit")

    assert unassigned_caseloads() == []


def test_numbers_typed_for_another_number_of_files_are_refused(cast, leaver):
    files = files_of(leaver, 3)
    caseload = leave(leaver, cast)
    take_client(Actor(cast.former), files[0])

    with pytest.raises(ValidationError, match="inzwischen noch 2 Akten") as refused:
        give(caseload, {cast.colleague: 1}, cast)

    assert list(refused.value.message_dict) == ["waiting"]
    assert numbers_of(cast.colleague) == [0]


def test_more_than_wait_are_refused(cast, leaver):
    files_of(leaver, 2)
    with pytest.raises(ValidationError, match="es warten aber nur 2 Akten"):
        give(leave(leaver, cast), {cast.colleague: 3}, cast)
    assert numbers_of(cast.colleague) == [0]


def test_whoever_has_somebody_of_the_household_gets_the_rest(cast, leaver):
    home = Household.objects.create(municipality=cast.stutensee)
    (partner,) = files_of(cast.former)
    (fallen, *_others) = files_of(leaver, 2)
    for member in (partner, fallen):
        HouseholdMember.objects.create(household=home, client=member, since=datetime.date(2020, 1, 1))

    give(leave(leaver, cast), {cast.colleague: 1, cast.former: 1}, cast)

    assert Client.objects.unscoped(reason="test").get(pk=fallen.pk).manager == cast.former


def test_who_serves_elsewhere_gets_nothing(cast, leaver):
    files_of(leaver, 2)
    caseload = leave(leaver, cast)
    assert cast.outsider not in [taker.manager for taker in takers(cast.stutensee, timezone.localdate())]

    with pytest.raises(ValidationError, match="keine Akten mehr"):
        give(caseload, {cast.outsider: 1}, cast)


def test_who_left_meanwhile_gets_nothing(cast, leaver):
    files_of(leaver, 2)
    caseload = leave(leaver, cast)
    deactivate(Actor(cast.admin), cast.former, reason="Ruhestand")

    with pytest.raises(ValidationError, match="keine Akten mehr"):
        give(caseload, {cast.former: 1, cast.colleague: 1}, cast)

    assert numbers_of(cast.colleague) == [0]


# --- on screen ------------------------------------------------------------------------------------------


def page_of(browser) -> tuple[str, str]:
    """The address of the form and its text."""
    (line,) = browser.get(reverse("intake:caseload_list")).context["lines"]
    return line.action_url, browser.get(line.action_url).content.decode()


def fields(waiting: int, **numbers: object) -> dict[str, object]:
    return {"form_token": "6a6c3c0e-1f0e-4a57-9b7a-1d4b9c0c7a99", "waiting": waiting, **numbers}


@pytest.mark.parametrize("role", ["coordinator", "admin"])
def test_it_works_without_a_name_of_anybody(cast, as_user, leaver, role):
    files_of(leaver, 3, surname="Zwischenstein")
    leave(leaver, cast)
    browser = as_user(cast.users[role])
    url, page = page_of(browser)
    assert "3 Akten von Wiebke Sandersleben" in page
    assert "Zwischenstein" not in page
    assert "hat 0 offene Akten" in page

    answer = browser.post(
        url, fields(3, **{f"to_{cast.colleague.pk}": 2, f"to_{cast.former.pk}": ""}), follow=True
    )

    said = answer.content.decode()
    assert "2 Akten sind zugewiesen. Tobias Kettelhack: 2" in said
    assert "1 Akte von Wiebke Sandersleben" in said
    assert numbers_of(cast.colleague, cast.former) == [2, 0]


def test_the_same_post_twice_assigns_once(cast, as_user, leaver):
    files_of(leaver, 4)
    leave(leaver, cast)
    browser = as_user(cast.coordinator)
    url, _page = page_of(browser)
    posted = fields(4, **{f"to_{cast.colleague.pk}": 2})

    assert browser.post(url, posted).status_code == 302
    again = browser.post(url, posted)

    assert again.status_code == 422
    assert "inzwischen noch 2 Akten" in again.content.decode()
    assert 'name="waiting" value="2"' in again.content.decode()
    assert numbers_of(cast.colleague) == [2]


@pytest.mark.parametrize(
    ("colleague", "former", "field", "said"),
    [
        ("", "", "colleague", "wer wie viele Akten bekommt"),
        ("9" * 4300, "9" * 4300, "former", "Es warten nur 3 Akten."),
        ("2", "2", "former", "Zusammen sind das 4, es warten aber nur 3 Akten."),
        ("-1", "", "colleague", "mindestens 0"),
        ("zwei", "", "colleague", "ganze Zahl"),
    ],
)
def test_a_wrong_number_is_said_at_its_field(cast, as_user, leaver, colleague, former, field, said):
    files_of(leaver, 3)
    leave(leaver, cast)
    browser = as_user(cast.coordinator)
    url, _page = page_of(browser)

    answer = browser.post(
        url, fields(3, **{f"to_{cast.colleague.pk}": colleague, f"to_{cast.former.pk}": former})
    )

    assert answer.status_code == 422
    form = answer.context["form"]
    at = f"to_{cast.users[field].pk}"
    # With nothing entered there is no wrong field: it is said at the first.
    assert said in str(form.errors.get(at) or form.errors[next(iter(form.takers))])
    assert numbers_of(cast.colleague, cast.former) == [0, 0]


def test_a_number_for_somebody_who_left_meanwhile_is_not_dropped(cast, as_user, leaver):
    files_of(leaver, 3)
    leave(leaver, cast)
    browser = as_user(cast.coordinator)
    url, _page = page_of(browser)
    deactivate(Actor(cast.admin), cast.former, reason="Ruhestand")

    answer = browser.post(url, fields(3, **{f"to_{cast.colleague.pk}": 2, f"to_{cast.former.pk}": 1}))

    assert answer.status_code == 422
    assert "keine Akten mehr" in answer.content.decode()
    assert numbers_of(cast.colleague) == [0]


def test_when_the_last_file_is_gone_it_says_so(cast, as_user, leaver):
    files_of(leaver, 2)
    leave(leaver, cast)
    browser = as_user(cast.coordinator)
    url, _page = page_of(browser)
    posted = fields(2, **{f"to_{cast.colleague.pk}": 2})
    browser.post(url, posted)

    for answer in (browser.post(url, posted, follow=True), browser.get(url, follow=True)):
        assert answer.redirect_chain[-1][0] == reverse("intake:caseload_list")
        assert "Hier warten keine Akten mehr." in answer.content.decode()
    assert numbers_of(cast.colleague) == [2]


def test_a_file_that_goes_between_the_look_and_the_lock_is_noticed(cast, as_user, leaver, monkeypatch):
    """Two tabs at once: the second finds fewer files under the lock than the page said."""
    files = files_of(leaver, 3)
    leave(leaver, cast)
    browser = as_user(cast.coordinator)
    url, _page = page_of(browser)
    counts = AssignForm.counts

    def after_another(form):
        take_client(Actor(cast.former), files[0])
        return counts(form)

    monkeypatch.setattr(AssignForm, "counts", after_another)
    answer = browser.post(url, fields(3, **{f"to_{cast.colleague.pk}": 1}))

    page = answer.content.decode()
    assert (answer.status_code, numbers_of(cast.colleague)) == (422, [0])
    assert "inzwischen noch 2 Akten" in page
    assert 'name="waiting" value="2"' in page
    assert "warten seit" in page
    assert "2 Akten von Wiebke Sandersleben" in page


def test_a_restored_form_goes_by_the_number_of_now(cast, as_user, leaver):
    files = files_of(leaver, 3)
    leave(leaver, cast)
    browser = as_user(cast.coordinator)
    url, page = page_of(browser)
    key = re.search(r'name="draft_key" value="([^"]+)"', page)[1]
    browser.post(url, fields(3, draft_key=key, **{f"to_{cast.colleague.pk}": "9"}))
    take_client(Actor(cast.former), files[0])

    restored = browser.get(url).content.decode()

    assert 'value="9"' in restored
    assert 'name="waiting" value="2"' in restored


def test_the_list_of_cases_leaves_nobody_out(cast, as_user, leaver):
    """Whoever lost a manager stands in it like everybody else; no filter asks for files without an assessment."""
    for number, file in enumerate([*files_of(leaver, 2), *files_of(cast.manager, 1)], 482_913):
        Client.objects.filter(pk=file.pk).update(list_number=number)
    leave(leaver, cast)
    browser = as_user(cast.officer)

    everything = browser.get("/reports/cases/?phase=active").context["page"].count
    unassessed = browser.get("/reports/cases/?level=unassessed").context["page"].count

    assert everything == unassessed == 3


def test_another_town_is_not_listed_where_one_is_asked_for(cast, as_user, leaver):
    files_of(leaver, 2)
    leave(leaver, cast)

    assert "Sandersleben warten" not in as_user(cast.coordinator).get("/reports/?place=PFI").content.decode()


@pytest.mark.facts_by_hand
def test_a_file_closed_meanwhile_is_not_news(cast, as_user, leaver):
    files = files_of(leaver, 2)
    give(leave(leaver, cast), {cast.colleague: 2}, cast)
    Client.objects.filter(pk=files[0].pk).update(phase="closed")

    assert "1 Akte ist Ihnen zugewiesen worden." in as_user(cast.colleague).get("/").content.decode()


def test_a_municipality_without_managers_says_so(cast, as_user):
    files_of(cast.outsider, 2)
    deactivate(Actor(cast.admin), cast.outsider, reason="Ruhestand")

    _url, page = page_of(as_user(cast.coordinator))

    assert "niemand aus dem Integrationsmanagement" in page


def test_an_address_nobody_gave_out_leads_nowhere(cast, as_user):
    url = reverse("intake:caseload_assign", args=["6a6c3c0e-1f0e-4a57-9b7a-1d4b9c0c7a99"])
    assert as_user(cast.coordinator).get(url).status_code == 404


def test_the_coordination_finds_it_on_its_start_page_and_a_town_does_not(cast, as_user, leaver):
    files_of(leaver, 2)
    leave(leaver, cast)

    said = "2 Akten von Wiebke Sandersleben warten"
    assert said in as_user(cast.coordinator).get("/reports/").content.decode()
    assert said not in as_user(cast.officer).get("/reports/").content.decode()


def test_who_left_is_no_longer_measured_against_the_target_band(cast, as_user, leaver):
    files_of(leaver, 2, intensity="crisis")
    before = as_user(cast.officer).get("/reports/").content.decode()
    leave(leaver, cast)

    after = as_user(cast.officer).get("/reports/").content.decode()

    assert ("Wiebke Sandersleben" in before, "Wiebke Sandersleben" in after) == (True, False)
    assert "2 Akten, gewichtet 3,0, ohne Stelle" in after


def test_the_administration_is_led_there_after_deactivating(cast, as_user, leaver):
    files_of(leaver, 2)
    browser = as_user(cast.admin)
    answer = browser.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "deactivate", "_selected_action": [leaver.pk], "confirmed": "1", "reason": "Elternzeit"},
        follow=True,
    )

    said = answer.content.decode()
    assert "2 Akten warten jetzt im Eingang." in said
    assert reverse("intake:caseload_list") in said
    assert reverse("intake:caseload_list") in browser.get("/admin/").content.decode()


def test_a_manager_reads_that_files_are_new_to_her(cast, as_user, leaver):
    files_of(leaver, 2, surname="Zwischenstein")
    (own,) = files_of(cast.colleague, surname="Altbestand")
    give(leave(leaver, cast), {cast.colleague: 2}, cast)
    browser = as_user(cast.colleague)

    day = browser.get("/").content.decode()
    assert "2 Akten sind Ihnen zugewiesen worden." in day
    listed = browser.get("/clients/?new=assigned").content.decode()
    assert listed.count("Zwischenstein") == 2
    assert own.surname not in listed

    with time_machine.travel(timezone.now() + datetime.timedelta(days=15)):
        assert "zugewiesen worden" not in as_user(cast.colleague).get("/").content.decode()


def test_a_file_one_took_oneself_is_not_news(cast, as_user):
    waiting = ClientFactory(inbox=True, municipality=cast.stutensee)
    take_client(Actor(cast.colleague), waiting)

    assert "zugewiesen worden" not in as_user(cast.colleague).get("/").content.decode()


def test_a_file_given_on_again_is_not_counted_for_the_one_before(cast, leaver):
    (file,) = files_of(leaver)
    give(leave(leaver, cast), {cast.colleague: 1}, cast)
    file = Client.objects.unscoped(reason="test").get(pk=file.pk)
    assign(Actor(cast.coordinator), file, cast.former)

    long_ago = timezone.now() - datetime.timedelta(days=1)
    assert not Client.objects.own_of(cast.colleague).assigned_since(long_ago, cast.colleague).exists()
