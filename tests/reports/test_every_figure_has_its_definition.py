"""Every key figure of rules.md §9 says what it means, in German and in English."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from reports.definitions import DEFINITIONS, Definition

RULES = Path(__file__).parents[2] / "docs" / "rules.md"

WRITTEN_AS = {
    "active clients (day)": "active_clients",
    "counselled persons (period)": "counselled",
    "consultations": "consultations",
    "intakes, closings": "intakes",
    "plans": "plans",
    "goals reached": "goals",
    "overdue reviews": "overdue_reviews",
    "no-show rate": "no_shows",
    "home visits": "home_visits",
    "office hours": "office_hours",
    "referrals": "referrals",
    "topics, interpreters": "topics",
    "counselling limit": "limit",
    "workload": "workload",
}


def test_every_line_of_the_rulebook_has_its_definition() -> None:
    section = RULES.read_text().split("## 9. Counting")[1].split("## 10.")[0]
    lines = re.findall(r"^\| (.+?) \|", section, flags=re.MULTILINE)
    names = [name for name in lines if name not in ("key figure", "---")]
    assert {name: WRITTEN_AS[name] in DEFINITIONS for name in names} == dict.fromkeys(WRITTEN_AS, True)


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
def test_a_definition_says_everything_in_both_languages(definition: Definition) -> None:
    words = {}
    for language in ("de", "en"):
        with override(language):
            words[language] = [str(definition.name), str(definition.formula), str(definition.counts)]
    assert all(words["de"])
    assert all(words["en"])
    assert words["de"] != words["en"]
    headings = re.findall(r"^## (\d+)\. ", RULES.read_text(), flags=re.MULTILINE)
    assert set(definition.sections.split(", ")) - set(headings) == set()
    assert definition.sections in definition.source
