"""Every action pressed in *Mein Tag* says what it did and offers the way back, which restores the row."""

import datetime
import re

import pytest
from django.utils import timezone

from integration_plans.models import MeasureContent
from tests.factories.appointments import AppointmentFactory, FollowUpFactory
from tests.factories.clients import ClientFactory, ResidenceFactory
from tests.factories.plans import agreed, assess, decide
from tests.worklists import derive, lines_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def rows_of(user, kind):
    return [(line.text, line.when, line.action_url) for line in lines_of(user, kinds=[kind])]


def press(browser, line):
    """Press the one button of a row as the page does; gives the page that follows."""
    data = {**line.action_fields, "next": "/"}
    answer = browser.post(line.action_url, data, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/")
    return browser.get("/").content.decode()


def undo_in(page):
    found = re.search(r'<form method="post" action="([^"]+)">', page[page.index('id="messages"') :])
    return found.group(1).replace("&amp;", "&")


def undo(browser, page):
    answer = browser.post(undo_in(page), headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/")


def follow_up(cast):
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    FollowUpFactory(client=client, owner=cast.manager, due_on=timezone.localdate())
    return "follow_up", "Wiedervorlage erledigt."


def permit(cast):
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    ResidenceFactory(client=client, printed_until=timezone.localdate() + 50 * DAY)
    return "permit", "Erinnerung erledigt; die nächste kommt von selbst."


def measure(cast):
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    decide(assess(client, family=2))
    plan = agreed(client)
    contents = MeasureContent.objects.filter(goal_content__plan=plan)
    contents.update(due_on=timezone.localdate())
    contents.exclude(pk=contents.first().pk).update(due_on=None)
    return "measure", "Die Maßnahme ist erledigt."


def interpreter(cast):
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    AppointmentFactory(client=client, interpreter="booked", starts_at=timezone.now() + 2 * DAY)
    return "interpreter", "Sprachmittlung: zugesagt."


@pytest.mark.parametrize("matter", [follow_up, permit, measure, interpreter])
def test_what_was_done_is_said_and_undone(cast, as_user, matter):
    kind, said = matter(cast)
    derive()
    before = rows_of(cast.manager, kind)
    (line,) = lines_of(cast.manager, kinds=[kind])
    browser = as_user(cast.manager)
    page = press(browser, line)
    assert said in page
    assert rows_of(cast.manager, kind) == []
    undo(browser, page)
    assert rows_of(cast.manager, kind) == before
