"""A closed file whose last manager has left is re-opened by whoever names the person exactly and says why."""

import datetime
import uuid

import pytest
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEntry
from clients.models import Client, CounsellingPeriod, Responsibility
from clients.services.duplicates import ASKED_IN_VAIN_AT_MOST
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db

URL = "/clients/inbox/reopen/"
REASON = "Steht wieder in der Sprechstunde"


@pytest.fixture
def left(cast):
    """Closed, and its manager left."""
    file = ClientFactory(
        manager=cast.colleague,
        municipality=cast.stutensee,
        case_no="STU-2018-0815",
        surname="Zederbaumova",
        birth_date=datetime.date(1991, 4, 9),
        phase="closed",
    )
    CounsellingPeriod.objects.filter(client=file).update(closed_on=timezone.localdate())
    User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    return file


def typed(**more):
    today = timezone.localdate().isoformat()
    return {
        "form_token": str(uuid.uuid4()),
        "phase": "contacting",
        "on": today,
        "reason": REASON,
        **more,
    }


@pytest.mark.parametrize(
    "whose", [{"case_no": "stu-2018-0815"}, {"surname": "Zederbaumova", "birth_date": "09.04.1991"}]
)
def test_named_exactly_it_is_open_again_and_hers(as_user, cast, left, whose):
    manager = as_user(cast.manager)
    assert "Zederbaumova" not in manager.get(URL).content.decode()
    answer = manager.post(URL, typed(**whose))
    assert (answer.status_code, answer.headers["Location"]) == (302, left.get_absolute_url())
    file = Client.objects.get(pk=left.pk)
    assert (file.manager, file.phase) == (cast.manager, "contacting")
    row = Responsibility.objects.get(client=left, until=None)
    assert (row.manager, row.reason, row.is_taking) == (cast.manager, REASON, False)
    said = AuditEntry.objects.filter(subject_ref=left.subject_ref, actor=cast.manager).order_by("id")
    codes = list(said.values_list("action", flat=True))
    assert codes == ["client.announced", "client.reassigned", "client.reopened"]
    assert REASON in manager.get(f"{left.get_absolute_url()}timeline/").content.decode()


def refused(answer):
    assert answer.status_code == 422
    return answer.content.decode()


def test_a_file_with_somebody_responsible_is_announced_and_stays(as_user, cast, left):
    User.objects.filter(pk=cast.colleague.pk).update(is_active=True)
    html = refused(as_user(cast.manager).post(URL, typed(case_no=left.case_no)))
    assert f"Zuständig für diese Akte: {cast.colleague}" in html
    assert REASON in html
    assert Client.objects.get(pk=left.pk).manager == cast.colleague


@pytest.mark.parametrize(
    ("whose", "change"),
    [
        ({"case_no": "STU-2018-0815"}, {"phase": "active"}),
        ({"case_no": "STU-2018-0999"}, {}),
        ({"surname": "Zederbaumova", "birth_date": "10.04.1991"}, {}),
    ],
)
def test_open_files_and_guesses_stay_closed_to_her(as_user, cast, left, whose, change):
    Client.objects.filter(pk=left.pk).update(**change)
    refused(as_user(cast.manager).post(URL, typed(**whose)))
    assert Client.objects.get(pk=left.pk).manager == cast.colleague


def test_another_municipality_does_not_learn_of_it(as_user, cast, left):
    Client.objects.filter(pk=left.pk).update(municipality=cast.pfinztal)
    html = refused(as_user(cast.manager).post(URL, typed(case_no=left.case_no)))
    assert "gibt es keine abgeschlossene Akte" in html


def test_guessing_is_limited_here_as_well(as_user, cast, left):
    manager = as_user(cast.manager)
    for _n in range(ASKED_IN_VAIN_AT_MOST):
        manager.post(URL, typed(case_no="STU-2018-0999"))
    html = refused(manager.post(URL, typed(case_no=left.case_no)))
    assert "ohne Treffer nach Akten von" in html


@pytest.mark.parametrize("lacking", ["reason", "on"])
def test_a_reason_and_a_day_are_asked_for(as_user, cast, left, lacking):
    refused(as_user(cast.manager).post(URL, typed(case_no=left.case_no, **{lacking: ""})))
    assert Client.objects.get(pk=left.pk).phase == "closed"
    assert not AuditEntry.objects.filter(subject_ref=left.subject_ref).exists()


def test_whoever_searches_by_name_and_birth_date_is_led_there(as_user, cast, left):
    manager = as_user(cast.manager)
    assert URL in manager.post("/clients/search/", {"q": "Zederbaumova 09.04.1991"}).content.decode()
    User.objects.filter(pk=cast.colleague.pk).update(is_active=True)
    assert URL not in manager.post("/clients/search/", {"q": "Zederbaumova 09.04.1991"}).content.decode()
