"""Strukturhinweise: reported without anybody's data, answered to the managers of the municipality (rules.md §8)."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actor import Actor
from clients.models import Topic
from intake.choices import ObservationState
from intake.figures import ObservationFigure, ObservationTold, observation_figures, observations_of
from intake.models import Observation
from intake.rules.personal_words import names_in, numbers_in
from intake.services.observations import answer_observation, report_observation
from tests.factories.clients import ClientFactory, RelativeFactory
from tests.factories.office import ObservationFactory
from tests.intake.test_a_complaint_goes_past_those_it_concerns import main_of

pytestmark = pytest.mark.django_db

NEW = "/observations/new/"
TEXT = "Beim Bürgerbüro gibt es seit Wochen keine Termine."


def typed(cast, text=TEXT, **changes):
    return {
        "topic": str(Topic.objects.get(code="housing").pk),
        "text": text,
        "municipality": str(cast.stutensee.pk),
        "version": "1",
        "form_token": str(uuid.uuid4()),
    } | changes


def reported(cast, by=None, *, topic="housing", place=None, text=TEXT, **changes):
    row = Observation(
        topic=Topic.objects.get(code=topic), municipality=place or cast.stutensee, text=text, **changes
    )
    return report_observation(Actor(by or cast.manager), row)


def answered(cast, row, answer="Ab Mai gibt es einen Schalter.", by=None):
    row.state, row.answer = ObservationState.ANSWERED, answer
    return answer_observation(Actor(by or cast.officer), row, expected_version=row.version)


def test_a_manager_reports_what_stands_in_the_way(cast, as_user):
    page = as_user(cast.manager).post(NEW, typed(cast), follow=True)
    row = Observation.objects.get()
    assert (row.author, row.municipality, row.state) == (cast.manager, cast.stutensee, "new")
    assert TEXT in main_of(page)
    assert "Die Antwort steht dann hier." in page.content.decode()


def test_a_name_of_her_files_is_told_at_the_field_and_nothing_is_lost(cast, as_user):
    ClientFactory(
        municipality=cast.stutensee, manager=cast.manager, surname="Kaltwasser", given_name="Amadou"
    )
    answer = as_user(cast.manager).post(NEW, typed(cast, "Herr Kaltwasser und Amadous Bruder warten."))
    assert answer.status_code == 422
    assert answer.context["form"].errors["text"] == [
        "In Ihren Akten heißen Menschen Kaltwasser, Amadous. Bitte schreiben Sie es ohne die Namen, oder kreuzen Sie "
        "unten an, dass es hier gewöhnliche Wörter sind."
    ]
    page = main_of(answer)
    assert "Herr Kaltwasser und Amadous Bruder warten." in page
    assert "„Kaltwasser“ ist hier ein gewöhnliches Wort und meint niemanden" in page
    assert not Observation.objects.exists()


def test_a_conscious_tick_lets_an_everyday_word_pass(cast, as_user):
    ClientFactory(municipality=cast.stutensee, manager=cast.manager, surname="Kaltwasser")
    text = "In der Unterkunft gibt es nur Kaltwasser."
    browser = as_user(cast.manager)
    assert browser.post(NEW, typed(cast, text)).status_code == 422
    assert browser.post(NEW, typed(cast, text, common=["Kaltwasser"])).status_code == 302
    assert Observation.objects.get().text == text


def test_a_tick_for_one_word_is_none_for_another(cast, as_user):
    ClientFactory(
        municipality=cast.stutensee, manager=cast.manager, surname="Kaltwasser", given_name="Amadou"
    )
    text = "Amadou hat nur Kaltwasser."
    answer = as_user(cast.manager).post(NEW, typed(cast, text, common=["Kaltwasser"]))
    assert answer.status_code == 422
    assert "heißt jemand Amadou." in answer.content.decode()


def test_a_tick_whose_word_has_left_the_text_does_no_harm(cast, as_user):
    ClientFactory(municipality=cast.stutensee, manager=cast.manager, surname="Kaltwasser")
    assert as_user(cast.manager).post(NEW, typed(cast, common=["Kaltwasser"])).status_code == 302


def test_names_of_relatives_count_and_those_of_other_caseloads_tell_nothing(cast, as_user):
    own = ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    RelativeFactory(client=own, surname="Bemba", given_name="Nsimba")
    ClientFactory(municipality=cast.stutensee, manager=cast.colleague, surname="Wolkenstein")
    browser = as_user(cast.manager)
    assert browser.post(NEW, typed(cast, "Nsimba wartet.")).status_code == 422
    assert browser.post(NEW, typed(cast, "Die Wolkenstein-Schule ist voll.")).status_code == 302


@pytest.mark.parametrize("number", ["STU-2024-0042", "stu 2024 42", "PFI-2023-1", "L-482913", "L 482913"])
def test_a_number_of_a_file_cannot_be_ticked_away(cast, as_user, number):
    answer = as_user(cast.manager).post(NEW, typed(cast, f"Siehe {number}, dort dasselbe.", common=[number]))
    assert answer.status_code == 422
    assert f"Das ist die Nummer einer Akte: {number}." in answer.content.decode()
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    "text", ["Im Juni 2026 30 Familien ohne Platz", "Seit 2024 12 Wochen", "Zimmer L-12", "VwV 2023 6"]
)
def test_years_and_counts_are_no_numbers_of_files(text):
    assert numbers_in(text, ["STU", "PFI"]) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Öztürks Antrag", ["Öztürks"]),
        ("OEZTUERK wartet", ["OEZTUERK"]),
        ("Çelik-Öztürk", ["Öztürk"]),
        ("Die Tür klemmt", []),
        ("öztürk, Öztürk", ["öztürk", "Öztürk"]),
        ("", []),
    ],
)
def test_names_are_found_as_they_are_typed(text, found):
    assert names_in(text, {"oeztuerk", "an"}) == found


def test_two_letters_are_everyday_words_too_often():
    assert names_in("An der Tür", {"an"}) == []


def test_the_office_answers_and_the_managers_of_the_municipality_read_it(cast, as_user):
    row = reported(cast)
    browser = as_user(cast.officer)
    assert "1 neuer" not in main_of(browser.get("/observations/"))
    assert TEXT in main_of(browser.get("/observations/"))
    assert "Rehbaum" not in main_of(browser.get("/observations/"))
    assert "Rehbaum" not in main_of(browser.get(row.get_absolute_url()))
    assert TEXT not in main_of(as_user(cast.colleague).get("/observations/"))
    form = {"state": "answered", "answer": "Ab Mai.", "version": "1", "form_token": str(uuid.uuid4())}
    assert browser.post(row.get_absolute_url(), form).status_code == 302
    for reader in (cast.manager, cast.colleague):
        page = main_of(as_user(reader).get("/observations/"))
        assert TEXT in page
        assert "Ab Mai." in page
        assert "Rehbaum" not in page
    assert TEXT not in main_of(as_user(cast.outsider).get("/observations/"))
    row.refresh_from_db()
    assert row.answered_at is not None


def test_an_answer_begun_is_not_read_before_it_is_given(cast, as_user):
    row = reported(cast)
    form = {"state": "working", "answer": "Noch zu klären.", "version": "1", "form_token": str(uuid.uuid4())}
    as_user(cast.officer).post(row.get_absolute_url(), form)
    assert "Noch zu klären." not in main_of(as_user(cast.manager).get("/observations/"))
    assert "in Arbeit" in main_of(as_user(cast.manager).get("/observations/"))
    assert "Noch zu klären." in main_of(as_user(cast.officer).get("/observations/"))


def test_answering_needs_an_answer(cast, as_user):
    row = reported(cast)
    form = {"state": "answered", "answer": " ", "version": "1", "form_token": str(uuid.uuid4())}
    sent = as_user(cast.officer).post(row.get_absolute_url(), form)
    assert sent.status_code == 422
    assert "Bitte schreiben Sie Ihre Antwort." in sent.content.decode()


def test_of_two_who_answer_the_second_is_told(cast, as_user):
    row = reported(cast)
    answered(cast, row)
    form = {"state": "answered", "answer": "Anders.", "version": "1", "form_token": str(uuid.uuid4())}
    late = as_user(cast.coordinator).post(row.get_absolute_url(), form)
    assert late.status_code == 409
    assert "Anders." in late.content.decode()


def test_an_officer_elsewhere_answers_nothing_here(cast, as_user):
    row = reported(cast)
    assert as_user(cast.officer_elsewhere).get(row.get_absolute_url()).status_code == 404
    assert TEXT not in main_of(as_user(cast.officer_elsewhere).get("/observations/"))
    assert as_user(cast.manager).get(row.get_absolute_url()).status_code == 403


def test_they_are_grouped_by_topic_and_municipality(cast, as_user):
    for place, by in ((cast.stutensee, cast.manager), (cast.pfinztal, cast.outsider)):
        reported(cast, by, place=place)
    answered(cast, reported(cast, topic="work"))
    page = as_user(cast.coordinator).get("/observations/")
    groups = {
        (one["topic__code"], one["municipality__code"], one["number"], one["unanswered"])
        for one in page.context["groups"]
    }
    assert groups == {("housing", "STU", 1, 1), ("housing", "PFI", 1, 1), ("work", "STU", 1, 0)}
    narrowed = as_user(cast.coordinator).get("/observations/?topic=housing&place=PFI&state=new")
    assert [row.municipality for row in narrowed.context["rows"]] == [cast.pfinztal]
    assert as_user(cast.coordinator).get("/observations/?state=x&topic=y&after=z").status_code == 200


def test_the_report_counts_them_by_topic_and_municipality(cast):
    first, last = datetime.date(2020, 1, 1), timezone.localdate()
    reported(cast)
    answered(cast, reported(cast, text="Der Kurs ist voll."))
    reported(cast, cast.outsider, place=cast.pfinztal)
    housing = str(Topic.objects.get(code="housing"))
    figures = observation_figures([cast.stutensee.pk, cast.pfinztal.pk], first, last)
    assert figures == [
        ObservationFigure(housing, "Pfinztal", 1, 0),
        ObservationFigure(housing, "Stutensee", 2, 1),
    ]
    assert observation_figures([cast.stutensee.pk], first, first) == []
    assert observations_of([cast.stutensee.pk], first, last) == [
        ObservationTold(housing, "Stutensee", TEXT, "neu", ""),
        ObservationTold(
            housing, "Stutensee", "Der Kurs ist voll.", "beantwortet", "Ab Mai gibt es einen Schalter."
        ),
    ]


@pytest.mark.parametrize("who", ["manager", "officer"])
def test_the_list_costs_the_same_for_one_and_for_fifty(cast, as_user, who):
    browser = as_user(getattr(cast, who))

    def queries():
        with CaptureQueriesContext(connection) as page:
            browser.get("/observations/")
        return len(page)

    reported(cast)
    queries()
    one = queries()
    ObservationFactory.create_batch(49, municipality=cast.stutensee, author=cast.manager)
    assert queries() == one


def test_older_ones_follow_on_the_next_page(cast, as_user):
    rows = [reported(cast, text=f"Hinweis {number}.") for number in range(52)]
    browser = as_user(cast.officer)
    assert "Hinweis 0." not in main_of(browser.get("/observations/"))
    assert "Hinweis 0." in main_of(browser.get("/observations/", {"after": rows[2].uuid}))
