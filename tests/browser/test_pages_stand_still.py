"""What a page shows stays where it is, is told by more than colour, and keeps the keyboard where it was."""

import re
from pprint import pformat
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from integration_plans.models import AssessmentEntry, GoalContent, MeasureContent
from tests.access.stage import free_text, open_file
from tests.appointments.log_desk import reachable
from tests.browser.desk import Desk
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What moved, how much of the screen it took along, and from where to where.
SHIFTS = """window.shifts = [];
const seen = new PerformanceObserver(list => note(list.getEntries()));
const at = rect => [rect.x, rect.y, rect.width, rect.height].map(Math.round).join(" ");
const words = node => node.textContent.trim().replace(/\\s+/g, " ").slice(0, 40);
const named = node => node ? `${node.nodeName} ${words(node)}` : "what is gone";
const note = entries => { for (const entry of entries) window.shifts.push({
  value: entry.value, when: entry.startTime,
  what: entry.sources.map(({node, previousRect, currentRect}) =>
    `${named(node)}: ${at(previousRect)} -> ${at(currentRect)}`),
}); };
seen.observe({type: "layout-shift", buffered: true});
window.shiftsSince = when => { note(seen.takeRecords()); return window.shifts.filter(shift => shift.when >= when); };"""
# The whole page is there and painted; the scripts, which wait for the whole page, have not run.
PAINTED = """() => document.readyState !== "loading"
  && performance.getEntriesByName("first-contentful-paint").length > 0"""
# A select, or the field that was made of it: neither its row nor what stands below may give way to it.
FIELDS = """() => Object.fromEntries([...document.querySelectorAll("select[name]")].map(select => {
  const field = select.dataset.picked ? select.nextElementSibling.firstElementChild : select;
  return [select.name, [Math.round(field.offsetWidth), Math.round(field.offsetHeight)]];
}))"""
# The next frame but one: what a script changed has been laid out.
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
# Writes the page into the window anew, a piece per frame.
IN_PIECES = """async pieces => {
  const frame = () => new Promise(requestAnimationFrame);
  const styled = () => getComputedStyle(document.documentElement).getPropertyValue("--im-ink");
  document.open();
  document.write(pieces[0]);
  while (!styled()) await frame();
  const start = performance.now();
  for (const piece of pieces.slice(1)) { await frame(); document.write(piece); }
  document.close();
  await frame();
  await frame();
  return window.shiftsSince(start);
}"""
LOOK = "chip => [getComputedStyle(chip).backgroundColor, getComputedStyle(chip).color].join(' on ')"


def too_far(shifts: list[Any]) -> list[str]:
    """What these shifts moved, when together they are more than the rounding of a line."""
    if sum(shift["value"] for shift in shifts) <= 0.001:
        return []
    return [f"{shift['value']:.5f} {', '.join(shift['what'])}" for shift in shifts]


def moved(desk: Desk, path: str) -> list[Any]:
    """What moved or changed its size when the scripts come after the first paint, as on a slow line."""
    page, waiting = desk.page, []

    def hold(route: Any) -> None:
        # This one is asked for before anything is painted.
        if route.request.url.endswith("early.js"):
            route.continue_()
        else:
            waiting.append(route)

    page.route("**/*.js", hold)
    page.goto(desk.site + path, wait_until="commit")
    page.wait_for_function(PAINTED)
    page.evaluate(SETTLED)
    before, start = page.evaluate(FIELDS), page.evaluate("performance.now()")
    for route in waiting:
        route.continue_()
    page.unroute("**/*.js")
    page.wait_for_load_state("load")
    page.evaluate(SETTLED)
    after = page.evaluate(FIELDS)
    sizes = [(name, size, after[name]) for name, size in before.items() if after[name] != size]
    return sizes + too_far(page.evaluate("start => window.shiftsSince(start)", start))


@pytest.mark.parametrize(("width", "height"), [(1350, 940), (1280, 800), (390, 844)])
def test_nothing_moves_when_the_scripts_arrive(staff: Cast, desks: Any, width: int, height: int) -> None:
    file = open_file(staff.manager, staff)
    uuid = file.client.uuid
    desk: Desk = desks(width)
    desk.page.set_viewport_size({"width": width, "height": height})
    desk.page.add_init_script(SHIFTS)
    desk.sit_down(staff.manager)
    paths = [
        "/",
        reverse("clients:list"),
        reverse("intake:new"),
        reverse("clients:detail", args=[uuid]),
        reverse("clients:person", args=[uuid]),
        reverse("file_appointments:contact_new", args=[uuid]),
        reverse("file_plans:plan", args=[uuid]),
        reverse("file_plans:assess", args=[uuid]),
        reverse("appointments:day"),
        reverse("plans:list"),
        reverse("reports:dashboard"),
    ]
    found = {path: faults for path in paths if (faults := moved(desk, path))}
    assert not found, pformat(found)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_frame_and_the_chips_stand_still_while_the_page_arrives(
    staff: Cast, desks: Any, width: int
) -> None:
    file = open_file(staff.manager, staff)
    desk: Desk = desks(width)
    desk.page.add_init_script(SHIFTS)
    desk.sit_down(staff.manager)
    path = reverse("file_appointments:contact_new", args=[file.client.uuid])
    desk.go(path)
    html = desk.page.context.request.get(desk.site + path).text()
    head, body = html.split("<body", 1)
    frame, rest = body.split("<main", 1)
    form, end = rest.split("</main>", 1)
    # Before each part of the frame, and before the text of each chip.
    pieces = [
        head,
        *re.split(r"(?=<(?:a|button|div|form|span)\b)", "<body" + frame),
        *re.split(r'(?<=form-check-label">)', "<main" + form),
        *re.split(r"(?=<(?:a|button|div|form|span)\b)", "</main>" + end),
    ]
    assert "".join(pieces) == html
    faults = too_far(desk.page.evaluate(IN_PIECES, pieces))
    assert not faults, pformat(faults)


def test_the_log_form_shows_what_fits_the_channel(staff: Cast, desks: Any) -> None:
    client = reachable(staff.manager)
    desk: Desk = desks(java_script_enabled=False)
    desk.sit_down(staff.manager)
    desk.go(reverse("file_appointments:contact_new", args=[client.uuid]))
    page = desk.page
    seen = page.get_by_role("group", name="Was kam heraus?")
    expect(seen.get_by_role("radio", name="nicht erreicht", exact=True)).to_have_count(0)
    desk.chip("Wie?", "Telefon")
    desk.unfold("Weitere Angaben")
    expect(seen.get_by_role("radio", name="nicht erreicht", exact=True)).to_be_visible()
    expect(page.get_by_role("group", name="Dauer in Minuten")).to_be_visible()
    desk.chip("Was kam heraus?", "nicht erreicht")
    expect(page.get_by_role("group", name="Dauer in Minuten")).to_be_hidden()


def test_more_on_the_phone_holds_the_keyboard_and_gives_it_back(staff: Cast, desks: Any) -> None:
    desk: Desk = desks(390)
    desk.sit_down(staff.manager)
    desk.go("/")
    page = desk.page
    opener = page.get_by_role("link", name="Mehr", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Mehr")
    expect(sheet).to_be_visible()
    # Past the last of its targets the browser's own bar comes, and then the first again: never the page behind.
    for _step in range(sheet.locator("a, button").count() + 3):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#more')"
        )
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    sheet.get_by_role("link", name="Schließen").click()
    expect(opener).to_be_focused()


def test_without_script_more_opens_by_its_address(staff: Cast, desks: Any) -> None:
    desk: Desk = desks(390, java_script_enabled=False)
    desk.sit_down(staff.manager)
    desk.go("/")
    desk.page.get_by_role("link", name="Mehr", exact=True).click()
    expect(desk.page.get_by_role("link", name="Mein Konto")).to_be_visible()
    desk.page.get_by_role("link", name="Schließen").click()
    expect(desk.page.get_by_role("link", name="Mein Konto")).to_be_hidden()


def test_what_is_chosen_is_filled_in_forced_colours_too(staff: Cast, desks: Any) -> None:
    client = reachable(staff.manager)
    desk: Desk = desks(forced_colors="active")
    desk.sit_down(staff.manager)
    desk.go(reverse("file_appointments:contact_new", args=[client.uuid]))
    chosen = desk.page.locator("[name=channel]:checked + span")
    others = desk.page.locator("[name=channel]:not(:checked) + span")
    assert chosen.evaluate(LOOK) not in {chip.evaluate(LOOK) for chip in others.all()}
    desk.go(reverse("clients:list"))
    filters = desk.page.get_by_role("group", name="Phase").locator("a")
    assert filters.nth(0).evaluate(LOOK) != filters.nth(1).evaluate(LOOK)
    here = desk.page.locator(".side .side-nav a[aria-current]")
    assert here.evaluate(LOOK) != desk.page.locator(".side .side-nav a:not([aria-current])").first.evaluate(
        LOOK
    )


def test_the_number_of_matches_is_said_in_a_region_that_was_there(staff: Cast, desks: Any) -> None:
    reachable(staff.manager, surname="Zitronenbaumova")
    desk: Desk = desks()
    desk.sit_down(staff.manager)
    desk.go("/")
    desk.page.get_by_role("searchbox", name="Suche").fill("Zitronenb")
    expect(desk.page.locator("#heard")).to_have_text("1 Treffer")
    desk.page.get_by_role("searchbox", name="Suche").fill("Quastenflosser")
    expect(desk.page.locator("#heard")).to_have_text("Keine Ihrer Akten.")


def test_a_printed_plan_with_long_words_fits_the_narrowest_screen(staff: Cast, desks: Any) -> None:
    file = open_file(staff.manager, staff)
    word = "Aufenthaltserlaubnisverlängerungsantragsformular"
    for rows in (AssessmentEntry, GoalContent, MeasureContent):
        texts = [field.name for field in free_text(rows)]
        rows.objects.unscoped(reason="a test").update(**dict.fromkeys(texts, word))
    desk: Desk = desks(320)
    desk.sit_down(staff.manager)
    desk.go(reverse("file_plans:print", args=[file.client.uuid]))
    desk.sees(word)
    assert desk.too_wide() == []
