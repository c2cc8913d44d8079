"""Templates as browsers get them: the indentation is for us."""

import re

from django.template import Origin
from django.template.loaders import filesystem

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class WithoutIndentation(filesystem.Loader):
    """Our templates without the spaces their lines begin with, a fifth of a page; lines keep their numbers."""

    def get_contents(self, origin: Origin) -> str:
        return INDENTATION.sub("", super().get_contents(origin))
