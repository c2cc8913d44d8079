"""The forms of outreach posted twice: one act, and another text under a used token is not thrown away."""

import pytest

from clients.services.reach import note_reach
from tests.access.repeated import faults
from tests.access.typing import typed_form
from tests.appointments.ladder_cast import at, no_show
from tests.appointments.outreach_desk import to_the_visit, url

pytestmark = pytest.mark.django_db


def to_the_first_step(client, by):
    no_show(client, by)


def to_the_search(client, by):
    client.contact_points.update(may_use=False)
    client.accommodations.update(letters_reach=False)
    note_reach([client], at("2018-06-01 09:00"))
    no_show(client, by)


@pytest.mark.parametrize(
    ("form", "reach", "now", "typed", "other"),
    [
        (
            "ladder_postpone",
            to_the_first_step,
            "2019-02-22",
            {"day": "2019-03-04"},
            {"detail": "erst später"},
        ),
        ("ladder_end", to_the_first_step, "2019-02-22", {"reason": "declined"}, {"detail": "kam vorbei"}),
        ("ladder_clarify", to_the_search, "2019-02-25", {"outcome": "found"}, {"detail": "Amt, Schule"}),
        ("ladder_announce", to_the_visit, "2019-03-12", {"day": "2019-03-18"}, {"day": "2019-03-19"}),
    ],
)
def test_a_repeated_act_is_one_and_another_is_shown_again(
    client, by, as_user, clock, form, reach, now, typed, other
):
    reach(client, by)
    clock(f"{now} 09:00")
    browser = as_user(by)
    shown = typed_form(browser.get(url(form, client)).content.decode())
    post = {**shown.completed({"text": "im Urlaub", "textarea": "im Urlaub"}), **typed}
    assert faults(browser, url(form, client), post, other) == []
