"""A foreign file's words appear on no page, fragment, list, answer or error page of anybody else."""

import re

import pytest

from accounts.access import scoped_models
from accounts.actor import Actor
from clients.health import grant_health
from documents.models import Consent, Document
from integration_plans.models import AssessmentEntry, GoalContent, Module
from partners.models import Referral
from tests.access.crawl import EVERY_WAY, answers
from tests.access.stage import open_file

pytestmark = pytest.mark.django_db

STRANGERS = ("former", "colleague", "outsider", "officer", "officer_elsewhere", "coordinator", "admin", None)
OWN_WORD = "Eulenspiegelei"

# Words the owner herself never reads on a screen, each with the reason.
NOT_SHOWN: dict[str, str] = {
    "clientmail0": "the subject of a mail is read in a mailbox",
    "clientmail1": "and so is its text",
    "clientmail2": "why it did not go out is told as a whole",
    "clientname0": "the main spelling repeats the name of the client, which every page shows",
    "clientname1": "as above, the given name",
    "contactversion0": "a former version keeps the organisation; the page shows why it was corrected",
    "countedperson0": "which attributes had no value on a reference date, never a value; no page reads it",
    "counsellingperiod0": "written on closing, and the period on the stage is open",
    "importrow0": "how the list counts its rows; shown once the columns are assigned",
    "outgoingmessage0": "the subject of a mail is read in a mailbox",
    "outgoingmessage1": "and so is its text",
    "outgoingmessage2": "why it could not be sent is for the administration",
    "planversion0": "asked on agreeing, and the version on the stage is being written",
}


def leaks(user, foreign, *own, ways=EVERY_WAY):
    for asked, body in answers(user, foreign, *own, ways=ways):
        yield from (f"{asked}: {word}" for word in sorted(foreign.words) if word in body)


@pytest.mark.parametrize("role", STRANGERS)
def test_nobody_else_reads_a_word_of_the_file(role, cast, file):
    user = cast.users[role] if role else None
    own = [open_file(user, cast, OWN_WORD)] if role in ("colleague", "outsider") else []

    assert list(leaks(user, file, *own)) == []


def test_the_owner_reads_every_word_on_some_page(cast, file):

    seen = {
        word
        for _asked, body in answers(cast.manager, file, ways=("GET",))
        for word in file.words
        if word in body
    }

    missing = {word.removeprefix(file.word) for word in file.words - seen} - set(NOT_SHOWN)
    assert sorted(missing) == [], "words that no page shows prove nothing about those that do"


def protect(file):
    """Make every goal and every need on the stage one of health; returns the words that are protected by it."""
    health = Module.objects.get(sensitive=True)
    for model in (AssessmentEntry, GoalContent):
        model._base_manager.update(module=health)
    for model in (Consent, Document, Referral):
        model._base_manager.update(about_health=True)
    names = {model._meta.model_name for model in scoped_models() if "health" in model.privacy.data_class}
    assert len(names) > 5, "the registry names the models that hold health"
    return {
        word for word in file.words if any(re.fullmatch(f"{file.word}{name}\\d+", word) for name in names)
    } | {
        f"{file.word}agreedgoal",
        f"{file.word}bytes",
        f"{file.word}agreedmeasure",
    }


def read_by(user, file, words, ways=("GET",)):
    return {word for _asked, body in answers(user, file, ways=ways) for word in words if word in body}


def test_a_stand_in_reads_the_file_but_no_health(cast, file):
    words = protect(file)

    assert read_by(cast.substitute, file, words, EVERY_WAY) == set()
    assert read_by(cast.substitute, file, {f"{file.word}client0", f"{file.word}review0"}) != set()
    assert read_by(cast.manager, file, words) == words, "words that the owner does not read prove nothing"


def test_a_stand_in_reads_health_after_a_reason(cast, file):
    words = protect(file)
    grant_health(Actor(cast.substitute), file.client, reason="Anruf der Klinik")

    assert read_by(cast.substitute, file, words) == words


# Models whose rows a page could show without passing through the file's own door, and the door they come by.
ENTRANCES = [
    ("clients.Client", "visible_to"),
    ("clients.Draft", "visible_to"),
    ("intake.ImportBatch", "visible_to"),
    ("appointments.Appointment", "visible_to"),
    ("clients.DueItem", "visible_to"),
]


@pytest.mark.parametrize(("label", "door"), ENTRANCES)
def test_the_canary_sings_when_a_scope_is_switched_off(label, door, cast, file, monkeypatch):
    model = next(model for model in scoped_models() if model._meta.label == label)
    queryset = type(model._default_manager.all())
    scoped = getattr(queryset, door)

    def open_door(self, user):
        return self.all() if self.model is model else scoped(self, user)

    monkeypatch.setattr(queryset, door, open_door)
    own = open_file(cast.colleague, cast, OWN_WORD)

    first = next(leaks(cast.colleague, file, own, ways=("GET",)), None)
    assert first is not None, f"nothing noticed that {label} is open to everybody"


def test_whoever_is_asked_to_take_a_file_over_reads_the_note_and_nothing_of_the_file(cast, file):
    offered = file.rows["intake.Handover"]
    note = offered.note
    type(offered)._base_manager.filter(pk=offered.pk).update(proposed_to=cast.colleague, state="proposed")
    own = open_file(cast.colleague, cast, OWN_WORD)

    seen = {
        word
        for _asked, body in answers(cast.colleague, file, own, ways=EVERY_WAY)
        for word in file.words
        if word in body
    }

    assert seen == {note}
