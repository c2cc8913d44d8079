"""Templates as browsers get them: the lines and the indentation are for us."""

import re

from django.template import Origin
from django.template.loaders import filesystem

# Beside the tags of elements that browsers set apart, white space shows nowhere.
BLOCK_TAG = (
    r"</?(?:article|aside|body|caption|dd|details|div|dl|dt|fieldset|footer|form|h[1-6]|head|header|legend|li|link|main|"
    r"meta|nav|ol|optgroup|option|p|script|section|summary|table|tbody|td|tfoot|th|thead|title|tr|ul)\b"
)
BEFORE_BLOCK = re.compile(rf"\s*\n\s*(?={BLOCK_TAG})")
# The end of a tag is the first ">" outside of quotes and of template tags, which may hold one.
TEMPLATE_TAG = r"\{%[^\n]*?%\}|\{\{[^\n]*?\}\}|\{(?![%{])"
QUOTED = rf'"(?:[^"{{]|{TEMPLATE_TAG})*"'
BEHIND_BLOCK = re.compile(rf'({BLOCK_TAG}(?:[^>"{{]|{TEMPLATE_TAG}|{QUOTED})*>)\s*\n\s*')
INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


def compact(source: str) -> str:
    """A template without line breaks beside blocks and without indentation."""
    return INDENTATION.sub("", BEHIND_BLOCK.sub(r"\1", BEFORE_BLOCK.sub("", source)))


class Compact(filesystem.Loader):
    """Our templates without the white space they are laid out with, a fifth of a page."""

    def get_contents(self, origin: Origin) -> str:
        return compact(super().get_contents(origin))
