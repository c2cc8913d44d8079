"""A change is a new entry, a correction keeps what was written, and a slip is taken back without a trace."""

import datetime
import uuid

import pytest
from django.utils import timezone

from accounts.actor import Actor
from clients.choices import RevisionKind
from clients.models import DatedFact, FactRevision, FactValue, Residence
from clients.services.dated_facts import add_fact, correct_fact, end_fact, take_back_fact
from clients.services.permits import record_residence, take_back_residence
from tests.factories.clients import (
    AccommodationFactory,
    ClientFactory,
    DatedFactFactory,
    ResidenceFactory,
)

TOKEN = {"form_token": "11111111-1111-4111-8111-111111111111", "version": 1}


@pytest.fixture
def client(cast):
    return ClientFactory(municipality=cast.stutensee, manager=cast.manager)


@pytest.fixture
def actor(cast):
    return Actor(cast.manager)


def url(client, verb):
    return f"/clients/{client.uuid}/{verb}/"


def value(code):
    return FactValue.objects.get(code=code)


def ahead(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def fresh():
    return {"form_token": str(uuid.uuid4()), "version": 1}


def new(browser, client, kind, code, since, **more):
    data = {"value": value(f"{kind}-{code}").pk, "since": since, **fresh(), **more}
    return browser.post(url(client, f"facts/{kind}/new"), data)


def periods(client, kind="german_level"):
    rows = DatedFact.objects.filter(client=client, kind=kind).order_by("since", "pk")
    return [(row.value.label_de, str(row.begun), str(row.ended or "")) for row in rows]


# A change


def test_a_change_that_is_planned_shows_from_its_day_on(browser, client):
    DatedFactFactory(client=client)
    day = ahead(30)
    new(browser, client, "german_level", "b1", day.isoformat())
    assert periods(client) == [
        ("A1", "01.02.2018", f"{day - datetime.timedelta(days=1):%d.%m.%Y}"),
        ("B1", f"{day:%d.%m.%Y}", ""),
    ]
    page = browser.get(f"/clients/{client.uuid}/").text
    assert "Deutsch A1" in page
    assert f"ab {day:%d.%m.%Y}" in page


def test_what_is_known_by_month_only_is_shown_so(browser, client):
    DatedFactFactory(client=client, since=datetime.date(2017, 5, 1))
    new(browser, client, "german_level", "a2", "3/2018")
    assert periods(client) == [("A1", "01.05.2017", "02/2018"), ("A2", "03/2018", "")]


def test_what_was_learned_late_fits_in_before_what_is_known(browser, client):
    DatedFactFactory(client=client, code="b1", since=datetime.date(2018, 9, 1))
    new(browser, client, "german_level", "a2", "2017")
    assert periods(client) == [("A2", "2017", "31.08.2018"), ("B1", "01.09.2018", "")]


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("01.02.2018", "", "„A1“ beginnt am selben Tag."),
        ("01.03.2018", "01.02.2018", "Das Ende liegt vor dem Beginn."),
        ("01.03.2018", "01.05.2018", "„A1“ gilt über diesen Tag hinaus."),
        ("01.01.2018", "01.03.2018", "„A1“ beginnt am 01.02.2018."),
        ("31.02.2018", "", "Diesen Tag gibt es nicht."),
        ("01.03.1980", "", "Dieser Tag liegt vor der Geburt."),
        ("01.03.2199", "", "Dieser Tag liegt weit in der Zukunft."),
    ],
)
def test_days_that_do_not_fit_are_said_at_their_field_and_nothing_changes(
    browser, client, since, until, said
):
    DatedFactFactory(client=client)
    answer = new(browser, client, "german_level", "a2", since, until=until, detail="Abendkurs")
    assert answer.status_code == 422
    assert said in answer.text
    assert "Abendkurs" in answer.text
    assert periods(client) == [("A1", "01.02.2018", "")]


def test_a_first_value_ends_none(browser, client):
    new(browser, client, "german_level", "a2", "01.03.2018")
    assert "endet damit" not in browser.get(url(client, "person")).text


def test_children_go_to_different_schools_at_the_same_time(browser, client):
    new(browser, client, "child_care", "day_care", "01.09.2018")
    new(browser, client, "child_care", "regular_class", "01.09.2018")
    assert periods(client, "child_care") == [
        ("Kita-Platz", "01.09.2018", ""),
        ("Regelklasse", "01.09.2018", ""),
    ]


# A correction


def test_a_correction_is_no_change_and_says_what_was_written_when_and_by_whom(browser, cast, client):
    fact = DatedFactFactory(client=client)
    answer = browser.post(
        url(client, f"facts/{fact.uuid}"),
        TOKEN | {"value": value("german_level-a2").pk, "since": "01.03.2018", "source": "certificate"},
        follow=True,
    )
    assert periods(client) == [("A2", "01.03.2018", "")]
    kept = FactRevision.objects.get()
    assert (kept.how, kept.value, kept.since, kept.by) == (
        RevisionKind.CORRECTED,
        value("german_level-a1"),
        datetime.date(2018, 2, 1),
        cast.manager,
    )
    assert f"berichtigt am {timezone.localdate():%d.%m.%Y} von {cast.manager}" in " ".join(
        answer.text.split()
    )
    assert "A1, seit 01.02.2018" in answer.text
    assert "A2, Zertifikat" in answer.text


def test_a_correction_that_says_the_same_leaves_no_trace(browser, client):
    fact = DatedFactFactory(client=client)
    browser.post(url(client, f"facts/{fact.uuid}"), TOKEN | {"value": fact.value.pk, "since": "01.02.2018"})
    assert not FactRevision.objects.exists()


def test_a_corrected_beginning_moves_the_end_of_the_former_value(actor, client):
    DatedFactFactory(client=client)
    fact = add_fact(
        actor,
        DatedFact(
            client=client,
            kind="german_level",
            value=value("german_level-a2"),
            since=datetime.date(2018, 9, 1),
        ),
    )
    fact.since = datetime.date(2018, 10, 1)
    correct_fact(actor, fact, expected_version=fact.version)
    assert periods(client) == [("A1", "01.02.2018", "30.09.2018"), ("A2", "01.10.2018", "")]


def test_of_two_corrections_the_second_is_told(browser, client):
    fact = DatedFactFactory(client=client)
    data = TOKEN | {"value": fact.value.pk, "since": "01.03.2018"}
    browser.post(url(client, f"facts/{fact.uuid}"), data)
    late = browser.post(url(client, f"facts/{fact.uuid}"), data | {"since": "01.05.2018"})
    assert late.status_code == 409
    assert "Inzwischen von jemand anderem gespeichert: 01.03.2018" in late.text


def test_a_corrected_address_stays_readable_for_the_manager_and_not_for_her_stand_in(
    browser, as_user, cast, client
):
    home = AccommodationFactory(client=client, street="Altweg 3")
    browser.post(
        url(client, f"accommodation/{home.uuid}"),
        TOKEN
        | {
            "kind": "au_flat",
            "street": "Neuweg 5",
            "town": "Stutensee",
            "since": "2018-01-15",
            "letters_reach": "on",
        },
    )
    assert "Altweg 3" in browser.get(url(client, "history")).text
    read = as_user(cast.substitute).get(url(client, "history")).text
    assert "Altweg 3" not in read
    assert "eine andere Anschrift" in read


# Taking back


def test_a_slip_is_taken_back_as_if_nothing_had_been(browser, client):
    DatedFactFactory(client=client)
    before = list(DatedFact.objects.values("value", "since", "until", "until_precision", "follows"))
    new(browser, client, "german_level", "a2", "3/2018")
    slip = DatedFact.objects.get(value=value("german_level-a2"))
    page = browser.get(url(client, "person")).text
    assert "der vorige Eintrag endet damit" in page
    assert url(client, f"facts/{slip.uuid}/take-back") in page
    browser.post(url(client, f"facts/{slip.uuid}/take-back"))
    assert list(DatedFact.objects.values("value", "since", "until", "until_precision", "follows")) == before
    assert not FactRevision.objects.exists()


def test_what_is_taken_back_later_is_told_in_the_history(browser, client):
    fact = DatedFactFactory(client=client)
    browser.post(url(client, f"facts/{fact.uuid}/take-back"))
    assert FactRevision.objects.get().how == RevisionKind.WITHDRAWN
    page = browser.get(url(client, "history")).text
    assert "zurückgenommen am" in page
    assert "A1, seit 01.02.2018" in page


def test_taking_back_one_in_the_middle_joins_its_neighbours(actor, client):
    def add(code, day):
        return add_fact(
            actor,
            DatedFact(client=client, kind="german_level", value=value(f"german_level-{code}"), since=day),
        )

    add("a1", datetime.date(2018, 1, 1))
    middle = add("a2", datetime.date(2018, 5, 1))
    last = add("b1", datetime.date(2018, 9, 1))
    take_back_fact(actor, DatedFact.objects.get(pk=middle.pk))
    assert periods(client) == [("A1", "01.01.2018", "31.08.2018"), ("B1", "01.09.2018", "")]
    take_back_fact(actor, DatedFact.objects.get(pk=last.pk))
    assert periods(client) == [("A1", "01.01.2018", "")]


def test_what_was_ended_by_mistake_holds_again(browser, client):
    fact = DatedFactFactory(client=client)
    browser.post(url(client, f"facts/{fact.uuid}/end"))
    assert periods(client) != [("A1", "01.02.2018", "")]
    browser.post(url(client, f"facts/{fact.uuid}/end") + "?undo=1")
    assert periods(client) == [("A1", "01.02.2018", "")]


def test_what_another_value_followed_cannot_hold_again(browser, actor, client):
    fact = DatedFactFactory(client=client)
    end_fact(actor, fact, on=datetime.date(2018, 5, 1))
    DatedFactFactory(client=client, code="a2", since=datetime.date(2018, 9, 1))
    answer = browser.post(url(client, f"facts/{fact.uuid}/end") + "?undo=1", follow=True)
    assert "Inzwischen hat ein anderer Eintrag begonnen." in answer.text


# Residence


def test_a_document_to_come_leaves_the_present_one_until_its_day(browser, client):
    ResidenceFactory(client=client, status="gestattung", since=datetime.date(2018, 1, 1))
    day = ahead(20)
    browser.post(url(client, "residence/new"), fresh() | {"status": "gfk", "since": day.isoformat()})
    page = browser.get(f"/clients/{client.uuid}/").text
    assert "Aufenthaltsgestattung" in page
    assert f"ab {day:%d.%m.%Y}" in page


def test_a_document_cannot_begin_before_the_present_one(browser, client):
    ResidenceFactory(client=client, since=datetime.date(2018, 5, 1))
    answer = browser.post(url(client, "residence/new"), fresh() | {"status": "ne", "since": "2018-04-01"})
    assert "Das jetzige Dokument begann am 01.05.2018; ein neues beginnt später." in answer.text
    assert Residence.objects.count() == 1


def test_a_new_document_is_taken_back_and_the_former_holds_as_before(actor, client):
    former = ResidenceFactory(client=client)
    slip = record_residence(actor, Residence(client=client, status="ne"))
    take_back_residence(actor, slip)
    assert list(Residence.objects.values_list("pk", "ended_on")) == [(former.pk, None)]
    assert not FactRevision.objects.exists()


def test_prolonging_is_told_apart_from_correcting(browser, client):
    permit = ResidenceFactory(client=client, printed_until=datetime.date(2024, 3, 4), reminded_days=30)
    browser.post(url(client, f"residence/{permit.uuid}/prolong"), TOKEN | {"continues_until": "2030-03-04"})
    permit.refresh_from_db()
    assert (permit.own_end, permit.reminded_days) == (datetime.date(2030, 3, 4), None)
    page = " ".join(browser.get(url(client, "history")).text.split())
    assert f"verlängert am {timezone.localdate():%d.%m.%Y}" in page
    assert "berichtigt" not in page


def test_prolonging_to_an_earlier_day_is_refused_at_the_field(browser, client):
    permit = ResidenceFactory(client=client, printed_until=datetime.date(2024, 3, 4))
    answer = browser.post(
        url(client, f"residence/{permit.uuid}/prolong"), TOKEN | {"continues_until": "2024-03-04"}
    )
    assert "Das Dokument gilt schon bis 04.03.2024." in answer.text


def test_every_value_of_today_leads_to_its_history_in_one_click(browser, client):
    DatedFactFactory(client=client)
    ResidenceFactory(client=client)
    overview = browser.get(f"/clients/{client.uuid}/").text
    history = browser.get(url(client, "history")).text
    for kind in ("german_level", "residence"):
        assert f"{url(client, 'history')}#{kind}" in overview
        assert f'id="{kind}"' in history
