"""Complaints and observations belong to no file: their own canaries, on every page outside files (rules.md §8)."""

import pytest

from accounts.actor import Actor
from clients.models import Topic
from intake.models import Complaint, Observation
from intake.services.complaints import register_complaint
from intake.services.observations import report_observation
from tests.access.crawl import answers
from tests.access.matrix import MATRIX
from tests.access.stage import kwargs_for

pytestmark = pytest.mark.django_db

COMPLAINT = {"name": "Quakenbrinkname", "reach": "Quakenbrinkweg", "text": "Quakenbrinktext"}
OBSERVATION = "Gurkenwasserfall"


@pytest.fixture
def words(cast, file):
    """What a page could betray of a complaint about the manager, and of an observation of hers."""
    complaint = Complaint(kind="complaint", concerns=cast.manager, municipality=cast.stutensee, **COMPLAINT)
    row = Observation(topic=Topic.objects.first(), municipality=cast.stutensee, text=OBSERVATION)
    file.rows["intake.Complaint"] = register_complaint(Actor(cast.officer), complaint)
    file.rows["intake.Observation"] = report_observation(Actor(cast.manager), row)
    return {complaint.number: "number", OBSERVATION: "observation"} | {
        word: name for name, word in COMPLAINT.items()
    }


def read_by(user, file, words):
    """Which of these stand on a page outside files, or on one they have of their own."""
    own = ("complaints:", "observations:")
    routes = [route for route in MATRIX if route.startswith(own) or not kwargs_for(route, file)]
    bodies = [body for _asked, body in answers(user, file, ways=("GET",), routes=routes)]
    return {name for word, name in words.items() if any(word in body for body in bodies)}


@pytest.mark.parametrize(
    ("who", "read"),
    [
        ("manager", {"observation"}),
        ("colleague", set()),
        ("officer", {"number", "observation"}),
        ("officer_elsewhere", set()),
        ("coordinator", {"number", "observation", *COMPLAINT}),
        ("admin", set()),
    ],
)
def test_everybody_reads_what_is_theirs_and_no_more(cast, file, words, who, read):
    assert read_by(getattr(cast, who), file, words) == read
