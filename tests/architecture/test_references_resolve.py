"""Whatever code, tests, templates and documents refer to exists: files, paragraphs, headings, decisions."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.test_the_house_stands import ROOT

ELSEWHERE = {"var", "node_modules"}
READ = {".py", ".html", ".md", ".js", ".css", ".txt", ".toml", ".env", ".service", ".conf", ".cron"}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+\.md)(?:#[^)]*)?\)")
# A file, and what follows it: `rules.md §4 and §10 "Why now"`.
MENTION = re.compile(
    r"""(?<![\w/.:-])(?P<file>(?:\.\./)*(?:[\w.-]+/)*[\w-]+\.md)\b`*
    (?P<places>(?:(?:,\s|;\s|\s|\sand\s)(?:§[\d.]+\w?|"[^"]+"))*)""",
    re.VERBOSE,
)
PLACE = re.compile(r'§(?P<number>\d+(?:\.\d+)?\w?)|"(?P<name>[^"]+)"')
DECISION = re.compile(r"\b[Dd]ecisions?(?: records?)? ((?:\d+(?:, | and )?)+)")
MODULE = re.compile(r"`((?:\w+/)+\w+\.py)`")
HEADING = re.compile(r"^#+ (?:(?P<number>[\d.]+?)\.? )?(?P<name>.+)$", re.MULTILINE)
BOLD = re.compile(r'\*\*"?([^*"]+?)[.:"]*\*\*')


def documents() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path == Path(__file__):  # its examples lead nowhere on purpose
            continue
        if path.suffix in READ and not any(part.startswith(".") or part in ELSEWHERE for part in parts):
            yield path


def file_of(name: str, where: Path) -> Path | None:
    """The file a mention means: from the root, among the documents, or beside the one that mentions it."""
    places = [ROOT / name, ROOT / "docs" / name, where.parent / name]
    return next((path.resolve() for path in places if path.is_file()), None)


@cache
def places_of(path: Path) -> tuple[set[str], list[tuple[str, str]]]:
    """Numbers of the headings of a document; names of headings and of bold passages, with the number they are under."""
    text = path.read_text()
    headings = list(HEADING.finditer(text))
    under = [(heading.start(), heading["number"] or "") for heading in headings]
    names = [(heading["number"] or "", heading["name"]) for heading in headings]
    for bold in BOLD.finditer(text):
        number = next((number for start, number in reversed(under) if start < bold.start()), "")
        names.append((number, bold[1]))
    return {number for _start, number in under if number}, names


def unresolved(text: str, where: Path) -> list[str]:
    """References that lead nowhere."""
    text = LINK.sub(r" \1", text)
    text = re.sub(r"\s*\n\s*(?:#\s)?", " ", text)
    lost = []
    for mention in MENTION.finditer(text):
        path = file_of(mention["file"], where)
        if path is None:
            lost.append(mention[0])
            continue
        numbers, names = places_of(path)
        number = ""
        for place in PLACE.finditer(mention["places"]):
            if place["number"]:
                number = place["number"]
                found = number in numbers
            else:
                found = any(name.startswith(place["name"]) for under, name in names if number in ("", under))
            if not found:
                lost.append(f"{mention['file']}: {place[0]}")
    if where == ROOT / "docs" / "rules.md":
        numbers, _names = places_of(where)
        lost += [f"§{number}" for number in re.findall(r"§(\d+)", text) if number not in numbers]
    records = {int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("*.md")}
    for cited in DECISION.finditer(text):
        lost += [
            f"decision {number}" for number in re.findall(r"\d+", cited[1]) if int(number) not in records
        ]
    return lost


def test_every_reference_leads_somewhere():
    lost = {str(path.relative_to(ROOT)): unresolved(path.read_text(), path) for path in documents()}
    assert {name: references for name, references in lost.items() if references} == {}


def test_every_module_a_document_names_is_there():
    lost = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in documents()
        if path.suffix == ".md"
        for name in MODULE.findall(path.read_text())
        if not (ROOT / name).is_file()
    ]
    assert lost == []


def test_the_search_bites():
    here = ROOT / "clients" / "due.py"
    assert unresolved("(attic.md §3)", here) == ["attic.md §3"]
    assert unresolved('(rules.md §4 and §10 "Why now")', here) == []
    assert unresolved('(rules.md §4 "Fast lane, undecided")', here) == ['rules.md: "Fast lane, undecided"']
    assert unresolved("# (rules.md §4\n    # and §99)", here) == ["rules.md: §99"]
    assert unresolved('architecture.md "Row excess"', here) == ['architecture.md: "Row excess"']
    assert unresolved('[rules](rules.md) "No rule"', here) == ['rules.md: "No rule"']
    assert unresolved("decisions 0001 and 9999", here) == ["decision 9999"]
