"""Two worlds that differ only in a protected module: a stand-in without the reason for health cannot tell them apart.

Both worlds are the same file, left by the real services: assessment, proposal, confirmed level, interval, review,
goals, progress. What one user can reach is fetched in each, keys and tokens are taken out, the rest has to be equal.
"""

import datetime
import re
import uuid
from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone, translation
from time_machine import travel

from accounts.actor import Actor
from accounts.models import StandIn
from clients.health import grant_health
from clients.models import Client, PhaseChange
from integration_plans.choices import CounsellingForm, GoalState
from integration_plans.models import GoalContent, IntensityDecision, PlanVersion, Review
from integration_plans.policies import policy_on
from integration_plans.proposals import proposal_for
from integration_plans.rules.intensity import next_review_on
from integration_plans.services.assessments import decide_intensity
from integration_plans.services.progress import note_progress, review_plan
from reports.keeping import keep_sums
from tests.access.crawl import EVERY_WAY, answers, text_of
from tests.access.matrix import MATRIX
from tests.access.stage import OpenFile, open_file
from tests.cast import load_cast
from tests.factories.accounts import StandInFactory
from tests.factories.clients import ClientFactory
from tests.factories.plans import assess, close, decide, goal, start
from tests.worklists import derive

pytestmark = pytest.mark.django_db

DAY, HOUR, MINUTE = datetime.timedelta(days=1), datetime.timedelta(hours=1), datetime.timedelta(minutes=1)
NO_TIME = datetime.timedelta()
OUTSIDE_FILES = [route for route in MATRIX if not route.startswith("file_")]
SECRET = "Dialysezentrum"
TOKENS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # keys and form tokens
    r'|(?<=name="csrfmiddlewaretoken" value=")[^"]+|(?<=name="draft_key" value=")[^"]+'
    r'|(?<="token": ")\w+|(?<=<b>)[0-9a-f]{12}(?=</b>)'
    r"|(?<=/calendar/)[\w-]+(?=\.ics)"
    r"|(?<=X-CSRFToken&quot;: &quot;)\w+|(?<=X-CSRFToken\": \")\w+"
)


# A working day, so that nothing moves while the worlds are compared.
NOON = datetime.datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture(autouse=True)
def noon(time_machine: Any) -> Any:
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture(scope="module")
def _file_of_the_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[OpenFile]:
    """A file with a row of every kind, opened long ago, beside one whose crisis is no secret."""
    with django_db_blocker.unblock(), transaction.atomic():
        with travel(NOON - 120 * DAY):
            cast = load_cast()
            found = open_file(cast.manager, cast)
            found.rows["integration_plans.PlanVersion"].delete()
            other = ClientFactory(manager=cast.manager, municipality=cast.stutensee, surname="Vergleich")
            decide(assess(other, finance=4))
            for client in (found.client, other):
                Client.objects.filter(pk=client.pk).update(
                    phase="active", last_contact_on=NOON.date() - 40 * DAY
                )
                PhaseChange.objects.create(
                    client=client, phase="active", on=timezone.localdate(), at=timezone.now(), by=cast.manager
                )
        found.client.refresh_from_db()
        yield found
        transaction.set_rollback(True)


def happen(
    file: OpenFile,
    noon: Any,
    need: int | None,
    *,
    open_need: int | None = 2,
    chosen: str = "",
    undecided: bool = False,
) -> None:
    """What follows from the need in the protected module; everything else is the same in every world.

    Args:
        file: whose file.
        noon: the clock.
        need: what was found in the module health.
        open_need: what was found in two other modules.
        chosen: a level chosen instead of the proposal.
        undecided: whether a later assessment waits for its confirmation.
    """
    client, manager, now = file.client, file.manager, timezone.now()
    # Nothing was recorded yet: what follows begins seven weeks ago.
    Client.objects.filter(pk=client.pk).update(last_recorded_at=None)
    ill = bool(need)
    noon.move_to(now - 50 * DAY, tick=False)
    first = assess(client, finance=open_need, education=open_need, health=need)
    if proposal_for(first).level:
        reason = "Dreimal in der Woche zur Dialyse" if chosen and chosen != proposal_for(first).level else ""
        decide(first, chosen=chosen, reason=reason)
    client.refresh_from_db()
    version = start(client)
    goal(version, "Kita-Platz", target_on=timezone.localdate(now) + DAY)
    if ill:
        goal(version, f"Platz im {SECRET}", module="health", target_on=timezone.localdate(now) - 300 * DAY)
        goal(version, "Fahrten geklärt", module="family").other_modules.add(
            first.entries.get(level=need, module__sensitive=True).module
        )
    level = client.intensity
    review = (
        next_review_on(level, timezone.localdate(), policy_on(timezone.localdate()).rule()) if level else None
    )
    version = close(version, review_on=review)

    noon.move_to(now - 30 * DAY, tick=False)
    if ill:
        contents = version.goal_contents.filter(module__sensitive=True)
        states = {content.goal.uuid: GoalState.IN_PROGRESS for content in contents}
        remarks = dict.fromkeys(states, "Befund vom Krankenhaus")
        measures = {
            row.measure.uuid: True for content in contents for row in content.measure_contents.all()[:1]
        }
        note_progress(
            Actor(manager),
            client,
            goal_states=states,
            measures_done=measures,
            remarks=remarks,
            on=timezone.localdate(),
        )
    following = (
        next_review_on(level, timezone.localdate(), policy_on(timezone.localdate()).rule()) if level else None
    )
    review_plan(
        Actor(manager),
        Review(
            plan=version, reviewed_on=timezone.localdate(), next_review_on=following, form_token=uuid.uuid4()
        ),
        goal_states={content.goal.uuid: content.goal.state for content in version.goal_contents.all()},
        measures_done={},
        remarks={},
        expected_versions={},
    )

    noon.move_to(now - 5 * DAY, tick=False)
    later = assess(client, finance=open_need, education=open_need, health=need)
    if not undecided and proposal_for(later).level:
        decide(later)
    file.rows["integration_plans.Assessment"] = later
    draft = start(client)
    if ill:
        goal(draft, f"Schonplatz nach dem {SECRET}", module="health")
    file.rows["signed version"] = version
    agreed = version.goal_contents.get(title="Kita-Platz")
    file.rows["integration_plans.Goal"] = agreed.goal
    file.rows["integration_plans.Measure"] = agreed.measure_contents.first().measure
    carried = draft.goal_contents.get(title="Kita-Platz")
    file.rows["integration_plans.GoalContent"] = carried
    file.rows["integration_plans.MeasureContent"] = carried.measure_contents.first()
    noon.move_to(now, tick=False)
    # The last talk stands beside no contact here; every change above has counted it anew.
    Client.objects.filter(pk=client.pk).update(last_contact_on=timezone.localdate(now) - 40 * DAY)
    file.client.refresh_from_db()
    derive(client)


def further(file: OpenFile) -> Iterator[str]:
    """Addresses with a query: filters, orders, ways to show the same."""
    listed = reverse("clients:list")
    for level in ("crisis", "intensive", "regular", "punctual", "none"):
        yield f"{listed}?intensity={level}"
        yield f"{listed}?intensity={level}&whose=others"
    yield f"{listed}?phase=all"
    yield f"{listed}?order=due&whose=others"
    yield f"/?stand_in={StandIn.objects.get(substitute__username='substitute').uuid}"
    for period in ("2026-11", "2026-10", "2026-Q4", "2026"):
        yield f"{reverse('reports:dashboard')}?period={period}"
        yield f"{reverse('reports:work')}?period={period}"
    yield f"{reverse('plans:list')}?state=overdue"
    key = file.client.uuid
    yield f"{reverse('clients:access_log', args=[key])}?all=1"
    yield f"{reverse('clients:timeline', args=[key])}?kind=plan"
    yield f"{reverse('clients:timeline_print', args=[key])}?health=1&notes=1"
    for query in ("health=1", "health=0"):
        yield f"{reverse('file_plans:print', args=[key])}?{query}"
    for version in PlanVersion.objects.filter(client=file.client):
        yield f"{reverse('file_plans:version_print', args=[key, version.uuid])}?health=1"
    yield f"{reverse('file_plans:goal_new', args=[key])}?template=find_doctor"


def posts(file: OpenFile) -> Iterator[tuple[str, dict[str, str]]]:
    """What a stand-in may send off, valid as far as she can know."""
    key = file.client.uuid
    later = file.rows["integration_plans.Assessment"]
    for level in ("crisis", "intensive", "regular", "punctual"):
        yield (
            reverse("file_plans:intensity", args=[key, later.uuid]),
            {
                "chosen": level,
                "form": CounsellingForm.OFFICE,
                "form_token": str(uuid.uuid4()),
                "version": "1",
            },
        )
    yield (
        reverse("file_plans:assess", args=[key]),
        {
            "level_finance": "2",
            "level_health": "4",
            "assessed_on": "25.11.2026",
            "form_token": str(uuid.uuid4()),
        },
    )
    yield reverse("file_plans:working_version_start", args=[key]), {}
    yield reverse("clients:search"), {"q": file.client.surname}


def reached(user: Any, file: OpenFile, ways: tuple[str, ...], routes: Iterable[str]) -> dict[str, str]:
    """Everything the user can fetch, by what was asked, without keys and tokens."""
    found = {asked: plain(body) for asked, body in answers(user, file, ways=ways, routes=routes)}
    browser = Browser(raise_request_exception=False)
    browser.force_login(user)
    for number, address in enumerate(further(file)):
        found[f"GET {number} {plain(address)}"] = plain(text_of(browser.get(address)))
    for number, (address, data) in enumerate(posts(file)):
        with transaction.atomic():
            answer = browser.post(address, data, follow=True)
            steps = "".join(f"{target} {code}" for target, code in answer.redirect_chain)
            body = f"{answer.status_code} {steps} {answer.content.decode()}"
            found[f"POST {number} {plain(address)}"] = plain(body)
            transaction.set_rollback(True)
    return found


def plain(body: str) -> str:
    return TOKENS.sub("·", body)


def seen_by(
    user: Any,
    file: OpenFile,
    noon: Any,
    world: dict[str, Any],
    *,
    ways: tuple[str, ...] = ("GET",),
    routes: Iterable[str] = MATRIX,
    granted: bool = False,
    after: datetime.timedelta = NO_TIME,
) -> dict[str, str]:
    """What a user reaches in a world that is undone afterwards.

    Args:
        user: who asks.
        file: whose file.
        noon: the clock.
        world: what `happen` is told.
        ways: how pages are asked for.
        routes: which pages.
        granted: whether a reason for reading health was given.
        after: how long ago that was.
    """
    rows, now = dict(file.rows), timezone.now()
    with transaction.atomic(), translation.override("de"):
        happen(file, noon, **world)
        if granted:
            grant_health(Actor(user), file.client, reason="Anruf der Klinik")
        keep_sums(Actor.system("keep_sums"), timezone.localdate())
        noon.move_to(now + after, tick=False)
        found = reached(type(user).objects.get(pk=user.pk), file, ways, routes)
        transaction.set_rollback(True)
    noon.move_to(now, tick=False)
    file.rows = rows
    file.client.refresh_from_db()
    return found


def told(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """What differs, each from shortly before the place where it does."""
    assert one.keys() == other.keys()
    return [f"{asked}: {beside(body, other[asked])}" for asked, body in one.items() if body != other[asked]]


def beside(one: str, other: str) -> str:
    pairs = enumerate(zip(one, other, strict=False))
    at = next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))
    begin = max(0, at - 80)
    return f"{one[begin : at + 80]} ≠ {other[begin : at + 80]}"


WELL, ILL = {"need": 0}, {"need": 4}
WORLDS: dict[str, list[dict[str, Any]]] = {
    "discussed": [WELL, {"need": 1}, {"need": 2}, {"need": 3}, {"need": 4, "chosen": "intensive"}],
    "not discussed": [{"need": None}, ILL],
    "waits for confirmation": [{"need": 0, "undecided": True}, {"need": 4, "undecided": True}],
    "health alone was discussed": [{"need": None, "open_need": None}, {"need": 4, "open_need": None}],
}
DECIDED = [
    "home",
    "clients:list",
    "clients:detail",
    "clients:timeline",
    "file_plans:plan",
    "file_plans:working_version",
    "file_plans:print",
]
"""Where a level or what follows from it stands when one may read it."""
TELLING = [
    *DECIDED,
    "clients:access_log",
    "file_appointments:contact_new",
    "file_plans:assess",
    "file_plans:goal_progress",
    "file_plans:health",
    "file_plans:intensity",
    "reports:dashboard",
]


def test_a_stand_in_without_the_reason_finds_the_same_everywhere(cast, file, noon):
    well, ill = (seen_by(cast.substitute, file, noon, world, ways=EVERY_WAY) for world in (WELL, ILL))
    found = told(well, ill)
    assert found == [], "\n".join(found)
    assert not [asked for asked, body in ill.items() if SECRET in body]


@pytest.mark.parametrize("worlds", WORLDS.values(), ids=WORLDS)
def test_whatever_the_protected_module_says_a_stand_in_finds_the_same(cast, file, noon, worlds):
    first, *others = (seen_by(cast.substitute, file, noon, world, routes=TELLING) for world in worlds)
    found = [line for other in others for line in told(first, other)]
    assert others != []
    assert found == [], "\n".join(found)


def test_with_the_reason_the_worlds_differ_and_after_four_hours_no_longer(cast, file, noon):
    """The first half shows that the tests above can fail."""
    for after, differs in ((4 * HOUR - MINUTE, True), (4 * HOUR, False)):
        well, ill = (
            seen_by(cast.substitute, file, noon, world, routes=TELLING, granted=True, after=after)
            for world in (WELL, ILL)
        )
        assert {
            asked.removeprefix("GET ")
            for asked in (f"GET {route}" for route in DECIDED)
            if well[asked] != ill[asked]
        } == (set(DECIDED) if differs else set())
        assert bool(told(well, ill)) == differs
        assert any(SECRET in body for body in ill.values()) == differs


@pytest.mark.parametrize("role", ["colleague", "outsider"])
def test_managers_who_do_not_see_the_file_cannot_tell_the_worlds_apart(cast, file, noon, role):
    found = told(
        *(seen_by(cast.users[role], file, noon, world, routes=OUTSIDE_FILES) for world in (WELL, ILL))
    )
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("role", ["officer", "coordinator", "officer_elsewhere", "admin"])
def test_officers_read_the_confirmed_level_and_nothing_of_what_decided_it(cast, file, noon, role):
    """The level by number is theirs (rules.md §8): here another module makes the crisis in both worlds."""
    worlds = ({"need": need, "open_need": 4} for need in (0, 4))
    found = told(*(seen_by(cast.users[role], file, noon, world, routes=OUTSIDE_FILES) for world in worlds))
    assert found == [], "\n".join(found)


def test_the_reason_of_one_stand_in_opens_health_to_no_other(cast, file, noon):
    """Nor does it open another file, and a stand-in's own stand-in sees nothing at all."""
    happen(file, noon, **ILL)
    for user, absent in ((cast.former, cast.manager), (cast.colleague, cast.substitute)):
        StandInFactory(absent=absent, substitute=user, since=timezone.localdate(), until=timezone.localdate())
    grant_health(Actor(cast.substitute), file.client, reason="Anruf der Klinik")
    plan = reverse("file_plans:plan", args=[file.client.uuid])
    bodies = {}
    for user in (cast.substitute, cast.former, cast.colleague):
        browser = Browser()
        browser.force_login(user)
        answer = browser.get(plan)
        bodies[user.username] = answer.status_code, SECRET in answer.content.decode()
    assert bodies == {"substitute": (200, True), "former": (200, False), "colleague": (404, False)}


def test_a_protected_goal_named_in_a_form_is_refused_as_one_that_does_not_exist(cast, file, noon):
    happen(file, noon, **ILL)
    agreed = GoalContent.objects.get(plan=file.rows["signed version"], title__contains=SECRET)
    draft = GoalContent.objects.get(plan__outcome="", title__contains="Schonplatz")
    sent = {"title": "Fremd", "text": "Fremd", "side": "client", "done": "1", "version": "1"}
    browser = Browser()
    browser.force_login(cast.substitute)
    checked = 0
    for route, row in (
        ("goal_edit", draft),
        ("goal_remove", draft),
        ("measure_new", draft),
        ("measure_edit", draft.measure_contents.first()),
        ("measure_remove", draft.measure_contents.first()),
        ("goal_progress", agreed.goal),
        ("measure_done", agreed.measure_contents.first().measure),
    ):
        protected, unknown = (
            browser.post(reverse(f"file_plans:{route}", args=[file.client.uuid, key]), sent)
            for key in (row.uuid, uuid.uuid4())
        )
        assert protected.status_code == unknown.status_code == 404, route
        assert plain(protected.content.decode()) == plain(unknown.content.decode())
        checked += 1
    assert checked == 7


def test_a_protected_goal_named_in_the_log_is_left_out_as_one_that_does_not_exist(cast, file, noon):
    happen(file, noon, **ILL)
    agreed = GoalContent.objects.get(plan=file.rows["signed version"], title__contains=SECRET)
    measure = agreed.measure_contents.last().measure
    address = reverse("file_appointments:contact_new", args=[file.client.uuid])
    browser = Browser()
    browser.force_login(cast.substitute)
    assert SECRET not in browser.get(address).content.decode()
    bodies = []
    for goal_key, measure_key in ((agreed.goal.uuid, measure.uuid), (uuid.uuid4(), uuid.uuid4())):
        with transaction.atomic():
            answer = browser.post(
                address,
                {
                    "form_token": str(uuid.uuid4()),
                    f"goal_{goal_key}": GoalState.ACHIEVED,
                    f"remark_{goal_key}": "Fremd",
                    f"measure_{measure_key}": "on",
                    "goals_were": f'{{"{goal_key}": "open", "{measure_key}": false}}',
                },
            )
            bodies.append((answer.status_code, plain(answer.content.decode())))
            transaction.set_rollback(True)
    assert bodies[0] == bodies[1]
    agreed.goal.refresh_from_db()
    measure.refresh_from_db()
    assert (agreed.goal.state, measure.done_on) == (GoalState.IN_PROGRESS, None)


def test_a_stand_in_reads_which_level_the_other_modules_propose(cast, file, noon):
    """Two modules at high propose intensive; the acute need in health makes it a crisis."""
    happen(file, noon, need=4, open_need=3)
    browser = Browser()
    browser.force_login(cast.substitute)
    detail = browser.get(reverse("clients:detail", args=[file.client.uuid])).content.decode()
    assert "<dd>intensiv, ohne geschützte Bausteine</dd>" in detail
    assert "Ohne geschützte Bausteine: Vorschlag „intensiv“, weil zwei Bausteine bei hoch liegen" in detail
    assert "(Finanzen, Bildung)" in detail
    assert "Krise" not in detail
    rows = browser.get(reverse("clients:list")).content.decode().split("<tr>")
    (row,) = [row for row in rows if file.client.case_no in row]
    assert "<td>intensiv, ohne geschützte Bausteine</td>" in row
    stand_in = StandIn.objects.get(substitute=cast.substitute)
    address = reverse("day_part", args=["overdue"])
    day = browser.get(f"{address}?stand_in={stand_in.uuid}").content.decode()
    assert "Kein Gespräch seit 16.10.2026 (intensiv, ohne geschützte Bausteine)" in day


def test_a_stand_in_confirms_an_intensity_only_after_a_reason(cast, file, noon):
    happen(file, noon, need=4, undecided=True)
    later = file.rows["integration_plans.Assessment"]
    address = reverse("file_plans:intensity", args=[file.client.uuid, later.uuid])
    data = {"chosen": "crisis", "form": "office", "form_token": str(uuid.uuid4()), "version": "1"}
    browser = Browser()
    browser.force_login(cast.substitute)
    answer = browser.get(address, follow=True)
    assert answer.redirect_chain == [(reverse("file_plans:health", args=[file.client.uuid]), 302)]
    assert "Bestätigen kann sie, wer die geschützten lesen darf." in answer.content.decode()
    assert browser.post(address, data).status_code == 403
    decision = IntensityDecision(client=file.client, assessment=later, chosen="crisis", form="office")
    with pytest.raises(PermissionDenied):
        decide_intensity(Actor(cast.substitute), decision)
    assert not IntensityDecision.objects.filter(assessment=later).exists()

    grant_health(Actor(cast.substitute), file.client, reason="Anruf der Klinik")
    browser.post(address, data)
    assert IntensityDecision.objects.get(assessment=later).by == cast.substitute
