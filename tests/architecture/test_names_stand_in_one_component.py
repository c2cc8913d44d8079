"""Sichtschutz hides what stands in ``who-name``: no template and no row says a person's name past it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OPEN = re.compile(
    r"\{\{[^}]*\b(display_name|list_name|given_name|surname|line\.name|person\.name|entry\.name)\b[^}]*\}\}"
)
COMPONENT = '<bdi class="who-name">{{ client.display_name }}</bdi>'
READS = re.compile(r"\.(display_name|list_name)\b")
READERS = {
    # Through the component: a worklist line, a row of a table, a label.
    "appointments/due.py": "title of a line with a case number",
    "appointments/wording.py": "who took part",
    "clients/views/lists.py": "row of the list",
    "clients/worklist.py": "title of a line with a case number",
    "intake/due.py": "title of a line with its number",
    "intake/due_handovers.py": "title of a line with a case number",
    "outreach/due_visits.py": "title of a line with a case number",
    "outreach/forms/visits.py": "label of a field",
    "ui/templatetags/ui.py": "the component",
    # Handed to a template, which the first test reads.
    "clients/services/household.py": "members of a household",
    "intake/services/enquiries.py": "an enquiry",
    "intake/waiting.py": "persons in the inbox",
    "clients/models/household.py": "members of a household",
    # An option holds no markup; the field leaves the name out.
    "clients/forms/household.py": "one's own files, and members, to choose from",
    # No screen.
    "clients/services/list_export.py": "a file that is taken away",
}


def test_no_template_says_a_name_outside_the_component():
    found = {
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if OPEN.search(path.read_text().replace(COMPONENT, ""))
    }
    assert found == set()


def test_who_reads_a_name_is_known():
    found = {
        str(path.relative_to(ROOT))
        for app in (
            "accounts",
            "audit",
            "daily",
            "clients",
            "intake",
            "integration_plans",
            "appointments",
            "outreach",
        )
        for path in (ROOT / app).rglob("*.py")
        if READS.search(path.read_text())
    } | {"ui/templatetags/ui.py"}
    assert found == READERS.keys()


def test_the_first_test_bites():
    assert OPEN.search("<b>{{ row.client.list_name }}</b>")
    assert not OPEN.search("{% who_text row.client.list_name row.client.case_no %}")
