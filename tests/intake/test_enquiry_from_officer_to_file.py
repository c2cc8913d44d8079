"""An enquiry: registered by officer or manager, taken by a manager, and what the officer sees of it."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import duties
from accounts.access import scope_of
from accounts.actor import Actor
from accounts.services.users import deactivate
from clients import timeline
from clients.choices import Phase
from clients.file_context import FileContext
from clients.models import AccessSource, Client, Responsibility, SpokenLanguage, Topic
from clients.worklist import Reader
from intake.choices import EnquiryState
from intake.due import lines
from intake.models import Enquiry
from intake.services.enquiries import connect_with_file, register_enquiry, take_enquiry
from intake.services.inbox import AlreadyTaken
from tests.factories.clients import ClientFactory
from ui.dates import month_name

pytestmark = pytest.mark.django_db


def asked(cast, **kwargs) -> Enquiry:
    enquiry = Enquiry(
        municipality=kwargs.pop("municipality", cast.stutensee),
        surname="Fragewitz",
        given_name="Leyla",
        reach="0721 608 1234",
        reason="Braucht Hilfe mit einem Brief",
        source=AccessSource.objects.get(code="town"),
        language=SpokenLanguage.objects.get(code="tr"),
        **kwargs,
    )
    return register_enquiry(Actor(cast.officer), enquiry)


def taken(cast) -> Enquiry:
    return take_enquiry(Actor(cast.manager), asked(cast))


def typed(cast, **changes) -> dict[str, str]:
    return {
        "surname": "Fragewitz",
        "given_name": "Leyla",
        "reach": "über die Schule",
        "reason": "Kindergeld",
        "municipality": str(cast.stutensee.pk),
        "version": "1",
        "form_token": str(uuid.uuid4()),
    } | changes


@pytest.mark.parametrize("who", ["officer", "coordinator", "manager"])
def test_officer_and_manager_register_an_enquiry_under_its_own_number(cast, as_user, who):
    answer = as_user(getattr(cast, who)).post(reverse("enquiries:new"), typed(cast))
    assert answer.status_code == 302
    enquiry = Enquiry.objects.get()
    assert enquiry.number == f"STU-A-{timezone.localdate().year}-0001"
    assert (enquiry.state, enquiry.registered_by) == (EnquiryState.OPEN, getattr(cast, who))
    assert asked(cast).number.endswith("-0002")


def test_the_same_post_twice_is_one_enquiry_with_one_number(cast, as_user):
    browser, fields = as_user(cast.officer), typed(cast)
    browser.post(reverse("enquiries:new"), fields)
    assert browser.post(reverse("enquiries:new"), fields).status_code == 302
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"surname": ""}, "ausfüllen"),
        ({"reason": "x" * 2001}, "Bitte kürzen"),
        ({"reach": "a\x00b"}, "nicht lesbares Zeichen"),
        ({"municipality": "999999"}, "Auswahl"),
        ({"source": "abc"}, "Auswahl"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_lost(cast, as_user, changes, words):
    answer = as_user(cast.officer).post(reverse("enquiries:new"), typed(cast, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Leyla" in answer.content.decode()
    assert not Enquiry.objects.exists()


def test_the_inbox_shows_an_enquiry_without_reason_and_reach(cast, as_user):
    enquiry = asked(cast)
    page = as_user(cast.manager).get(reverse("intake:inbox")).content.decode()
    assert "Leyla Fragewitz" in page
    assert enquiry.number in page
    assert "0721 608" not in page
    assert "Brief" not in page
    assert as_user(cast.manager).get(reverse("enquiries:detail", args=[enquiry.uuid])).status_code == 404


def test_the_officer_sees_name_and_reason_until_it_is_taken(cast, as_user):
    enquiry = asked(cast)
    officer = as_user(cast.officer)
    detail = reverse("enquiries:detail", args=[enquiry.uuid])
    assert "Leyla Fragewitz" in officer.get(reverse("enquiries:list")).content.decode()
    assert "Braucht Hilfe mit einem Brief" in officer.get(detail).content.decode()
    take_enquiry(Actor(cast.manager), enquiry)
    told = ("Fragewitz", "Leyla", "0721 608", "Brief", "Türkisch", "Städtische Stelle")
    registered = timezone.localtime(enquiry.registered_at)
    for url in (reverse("enquiries:list"), detail):
        page = officer.get(url).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        assert enquiry.number in main
        assert "übernommen" in main.lower()
        assert month_name(registered) in main
        assert not [word for word in told if word in main]
        assert f"{registered:%d.%m.%Y}" not in main


def test_what_the_taker_answers_is_told_the_officer_no_more_than_that_it_is_answered(cast, as_user):
    enquiry = taken(cast)
    fields = {
        "topic": Topic.objects.get(code="housing").pk,
        "language": SpokenLanguage.objects.get(code="ar").pk,
        "minutes": "15",
        "form_token": str(uuid.uuid4()),
    }
    as_user(cast.manager).post(reverse("enquiries:answer", args=[enquiry.uuid]), fields)
    for url in (reverse("enquiries:list"), reverse("enquiries:detail", args=[enquiry.uuid])):
        page = as_user(cast.officer).get(url).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        assert enquiry.number in main
        assert "beantwortet" in main.lower()
        assert not [word for word in ("Wohnen", "Arabisch", "15 Minuten") if word in main]


def test_the_officer_never_sees_that_a_file_exists(cast, as_user):
    enquiry = taken(cast)
    officer = as_user(cast.officer)
    pages = [reverse("enquiries:list"), reverse("enquiries:detail", args=[enquiry.uuid])]

    def shown():
        texts = [officer.get(url).content.decode() for url in pages]
        return [text[text.index("<main") : text.index("</main")] for text in texts]

    before = shown()
    file = ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    browser = as_user(cast.manager)
    url = reverse("enquiries:connect", args=[enquiry.uuid])
    browser.post(url, {"case_no": file.case_no, "form_token": str(uuid.uuid4())})
    enquiry.refresh_from_db()
    assert enquiry.client == file
    assert shown() == before


def test_another_municipalitys_officer_sees_nothing(cast, as_user):
    enquiry = asked(cast)
    other = as_user(cast.officer_elsewhere)
    assert enquiry.number not in other.get(reverse("enquiries:list")).content.decode()
    assert other.get(reverse("enquiries:detail", args=[enquiry.uuid])).status_code == 404
    assert other.get(reverse("enquiries:answer", args=[enquiry.uuid])).status_code == 404
    assert enquiry.number in as_user(cast.coordinator).get(reverse("enquiries:list")).content.decode()


def test_taking_shows_the_manager_everything_and_nobody_else(cast, as_user):
    enquiry = asked(cast)
    answer = as_user(cast.manager).post(reverse("enquiries:take", args=[enquiry.uuid]), follow=True)
    assert "Braucht Hilfe mit einem Brief" in answer.content.decode()
    for who in ("colleague", "outsider", "former"):
        other = as_user(getattr(cast, who))
        for name in ("detail", "file", "connect", "answer"):
            assert other.get(reverse(f"enquiries:{name}", args=[enquiry.uuid])).status_code == 404


def test_of_two_managers_one_wins(cast, as_user):
    enquiry = asked(cast)
    take = reverse("enquiries:take", args=[enquiry.uuid])
    as_user(cast.manager).post(take)
    late = as_user(cast.colleague).post(take, follow=True)
    assert "inzwischen jemand anderes übernommen" in late.content.decode()
    assert as_user(cast.outsider).post(take).status_code == 404
    with pytest.raises(AlreadyTaken):
        take_enquiry(Actor(cast.colleague), enquiry)


def test_the_officer_takes_nothing(cast, as_user):
    enquiry = asked(cast)
    assert as_user(cast.officer).post(reverse("enquiries:take", args=[enquiry.uuid])).status_code == 403
    assert as_user(cast.officer).get(reverse("enquiries:file", args=[enquiry.uuid])).status_code == 403
    assert as_user(cast.admin).get(reverse("enquiries:list")).status_code == 403
    assert as_user(cast.manager).get(reverse("enquiries:answered")).status_code == 403


def test_a_file_is_opened_from_the_enquiry_and_counts_as_taken(cast, as_user):
    enquiry = taken(cast)
    browser = as_user(cast.manager)
    url = reverse("enquiries:file", args=[enquiry.uuid])
    form = browser.get(url).content.decode()
    assert 'value="Fragewitz"' in form
    assert 'value="0721 608 1234"' in form
    fields = {
        "surname": "Fragewitz",
        "given_name": "Leyla",
        "born": "3/1990",
        "phone": "0721 608 1234",
        "form_token": str(uuid.uuid4()),
    }
    answer = browser.post(url, fields)
    file = Client.objects.get(surname="Fragewitz")
    assert answer.headers["Location"] == reverse("clients:detail", args=[file.uuid])
    assert (file.manager, file.phase, file.source.code) == (cast.manager, Phase.CONTACTING, "town")
    assert (file.birth_date, file.birth_precision) == (datetime.date(1990, 3, 1), "month")
    assert file.contact_points.get().normalised == "+497216081234"
    assert Responsibility.objects.get(client=file).is_taking
    enquiry.refresh_from_db()
    assert (enquiry.client, enquiry.state) == (file, EnquiryState.TAKEN)


def test_the_same_file_post_twice_makes_one_file(cast, as_user):
    enquiry = taken(cast)
    url = reverse("enquiries:file", args=[enquiry.uuid])
    fields = {"surname": "Fragewitz", "form_token": str(uuid.uuid4())}
    browser = as_user(cast.manager)
    first, again = browser.post(url, fields), browser.post(url, fields)
    file = Client.objects.get(surname="Fragewitz")
    assert (first.url, again.url) == (file.get_absolute_url(), file.get_absolute_url())


def test_a_suspected_duplicate_is_shown_first_and_never_blocks(cast, as_user):
    enquiry = taken(cast)
    own = ClientFactory(
        municipality=cast.stutensee, manager=cast.manager, surname="Fragewitz", given_name="Leila"
    )
    browser = as_user(cast.manager)
    url = reverse("enquiries:file", args=[enquiry.uuid])
    fields = {
        "surname": "Fragewitz",
        "given_name": "Leyla",
        "born": "17.05.1990",
        "form_token": str(uuid.uuid4()),
    }
    warned = browser.post(url, fields)
    assert warned.status_code == 422
    assert own.case_no in warned.content.decode()
    assert browser.post(url, fields | {"seen": "1"}).status_code == 302
    assert Client.objects.filter(surname="Fragewitz").count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"born": "30.02.1990"}, "Das ist kein Datum"),
        ({"born": "31.12.2199"}, "kann nicht stimmen"),
        ({"phone": "auf Anfrage"}, "keine Telefonnummer"),
        ({"surname": ""}, "ausfüllen"),
    ],
)
def test_bad_input_makes_no_file(cast, as_user, changes, words):
    enquiry = taken(cast)
    fields = {"surname": "Fragewitz", "form_token": str(uuid.uuid4())} | changes
    answer = as_user(cast.manager).post(reverse("enquiries:file", args=[enquiry.uuid]), fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Client.objects.filter(surname="Fragewitz").exists()


def test_an_enquiry_connects_only_with_ones_own_file(cast, as_user):
    enquiry = taken(cast)
    url = reverse("enquiries:connect", args=[enquiry.uuid])
    for stranger in (cast.colleague, cast.outsider):
        theirs = ClientFactory(municipality=cast.stutensee, manager=stranger)
        fields = {"case_no": theirs.case_no, "form_token": str(uuid.uuid4())}
        answer = as_user(cast.manager).post(url, fields)
        assert answer.status_code == 422
        assert "Unter Ihren Akten ist keine" in answer.content.decode()


def test_the_timeline_of_the_file_tells_why_the_person_asked(cast):
    enquiry = taken(cast)
    file = ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    connect_with_file(Actor(cast.manager), enquiry, file)
    entries = timeline.merged(FileContext.of(file, Actor(cast.manager)))
    entry = next(e for e in entries if e.key == f"enquiry-{enquiry.pk}")
    assert enquiry.number in str(entry.title)
    assert entry.text == "Braucht Hilfe mit einem Brief"


def test_the_taker_closes_an_enquiry_without_a_file_and_the_name_is_erased(cast, as_user):
    enquiry = taken(cast)
    fields = {"topic": Topic.objects.get(code="post").pk, "minutes": "15", "form_token": str(uuid.uuid4())}
    answer = as_user(cast.manager).post(reverse("enquiries:answer", args=[enquiry.uuid]), fields)
    assert answer.status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.display_name, enquiry.reason) == (EnquiryState.ANSWERED, "", "")


def test_the_officer_answers_an_open_enquiry_herself(cast, as_user):
    enquiry = asked(cast)
    fields = {"topic": Topic.objects.get(code="post").pk, "minutes": "10", "form_token": str(uuid.uuid4())}
    as_user(cast.officer).post(reverse("enquiries:answer", args=[enquiry.uuid]), fields)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.minutes, enquiry.surname) == (EnquiryState.ANSWERED, 10, "")
    assert enquiry.number not in as_user(cast.manager).get(reverse("intake:inbox")).content.decode()


def test_answered_on_the_spot_is_logged_without_name_and_file(cast, as_user):
    fields = {
        "topic": Topic.objects.get(code="housing").pk,
        "language": SpokenLanguage.objects.get(code="ar").pk,
        "minutes": "20",
        "municipality": cast.stutensee.pk,
        "version": "1",
        "form_token": str(uuid.uuid4()),
    }
    assert as_user(cast.officer).post(reverse("enquiries:answered"), fields).status_code == 302
    enquiry = Enquiry.objects.get()
    assert (enquiry.state, enquiry.display_name, enquiry.minutes) == (EnquiryState.ANSWERED, "", 20)
    assert not Client.objects.exists()


@pytest.mark.parametrize("minutes", ["0", "-5", "481", "99999999999", "viele"])
def test_impossible_minutes_are_refused(cast, as_user, minutes):
    fields = {
        "topic": Topic.objects.get(code="housing").pk,
        "minutes": minutes,
        "municipality": cast.stutensee.pk,
        "version": "1",
        "form_token": str(uuid.uuid4()),
    }
    assert as_user(cast.officer).post(reverse("enquiries:answered"), fields).status_code == 422
    assert not Enquiry.objects.exists()


def test_a_taken_enquiry_stands_in_my_day_until_it_is_settled(cast):
    today, now = timezone.localdate(), timezone.now()

    def kinds(user):
        return [line.kind for line in lines(Reader(user, scope_of(user, today), today, now))]

    enquiry = asked(cast)
    assert kinds(cast.manager) == ["enquiry"]
    take_enquiry(Actor(cast.manager, now), enquiry)
    assert kinds(cast.manager) == ["enquiry_taken"]
    (line,) = lines(
        Reader(cast.manager, scope_of(cast.manager, today), today + datetime.timedelta(days=3), now)
    )
    assert (line.mark, line.when) == ("", today)
    assert kinds(cast.colleague) == []
    assert kinds(cast.officer) == []


@pytest.mark.parametrize("who", ["officer", "manager"])
def test_the_list_costs_the_same_for_one_and_for_fifty(cast, as_user, who):
    browser = as_user(getattr(cast, who))
    make = asked if who == "officer" else taken

    def queries():
        with CaptureQueriesContext(connection) as page:
            browser.get(reverse("enquiries:list"))
        return len(page)

    make(cast)
    queries()
    one = queries()
    for _number in range(49):
        make(cast)
    assert queries() == one


def test_older_enquiries_follow_on_the_next_page(cast, as_user):
    rows = [asked(cast) for _number in range(52)]
    officer = as_user(cast.officer)
    first = officer.get(reverse("enquiries:list")).content.decode()
    assert rows[0].number not in first
    cursor = rows[2].uuid
    assert f"after={cursor}" in first
    assert rows[0].number in officer.get(reverse("enquiries:list"), {"after": cursor}).content.decode()
    assert officer.get(reverse("enquiries:list"), {"after": "x", "state": "nonsense"}).status_code == 200


def test_an_enquiry_of_a_leaving_manager_goes_to_the_successor_or_back_to_the_inbox(cast, as_user):
    passed_on, back = taken(cast), taken(cast)
    duty = next(duty for duty in duties.registered() if duty.code == "enquiries")
    Enquiry.objects.filter(pk=back.pk).update(taken_by=cast.colleague)
    assert duty.transfer(Actor(cast.admin), cast.manager, cast.colleague, None) == 1
    passed_on.refresh_from_db()
    assert (passed_on.state, passed_on.taken_by) == (EnquiryState.TAKEN, cast.colleague)
    deactivate(Actor(cast.admin), cast.colleague, reason="Elternzeit")
    back.refresh_from_db()
    assert (back.state, back.taken_by, back.taken_at) == (EnquiryState.OPEN, None, None)
    assert "Fragewitz" in as_user(cast.manager).get(reverse("intake:inbox")).content.decode()


def test_an_enquiry_already_filed_stays_with_who_took_it(cast):
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    enquiry = connect_with_file(Actor(cast.manager), taken(cast), client)
    duty = next(duty for duty in duties.registered() if duty.code == "enquiries")
    assert duty.open_for(cast.manager) == 0
    assert duty.transfer(Actor(cast.admin), cast.manager, None, None) == 0
    enquiry.refresh_from_db()
    assert enquiry.state == EnquiryState.TAKEN


def test_taking_is_taken_back_the_same_day(cast, as_user, time_machine):
    enquiry = asked(cast)
    manager = as_user(cast.manager)
    page = manager.post(reverse("enquiries:take", args=[enquiry.uuid]), follow=True).text
    give_back = reverse("enquiries:give_back", args=[enquiry.uuid])
    assert give_back in page
    assert as_user(cast.colleague).post(give_back).status_code == 404
    assert "wartet wieder im Eingang" in manager.post(give_back, follow=True).text
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.taken_by, enquiry.taken_at) == (EnquiryState.OPEN, None, None)
    assert "Fragewitz" in as_user(cast.officer).get(reverse("enquiries:detail", args=[enquiry.uuid])).text

    take_enquiry(Actor(cast.colleague), enquiry)
    time_machine.move_to(timezone.now() + datetime.timedelta(days=1))
    assert "nur am selben Tag" in as_user(cast.colleague).post(give_back, follow=True).text
    assert Enquiry.objects.get().taken_by == cast.colleague


def test_an_enquiry_that_led_to_a_file_is_not_given_back(cast, as_user):
    enquiry = taken(cast)
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    connect_with_file(Actor(cast.manager), enquiry, file)
    as_user(cast.manager).post(reverse("enquiries:give_back", args=[enquiry.uuid]))
    assert Enquiry.objects.get().client == file
