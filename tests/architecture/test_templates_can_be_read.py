"""Templates hold one element a line, and no line is longer than a screen is wide."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LONGEST_LINE = 160
# Elements that browsers set apart; white space between them shows nowhere, so each can stand on a line of its own.
OPENS_BLOCK = re.compile(
    r"<(?:article|aside|details|div|dl|dt|dd|fieldset|footer|form|h[1-6]|header|legend|li|main|nav|ol|option|p|"
    r"section|summary|table|tbody|td|tfoot|th|thead|tr|ul)\b"
)


def lines():
    for path in sorted(TEMPLATES.rglob("*.html")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield f"{path.relative_to(TEMPLATES)}:{number}", line


def test_no_line_is_longer_than_a_screen():
    assert [place for place, line in lines() if len(line) > LONGEST_LINE] == []


def test_a_line_holds_one_element():
    crowded = [place for place, line in lines() if len(OPENS_BLOCK.findall(line)) > 1]
    assert crowded == []
