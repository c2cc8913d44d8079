"""A decree prolongs all documents of a status: one dated row, read by every file (rules.md §11)."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.actor import Actor
from audit.models import AuditEntry
from clients.choices import Phase
from clients.due_items import FileDue
from clients.models import DueItem, PermitDecree
from clients.rules.permits import end_of
from clients.services.decrees import reach_of, reinstate_decree, set_decree, withdraw_decree
from tests.factories.clients import ClientFactory, ResidenceFactory
from tests.worklists import derive, lines_of

PRINTED = datetime.date(2024, 3, 4)
TYPED = {
    "form_token": "11111111-1111-4111-8111-111111111111",
    "version": 1,
    "status": "ukraine_24",
    "valid_on": "2024-02-01",
    "continues_until": "2030-03-04",
    "source": "UkraineAufenthFGV",
}


@pytest.fixture
def admin(cast, as_user):
    return as_user(cast.admin)


@pytest.fixture
def permits(cast):
    """Documents whose printed end has passed, in as many files."""

    def make(number, **more):
        made = [
            ResidenceFactory(
                client=ClientFactory(municipality=cast.stutensee, manager=cast.manager),
                **{"status": "ukraine_24", "printed_until": PRINTED, **more},
            )
            for _n in range(number)
        ]
        derive()
        return made

    return make


def decree(**more):
    values = {"valid_on": datetime.date(2024, 2, 1), "continues_until": datetime.date(2030, 3, 4)}
    return PermitDecree(**{"status": "ukraine_24", "source": "UkraineAufenthFGV", **values, **more})


def due():
    return list(
        DueItem.objects.filter(kind=FileDue.PERMIT)
        .order_by("client", "due_on")
        .values_list("due_on", "shows_on")
    )


# The rule

DAYS = st.integers(0, 40).map(lambda n: PRINTED + datetime.timedelta(days=n))


def unsaved(**more):
    return ResidenceFactory.build(client=None, status="ukraine_24", **more)


@given(st.lists(st.tuples(DAYS, DAYS), max_size=5), DAYS, st.none() | DAYS)
def test_a_decree_never_shortens_and_the_order_of_entry_makes_no_difference(pairs, printed, since):
    decrees = [decree(valid_on=min(pair), continues_until=max(pair)) for pair in pairs]
    document = unsaved(printed_until=printed, since=since)
    end = end_of(document, decrees)
    assert end.day >= printed
    assert end_of(document, decrees[::-1]).day == end.day
    assert (end.decree is None) == (end.day == printed)
    assert end.decree is None or end.decree.continues_until == end.day


def test_each_decree_takes_in_what_goes_on_by_the_one_before():
    second = decree(valid_on=datetime.date(2030, 3, 1), continues_until=datetime.date(2031, 3, 4))
    assert end_of(unsaved(printed_until=PRINTED), [second, decree()]).decree is second


@pytest.mark.parametrize(
    "more",
    [
        {"printed_until": datetime.date(2024, 1, 31)},
        {"printed_until": PRINTED, "since": datetime.date(2024, 2, 2)},
        {"printed_until": PRINTED, "no_decree": True},
        {"printed_until": datetime.date(2030, 3, 4)},
    ],
)
def test_what_is_not_valid_on_the_day_left_out_or_longer_anyway_stays_as_it_is(more):
    assert end_of(unsaved(**more), [decree()]).decree is None


def test_a_document_without_an_end_is_not_prolonged():
    assert end_of(unsaved(printed_until=None), [decree()]) is None


# Setting it


def test_a_decree_is_shown_before_it_holds_and_undone_exactly(admin, browser, cast, permits):
    (permit,) = permits(1)
    derived = due()
    preview = admin.post("/decrees/new/", TYPED)
    assert preview.status_code == 200
    assert "Noch ist nichts festgelegt." in preview.text
    assert not PermitDecree.objects.exists()
    seen = preview.context["form"].data["seen"]
    listed = admin.post("/decrees/new/", TYPED | {"seen": seen}, follow=True)
    made = PermitDecree.objects.get()
    assert "jede Akte" in listed.text
    assert due() == [(datetime.date(2030, 3, 4), datetime.date(2029, 11, 4))]
    assert lines_of(cast.manager, kinds={FileDue.PERMIT}) == []
    page = " ".join(browser.get(f"/clients/{permit.client.uuid}/person/").text.split())
    assert "gilt durch Erlass fort bis 04.03.2030: UkraineAufenthFGV" in page
    admin.post(f"/decrees/{made.uuid}/withdraw/")
    assert due() == derived
    assert "UkraineAufenthFGV" not in browser.get(f"/clients/{permit.client.uuid}/").text
    admin.post(f"/decrees/{made.uuid}/reinstate/")
    assert due() != derived
    actions = AuditEntry.objects.filter(action__startswith="permit_decree").values_list(
        "subject_ref", flat=True
    )
    assert list(actions) == [None, None, None]


def test_what_was_shown_is_what_is_set(admin, permits):
    permits(1)
    seen = admin.post("/decrees/new/", TYPED).context["form"].data["seen"]
    other = admin.post("/decrees/new/", TYPED | {"seen": seen, "continues_until": "2031-03-04"})
    assert "04.03.2031" in other.text
    assert not PermitDecree.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"continues_until": "2024-01-01"}, "Dieser Tag liegt vor dem Stichtag."),
        ({"continues_until": "2025-03-04"}, "Dieser Tag ist schon vorbei."),
        ({"source": ""}, "Rechtsgrundlage"),
        ({"valid_on": "2024-02-31"}, "gültig"),
    ],
)
def test_a_wrong_entry_is_said_at_its_field(admin, typed, said):
    answer = admin.post("/decrees/new/", TYPED | typed)
    assert answer.status_code == 422
    assert said in answer.text


def test_the_administration_reads_rounded_numbers(cast, permits):
    permits(7)
    permits(2, printed_until=None)
    permits(3, printed_until=datetime.date(2023, 1, 1))
    reach = reach_of(Actor(cast.admin), decree())
    assert (reach.prolonged, reach.unchanged, reach.unknown) == (5, 5, 0)


def test_nobody_else_sets_a_decree(cast, permits):
    permits(1)
    for user in (cast.manager, cast.officer, cast.coordinator):
        with pytest.raises(PermissionDenied):
            set_decree(Actor(user), decree())


def test_a_closed_file_waits_for_nothing(cast, permits):
    (permit,) = permits(1)
    ResidenceFactory(
        client=ClientFactory(municipality=cast.stutensee, manager=cast.manager, phase=Phase.CLOSED),
        status="ukraine_24",
        printed_until=PRINTED,
    )
    set_decree(Actor(cast.admin), decree())
    assert [item.client for item in DueItem.objects.filter(kind=FileDue.PERMIT)] == [permit.client]


def test_as_many_statements_for_one_file_as_for_many(cast, permits):
    permits(1)
    row = set_decree(Actor(cast.admin), decree())
    withdraw_decree(Actor(cast.admin), row)
    with CaptureQueriesContext(connection) as one:
        reinstate_decree(Actor(cast.admin), row)
    withdraw_decree(Actor(cast.admin), row)
    permits(30)
    with CaptureQueriesContext(connection) as many:
        reinstate_decree(Actor(cast.admin), row)
    assert len(many) == len(one)
