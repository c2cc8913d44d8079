"""Two files of one person are linked: one leads, nothing is merged, and undoing restores exactly (rules.md §8)."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.access import scoped_models
from accounts.actor import Actor
from accounts.file_loader import path_to_file
from audit.models import AuditEntry
from clients import actions
from clients.choices import KEPT_TWICE, Phase
from clients.figures import active_clients_on, files_over_time, stock_on
from clients.figures_people import closing_reasons, closings
from clients.models import (
    Accommodation,
    AddressProtection,
    Client,
    ClosingReason,
    CounsellingPeriod,
    DueItem,
    DuplicateLink,
)
from clients.rules.dates import UncertainDate
from clients.rules.duplicates import PersonTraits
from clients.services.duplicate_dismissals import dismiss_duplicates
from clients.services.duplicate_links import link_files, undo_link
from clients.services.duplicates import find_duplicates, suspected_of
from clients.services.files import close_counselling, reopen
from clients.services.protection import end_protection, protect_address
from clients.services.recompute_all import recompute_all
from clients.services.responsibility import assign
from outreach.models import Ladder
from tests.factories.appointments import AppointmentFactory, ContactFactory, FollowUpFactory
from tests.factories.clients import (
    AccommodationFactory,
    ClientFactory,
    ContactPointFactory,
    DuplicateLinkFactory,
)

pytestmark = pytest.mark.django_db

BORN = datetime.date(1984, 9, 3)
TODAY = timezone.localdate()
# A file that was written to has a new version, so that a form opened before does not overwrite it; and it knows when
# something was recorded in it last.
MOVES_ON = {"version", "last_recorded_at"}


def named(cast, surname, **facts):
    defaults = {
        "municipality": cast.stutensee,
        "manager": cast.manager,
        "given_name": "Samira",
        "birth_date": BORN,
    }
    return ClientFactory(surname=surname, **defaults | facts)


@pytest.fixture
def old(cast):
    return named(cast, "Rahmatyar", registered_at=timezone.now() - datetime.timedelta(days=300))


@pytest.fixture
def new(cast):
    return named(cast, "رحمتیار", given_name="سمیرا")


def everything(*files):
    """All rows of some files; what waits in them is derived anew and has no number of its own."""
    found = {}
    for model in scoped_models():
        path = path_to_file(model)
        if model is DuplicateLink or (not path and model is not Client):
            continue
        rows = model._base_manager.filter(**{f"{path or 'pk'}__in": [file.pk for file in files]})
        values = [{k: v for k, v in row.items() if k not in MOVES_ON} for row in rows.order_by("pk").values()]
        if model is DueItem:
            values = sorted(
                ({k: v for k, v in row.items() if k != "id"} for row in values),
                key=lambda row: sorted(map(str, row.values())),
            )
        found[model._meta.label] = values
    return found


def link_page(browser, one, other):
    return browser.get(f"/clients/{one.uuid}/duplicates/{other.uuid}/link/")


def link(browser, one, other, leading):
    typed = {"leading": str(leading.uuid), "form_token": str(uuid.uuid4())}
    return browser.post(f"/clients/{one.uuid}/duplicates/{other.uuid}/link/", typed)


def person_page(browser, client):
    return browser.get(f"/clients/{client.uuid}/person/").text


# --- On the pages ------------------------------------------------------------------------------------------


def test_it_works_from_the_suspicion_to_the_link_and_back(cast, as_user, old, new):
    browser = as_user(cast.manager)
    page = person_page(browser, new)
    assert "wahrscheinlich dieselbe Person" in page
    assert "03.09.1984" in page
    assert f"/clients/{new.uuid}/duplicates/{old.uuid}/link/" in page

    shown = link_page(browser, new, old).text
    assert old.case_no in shown
    assert new.case_no in shown
    assert "Es wird nichts zusammengeführt" in shown

    answer = link(browser, new, old, leading=old)
    assert answer.url == f"/clients/{old.uuid}/person/#p-same"
    new.refresh_from_db()
    assert new.phase == Phase.CLOSED
    assert CounsellingPeriod.objects.get(client=new).closing_reason.code == KEPT_TWICE

    here, there = person_page(browser, old), person_page(browser, new)
    assert "die Beratung geht hier weiter" in here
    assert "die Beratung geht dort weiter" in there
    assert "Doppelt geführt; die Beratung geht weiter in" in there
    for page in (here, there):
        assert "Verknüpfung lösen" in page

    browser.post(f"/clients/{old.uuid}/duplicates/{new.uuid}/unlink/")
    new.refresh_from_db()
    assert new.phase == Phase.ACTIVE
    assert "Verknüpfung lösen" not in person_page(browser, old)


def test_both_files_tell_it_in_timeline_and_access_log(cast, as_user, old, new):
    undo_link(Actor(cast.manager), link_files(Actor(cast.manager), new, old))
    for file in (old, new):
        page = as_user(cast.manager).get(f"/clients/{file.uuid}/timeline/").text
        assert "Mit einer anderen Akte derselben Person verknüpft" in page
        assert "Verknüpfung mit einer anderen Akte gelöst" in page
        for action in (actions.LINKED, actions.UNLINKED):
            assert AuditEntry.objects.filter(action=action.code, subject_ref=file.subject_ref).exists()


def test_without_a_choice_nothing_is_linked(cast, as_user, old, new):
    answer = as_user(cast.manager).post(f"/clients/{new.uuid}/duplicates/{old.uuid}/link/", {"leading": "x"})
    assert answer.status_code == 422
    assert not DuplicateLink.objects.exists()


@pytest.mark.parametrize("whose", ["colleague", "inbox"])
def test_a_file_that_is_not_ones_own_cannot_be_linked(cast, as_user, old, whose):
    other = named(cast, "Rahmatjar", manager=cast.colleague if whose == "colleague" else None)
    assert link_page(as_user(cast.manager), old, other).status_code == 404
    with pytest.raises(PermissionDenied):
        link_files(Actor(cast.manager), other, old)
    page = person_page(as_user(cast.manager), old)
    assert "duplicates/" not in page or "/link/" not in page
    assert ("übernehmen Sie die Person bitte zuerst aus dem Eingang" in page) is (whose == "inbox")


def test_a_stand_in_reads_of_the_link_and_makes_none(cast, as_user, old, new):
    browser = as_user(cast.substitute)
    page = person_page(browser, new)
    assert "Schlagen Sie eine Übergabe vor" in page
    assert "/link/" not in page
    assert link_page(browser, new, old).status_code == 403
    made = link_files(Actor(cast.manager), new, old)
    assert "die Beratung geht dort weiter" in person_page(browser, new)
    assert browser.post(f"/clients/{old.uuid}/duplicates/{new.uuid}/unlink/").status_code == 403
    with pytest.raises(PermissionDenied):
        undo_link(Actor(cast.substitute), made)


def test_whoever_has_only_one_of_the_files_hears_nothing_of_the_other(cast, as_user, old, new):
    made = link_files(Actor(cast.manager), new, old)
    assign(Actor(cast.coordinator), old, cast.colleague)
    for user, file, other in ((cast.colleague, old, new), (cast.manager, new, old)):
        page = person_page(as_user(user), file)
        assert other.case_no not in page
        assert str(other.uuid) not in page
        with pytest.raises(PermissionDenied):
            undo_link(Actor(user), made)


# --- What it does ------------------------------------------------------------------------------------------


def test_the_search_marks_the_file_kept_twice(cast, as_user, old, new):
    link_files(Actor(cast.manager), old, new)
    page = as_user(cast.manager).post("/clients/search/", {"q": "Rahmatyar"})
    rows = {row["client"]: row["leading"] for row in page.context["rows"]}
    assert rows == {new: None, old: new}
    assert f"doppelt geführt, weiter in {new.case_no}" in " ".join(page.content.decode().split())


def test_linking_twice_and_undoing_twice_change_nothing(cast, old, new):
    made = link_files(Actor(cast.manager), new, old)
    assert link_files(Actor(cast.manager), new, old) == made
    assert DuplicateLink.objects.count() == 1
    undo_link(Actor(cast.manager), made)
    before = everything(old, new)
    undo_link(Actor(cast.manager), made)
    assert everything(old, new) == before


def test_what_is_still_open_in_the_file_kept_twice_is_named_and_nothing_changes(cast, as_user, old, new):
    FollowUpFactory(client=new)
    before = everything(old, new)
    answer = link(as_user(cast.manager), new, old, leading=old)
    assert answer.status_code == 422
    assert "In dieser Akte ist noch offen" in answer.text
    assert everything(old, new) == before
    assert link(as_user(cast.manager), new, old, leading=new).status_code == 302


def test_a_file_is_led_by_one_other_and_leads_no_chain(cast, old, new):
    third = named(cast, "Rahmatjar")
    link_files(Actor(cast.manager), new, old)
    for doubled, leading in ((new, third), (old, third), (third, new), (old, new)):
        with pytest.raises(ValidationError):
            link_files(Actor(cast.manager), doubled, leading)
    link_files(Actor(cast.manager), third, old)
    with pytest.raises(IntegrityError), transaction.atomic():
        DuplicateLinkFactory(client=new, other=third, linked_by=cast.manager)


def test_a_closed_file_does_not_lead_an_open_one_and_stays_as_it_was_closed(cast, as_user, old, new):
    close_counselling(
        Actor(cast.manager), old, reason=ClosingReason.objects.get(code="no_contact"), on=TODAY, note="weg"
    )
    with pytest.raises(ValidationError):
        link_files(Actor(cast.manager), new, old)
    recompute_all()
    before = everything(old, new)
    made = link_files(Actor(cast.manager), old, new)
    assert everything(old, new) == before
    undo_link(Actor(cast.manager), made)
    assert everything(old, new) == before


def test_two_files_told_apart_are_asked_about_first(cast, old, new):
    dismiss_duplicates(Actor(cast.manager), new, [old])
    with pytest.raises(ValidationError):
        link_files(Actor(cast.manager), new, old)


def test_a_file_kept_twice_is_not_re_opened_while_it_is_linked(cast, old, new):
    link_files(Actor(cast.manager), new, old)
    new.refresh_from_db()
    with pytest.raises(ValidationError, match="lösen Sie zuerst"):
        reopen(Actor(cast.manager), new, on=TODAY, reason="wieder da")


def test_the_closing_form_does_not_offer_the_reason_of_the_link(cast, as_user, old):
    assert "Doppelt geführt" not in as_user(cast.manager).get(f"/clients/{old.uuid}/close/").text


def test_who_registers_the_person_again_is_shown_the_file_that_leads(cast, old, new):
    link_files(Actor(cast.manager), new, old)
    found = find_duplicates(Actor(cast.manager), PersonTraits("رحمتیار", "سمیرا", UncertainDate(BORN)))
    assert [duplicate.client for duplicate in found.duplicates] == [old]
    assert suspected_of(Actor(cast.manager), old, "") == ()


# --- Undoing restores exactly ------------------------------------------------------------------------------


def test_an_open_ladder_talks_and_a_number_are_back_as_they_were(cast, old, new):
    ContactPointFactory(client=new, value="0176 04069042", normalised="+4917604069042")
    talk = timezone.now() - datetime.timedelta(days=20)
    ContactFactory(client=new, recorded_by=cast.manager, happened_at=talk)
    missed = timezone.now() - datetime.timedelta(days=3)
    AppointmentFactory(client=new, starts_at=missed, outcome="no_show", outcome__excuse="unexcused")
    recompute_all()
    assert Ladder.objects.filter(client=new, ended_at=None).exists()
    before = everything(old, new)
    made = link_files(Actor(cast.manager), new, old)
    assert everything(old, new) != before
    undo_link(Actor(cast.manager), made)
    assert everything(old, new) == before


days = st.integers(min_value=0, max_value=200)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    phases=st.tuples(*[st.sampled_from([phase for phase in Phase if phase != Phase.CLOSED])] * 2),
    since=st.tuples(days, days),
    leads_first=st.booleans(),
    talks=st.integers(0, 2),
)
def test_undoing_restores_both_files_whatever_they_were(cast, phases, since, leads_first, talks):
    files = [
        named(cast, "Rahmatyar", phase=phase, phase_since=TODAY - datetime.timedelta(days=ago))
        for phase, ago in zip(phases, since, strict=True)
    ]
    for _number in range(talks):
        ContactFactory(client=files[0], recorded_by=cast.manager)
    recompute_all()
    before = everything(*files)
    doubled, leading = files if leads_first else reversed(files)
    made = link_files(Actor(cast.manager), doubled, leading)
    undo_link(Actor(cast.manager), made)
    assert everything(*files) == before


# --- Figures -----------------------------------------------------------------------------------------------


def test_figures_count_the_person_once_also_for_the_days_before(cast, old, new):
    places = [cast.stutensee.pk]
    month_ago = TODAY - datetime.timedelta(days=10)
    before = active_clients_on(files_over_time(places), [month_ago, TODAY])
    made = link_files(Actor(cast.manager), new, old)
    files = files_over_time(places)
    assert active_clients_on(files, [month_ago, TODAY]) == [number - 1 for number in before]
    for day in (month_ago, TODAY):
        stock = stock_on(files, day)
        assert old.pk in stock.phases
        assert new.pk not in stock.phases
    assert KEPT_TWICE not in {reason.code for reason in closing_reasons()}
    assert closings(files, month_ago, TODAY) == []
    undo_link(Actor(cast.manager), made)
    assert active_clients_on(files_over_time(places), [month_ago, TODAY]) == before


@pytest.mark.parametrize("first", ["link", "protect"])
def test_a_protected_address_is_protected_in_both_files(cast, as_user, old, new, first):
    for file in (old, new):
        AccommodationFactory(client=file, street="Geheimweg 7")
    acts = {
        "link": lambda: link_files(Actor(cast.manager), new, old),
        "protect": lambda: protect_address(
            Actor(cast.manager), AddressProtection(client=old, reason="Auskunftssperre")
        ),
    }
    for name in (first, *(name for name in acts if name != first)):
        acts[name]()
    stand_in = as_user(cast.substitute)
    for file in (old, new):
        assert "Geheimweg" not in stand_in.get(file.get_absolute_url()).text


def test_the_address_of_a_closed_file_can_be_protected_and_opened_again(cast, as_user, old):
    AccommodationFactory(client=old, street="Geheimweg 7")
    Client.objects.filter(pk=old.pk).update(phase=Phase.CLOSED)
    manager = as_user(cast.manager)
    protect = reverse("clients:address_protect", args=[old.uuid])
    assert manager.get(protect).status_code == 200
    manager.post(
        protect,
        {
            "form_token": str(uuid.uuid4()),
            "version": "1",
            "reason": "Auskunftssperre",
            "since": TODAY.isoformat(),
        },
    )
    protection = AddressProtection.objects.get(client=old)
    end_protection(Actor(cast.manager), protection)
    assert not Accommodation.objects.get(client=old).is_protected
