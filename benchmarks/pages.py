"""What pages cost, beside a page that does as little as it can and beside the Django admin, at several sizes.

``./dev bench [--clients 250,25000] [--turns 9]`` invents a district of each size in ``var/bench``, or takes the one it
finds there, and serves it twice by two workers: the product, and ``benchmarks.floor`` with the other two. Every page is
asked for on all sides in turn, in the other order every other turn. What counts is processor time of the server and of
the database, so other work on the machine does not; read the ratios all the same, medians of pairs with quartiles.
With ``BENCH_POSTGRES=postgres://user@host/postgres`` everything is measured on PostgreSQL too, in databases it makes.
The goals are those of docs/performance.md; what misses one is marked, and the exit code says whether anything did.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.district import ROOT, District, Visitor, settled, started, stopped
from benchmarks.goals import Goal, goals
from benchmarks.measure import family, proportional_mib

REQUESTS = 5  # in a row on one side, before the other has its turn
STARTS = 5
UNLIMITED = Goal(None, None, None, None)
Request = tuple[str, dict[str, str] | None]


@dataclass(frozen=True)
class Page:
    """A page and what it is compared with: addresses, where {file}, {key} and {name} stand for an example."""

    name: str
    user: str
    product: str
    floor: str
    admin: str = ""
    form: dict[str, str] | None = None

    def request(self, district: District, side: str) -> Request:
        path = getattr(self, side).format(**district.found)
        form = self.form and {name: value.format(**district.found) for name, value in self.form.items()}
        if self.name == "saving a log" and side == "product":
            form = filled_log(district, path)
        return path, None if side == "admin" else form


PAGES = (
    Page("list", "manager", "/clients/", "/floor/list/", "/admin/clients/client/"),
    Page(
        "search",
        "manager",
        "/clients/search/",
        "/floor/search/",
        "/admin/clients/client/?q={name}",
        {"q": "{name}"},
    ),
    Page(
        "file",
        "manager",
        "/clients/{file}/",
        "/floor/file/?file={file}",
        "/admin/clients/client/{key}/change/",
    ),
    Page("timeline", "manager", "/clients/{file}/timeline/", "/floor/timeline/?file={file}"),
    Page("Mein Tag", "manager", "/", "/floor/day/", "/admin/appointments/appointment/"),
    Page(
        "log form",
        "manager",
        "/clients/{file}/contacts/new/",
        "/floor/log/",
        "/admin/appointments/contact/add/",
    ),
    # In a file that no page shows, for its contacts pile up.
    Page("saving a log", "manager", "/clients/{other}/contacts/new/", "/floor/log/", form={"f1": "x"}),
    Page("officer's dashboard", "officer", "/reports/", "/floor/figures/"),
    Page("coordinator's dashboard", "coordinator", "/reports/", "/floor/figures/"),
)


def filled_log(district: District, path: str) -> dict[str, str]:
    """The log form as it comes, filled in with a talk of a quarter of an hour."""
    html = district.visitors["manager"].ask(district.product.address + path).text
    inputs = re.findall(r"<input ([^>]*)>", html)
    facts = [
        dict(re.findall(r'([\w-]+)="([^"]*)"', text)) | {"checked": " checked" in text} for text in inputs
    ]
    form = {
        str(fact["name"]): str(fact.get("value", ""))
        for fact in facts
        if fact.get("name") and (fact.get("type") not in ("radio", "checkbox") or fact["checked"])
    }
    topic = next(fact["value"] for fact in facts if fact.get("name") == "main_topic")
    return form | {"channel": "phone", "result": "talk", "minutes": "15", "main_topic": str(topic)}


def opened(clients: int, postgres: str, state: Path, stack: ExitStack) -> District:
    """A district with both its servers, a logged-in user of each role, and an example of what pages show."""
    place = settled(clients, postgres, state)
    database = f"bench_{clients}" if postgres else ""
    servers = []
    for settings, page in (
        ("benchmarks.app_settings", "/healthz"),
        ("benchmarks.floor_settings", "/admin/login/"),
    ):
        server, _seconds = started(settings, place, database, page)
        stack.callback(stopped, server)
        servers.append(server)
    product, floor = servers
    visitors = {user: Visitor(product.address, user) for user in dict.fromkeys(page.user for page in PAGES)}
    name = f"{'PostgreSQL' if postgres else 'SQLite'}, {clients} files"
    district = District(name, clients, product, floor, visitors)
    visitor = visitors["manager"]
    rows = re.findall(
        r'href="/clients/([0-9a-f-]{36})/"><bdi class="who-name">(\w{3}).*?who-case">([\w-]+)',
        visitor.ask(f"{product.address}/clients/").text,
    )
    if len(rows) < 2:
        raise SystemExit("The client list holds no two files.")
    (file, name, case_no), (other, *_rest) = rows[:2]
    found = visitor.ask(f"{floor.address}/admin/clients/client/?q={case_no}").text
    key = re.search(r"/admin/clients/client/(\d+)/change/", found)
    district.found = {"file": file, "other": other, "name": name, "key": key[1] if key else ""}
    return district


@dataclass
class Figures:
    """What was measured of one page in one district."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statements: int = 0
    size: int = 0
    compressed: int = 0

    def ratio(self, other: str) -> list[float]:
        pairs = zip(self.seconds["product"], self.seconds.get(other, []), strict=False)
        return [own / theirs for own, theirs in pairs if theirs]


def measured(districts: list[District], turns: int) -> dict[tuple[str, str], Figures]:
    """Ask for every page on all sides, so often; the first turn warms up and tells size and statements."""
    figures = {(district.name, page.name): Figures() for district in districts for page in PAGES}
    for turn in range(turns + 1):
        for page in PAGES:
            sides = [
                (d, side) for d in districts for side in ("product", "floor", "admin") if getattr(page, side)
            ]
            for district, side in sides if turn % 2 else reversed(sides):
                visitor, server = district.visitors[page.user], district.server(side)
                requests = [page.request(district, side) for _ in range(REQUESTS)]
                before = server.processor()
                for path, form in requests:
                    answer = visitor.ask(server.address + path, form)
                spent = (server.processor() - before) / REQUESTS
                found = figures[district.name, page.name]
                if turn:
                    found.seconds.setdefault(side, []).append(spent)
                elif side == "product":
                    found.statements, found.size = answer.statements, len(answer.body)
                    path, form = page.request(district, side)
                    zipped = visitor.ask(server.address + path, form, **{"Accept-Encoding": "gzip"})
                    found.compressed = len(zipped.body)
    for district in districts:
        district.memory = proportional_mib(family(district.product.process.pid))
    return figures


def quartiles(values: list[float]) -> str:
    if len(values) < 2:
        return "–"
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.2f} ({low:.2f}–{high:.2f})"


def report(districts: list[District], figures: dict[tuple[str, str], Figures]) -> bool:
    """Print a table for each district, then growth, databases and memory; whether every goal was reached."""
    wanted, missed = goals(), []

    def marked(text: str, value: float | None, limit: float | None, what: str) -> str:
        if value is None or limit is None or value <= limit:
            return text
        missed.append(f"{what}: {value:.2f}, goal {limit:g}")
        return f"{text} !"

    for district in districts:
        print(f"\n{district.name}\n| page | × floor | × admin | statements | kB | kB compressed | ms |")
        print("|---|---|---|---|---|---|---|")
        for page in PAGES:
            found, goal = figures[district.name, page.name], wanted.get(page.name, UNLIMITED)
            what = f"{district.name}, {page.name}"
            cells = [page.name]
            for side, limit in (("floor", goal.floor), ("admin", goal.admin)):
                ratios = found.ratio(side)
                middle = statistics.median(ratios) if ratios else None
                cells.append(marked(quartiles(ratios), middle, limit, f"{what}, × {side}"))
            cells.append(
                marked(str(found.statements), found.statements, goal.statements, f"{what}, statements")
            )
            kilobytes = found.size / 1000
            cells.append(marked(f"{kilobytes:.1f}", kilobytes, goal.kilobytes, f"{what}, kB"))
            cells += [
                f"{found.compressed / 1000:.1f}",
                f"{statistics.median(found.seconds['product']) * 1000:.1f}",
            ]
            print(f"| {' | '.join(cells)} |")
    print("\n| page | what | ratio |\n|---|---|---|")
    for what, limit, pairs in comparisons(districts):
        for page in PAGES:
            ratios = [
                one / other
                for first, second in pairs
                for one, other in zip(
                    figures[first.name, page.name].seconds["product"],
                    figures[second.name, page.name].seconds["product"],
                    strict=True,
                )
            ]
            if ratios:
                own = wanted.get(f"{page.name}, {what}", UNLIMITED).floor or limit
                text = marked(quartiles(ratios), statistics.median(ratios), own, f"{page.name}, {what}")
                print(f"| {page.name} | {what} | {text} |")
    memory = wanted.get("memory", UNLIMITED).kilobytes
    for district in districts:
        text = marked(f"{district.memory:.0f} MiB", district.memory, memory, f"{district.name}, memory")
        print(f"{district.name}: master and two workers after load {text}")
    print("\n".join(["", *missed]) if missed else "\nEvery goal is reached.")
    return not missed


def comparisons(districts: list[District]) -> list[tuple[str, float | None, list[tuple[District, District]]]]:
    """Growth with the number of files on the same database, and SQLite beside PostgreSQL at the same size."""
    wanted = goals()
    smallest = min(district.clients for district in districts)

    def kind(district: District) -> str:
        return district.name.partition(",")[0]

    grown = [
        (d, s)
        for d in districts
        for s in districts
        if kind(d) == kind(s) and s.clients == smallest < d.clients
    ]
    same = [
        (s, p)
        for s in districts
        for p in districts
        if kind(s) == "SQLite" and kind(p) == "PostgreSQL" and s.clients == p.clients
    ]
    return [
        ("growth", wanted.get("growth", UNLIMITED).floor, grown),
        ("SQLite / PostgreSQL", wanted.get("SQLite", UNLIMITED).floor, same),
    ]


def cold_start(place: dict[str, str]) -> None:
    """Compare how long both servers take from nothing to the first page."""
    ratios = []
    for _ in range(STARTS):
        seconds = []
        for settings, page in (
            ("benchmarks.app_settings", "/login/"),
            ("benchmarks.floor_settings", "/admin/login/"),
        ):
            server, taken = started(settings, place, "", page)
            stopped(server)
            seconds.append(taken)
        ratios.append(seconds[0] / seconds[1])
    print(f"Cold start, × admin: {quartiles(ratios)}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", default="250,25000", help="sizes, separated by commas")
    parser.add_argument("--turns", type=int, default=9)
    arguments = parser.parse_args()
    state = Path(os.environ.get("STATE_DIR", ROOT / "var")).resolve() / "bench"
    sizes = [int(size) for size in arguments.clients.split(",")]
    databases = ["", *filter(None, [os.environ.get("BENCH_POSTGRES", "")])]
    with ExitStack() as stack:
        districts = [opened(size, database, state, stack) for database in databases for size in sizes]
        reached = report(districts, measured(districts, arguments.turns))
    cold_start(settled(sizes[0], "", state))
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
